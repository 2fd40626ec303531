"""Lines of a log that a person marked, and those between which a person selects."""

from collections.abc import Collection
from dataclasses import dataclass, replace


def toggled(marks: Collection[int], start: int) -> frozenset[int]:
    """The marks with one more, or without it if it was there."""
    return frozenset(marks) ^ {start}


def next_mark(marks: Collection[int], start: int, direction: int) -> int | None:
    """The mark behind an offset, or before it; past the last one comes the first. None without marks."""
    if not marks:
        return None
    if direction > 0:
        return min((mark for mark in marks if mark > start), default=min(marks))
    return max((mark for mark in marks if mark < start), default=max(marks))


@dataclass(frozen=True, slots=True)
class Selection:
    """The lines between the one where it began and the one where the cursor is, by where they begin."""

    anchor: int
    cursor: int

    @property
    def first(self) -> int:
        """Where the first line begins."""
        return min(self.anchor, self.cursor)

    @property
    def last(self) -> int:
        """Where the last line begins."""
        return max(self.anchor, self.cursor)

    def to(self, start: int) -> "Selection":
        """With the cursor on another line."""
        return replace(self, cursor=start)

    def __contains__(self, start: int) -> bool:
        return self.first <= start <= self.last
