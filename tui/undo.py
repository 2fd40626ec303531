"""What can be taken back, as long as the app is open."""


class Undo:
    """The deletions of this session; the last one is taken back first."""

    def __init__(self) -> None:
        self._deletions: list[tuple[int, ...]] = []

    def deleted(self, run_ids: tuple[int, ...]) -> None:
        """These were deleted together."""
        self._deletions.append(run_ids)

    def take_back(self) -> tuple[int, ...]:
        """The runs that were deleted last; none where nothing is left to take back."""
        return self._deletions.pop() if self._deletions else ()
