"""Marked runs: what the next key is about, instead of the chosen one."""

from store.filters import RunFilter
from store.reads import StoreReader

MOST = 1_000
"""How many can be marked at once."""


class Marks:
    """The numbers of the marked runs, in the order in which they were marked."""

    def __init__(self) -> None:
        self._marked: dict[int, None] = {}

    def __contains__(self, run_id: int) -> bool:
        return run_id in self._marked

    def __len__(self) -> int:
        return len(self._marked)

    @property
    def runs(self) -> tuple[int, ...]:
        """The marked runs."""
        return tuple(self._marked)

    def toggle(self, run_id: int) -> None:
        """Marks it, or no longer."""
        if run_id in self._marked:
            del self._marked[run_id]
        elif len(self._marked) < MOST:
            self._marked[run_id] = None

    def mark(self, run_ids: list[int]) -> None:
        """Marks these too, as far as there is room."""
        for run_id in run_ids[: MOST - len(self._marked)]:
            self._marked[run_id] = None

    def clear(self) -> None:
        """Marks none."""
        self._marked.clear()


async def all_within(reader: StoreReader, wanted: RunFilter) -> list[int]:
    """The runs that a filter lets through, `MOST` at most. Raises StoreError."""
    return [run.id for run in await reader.runs(wanted, MOST)]
