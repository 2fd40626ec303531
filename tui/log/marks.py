"""Lines of a log that a person marked, and those between which a person selects."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from tui.log.reading import LogReading


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


class Picked:
    """What a person picked out of one log: marked lines, and those that are being selected."""

    def __init__(self) -> None:
        self.marks: frozenset[int] = frozenset()
        self.selection: Selection | None = None

    def forget(self) -> None:
        """The log is another."""
        self.marks, self.selection = frozenset(), None

    def toggle_mark(self, reading: LogReading) -> None:
        """Mark the line of the cursor, or take its mark away."""
        if (here := self._here(reading)) is not None:
            self.marks = toggled(self.marks, here)

    def go_to_mark(self, reading: LogReading, direction: int) -> bool:
        """Go to the next mark, or with -1 to the one before. Gives whether there is any."""
        here = self._here(reading)
        mark = None if here is None else next_mark(self.marks, here, direction)
        if mark is not None:
            reading.show_line(mark)
        return mark is not None

    def select(self, reading: LogReading, selecting: bool) -> None:
        """Begin to select lines, at the line that was found or the first in view; or select none."""
        here = self._here(reading)
        self.selection = Selection(here, here) if selecting and here is not None else None

    def move(self, reading: LogReading, lines: int) -> None:
        """Scroll by lines; or while lines are selected, move their end and keep it in view."""
        if self.selection is None:
            reading.move(lines)
        else:
            self._select_to(reading, self.selection, lines)

    def _here(self, reading: LogReading) -> int | None:
        if self.selection is not None:
            return self.selection.cursor
        return None if reading.here is None else reading.here.start

    def _select_to(self, reading: LogReading, selection: Selection, lines: int) -> None:
        starts = [line.start for line in reading.window.lines]
        if selection.cursor not in starts:
            return
        cursor = starts[max(0, min(starts.index(selection.cursor) + lines, len(starts) - 1))]
        self.selection = selection.to(cursor)
        shown = [line.start for line in reading.shown()]
        if cursor < shown[0]:
            reading.move(starts.index(cursor) - starts.index(shown[0]))
        elif cursor > shown[-1]:
            reading.move(starts.index(cursor) - starts.index(shown[-1]))
