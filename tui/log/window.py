"""The lines of a log around the place that is shown: a bounded part of a file of any size."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from store.logs.log_file import Log, LogLine
from tui.log.filter import LineFilter, lines_before, lines_from

LINES_KEPT = 1000


@dataclass(frozen=True, slots=True)
class View:
    """How much there is room for."""

    height: int = 0
    """Rows."""
    rows: Callable[[LogLine], int] | None = None
    """How many rows a line takes where lines are wrapped; None where each takes one."""


@dataclass(frozen=True, slots=True)
class LogWindow:
    """Lines that were read, and which of them is the first shown.

    `start` and `end` are the offsets between which the file was looked through: with a filter that is more than
    the lines.
    """

    lines: tuple[LogLine, ...] = ()
    top: int = 0
    skip: int = 0
    """Rows of the first shown line that are above the view, where lines are wrapped."""
    start: int = 0
    end: int = 0

    def shown(self, view: View) -> Sequence[LogLine]:
        """The lines in view."""
        if view.rows is None:
            return self.lines[self.top : self.top + view.height]
        room, last = view.height + self.skip, self.top
        while last < len(self.lines) and room > 0:
            room -= view.rows(self.lines[last])
            last += 1
        return self.lines[self.top : last]

    def row(self, view: View) -> int:
        """How many rows of what was read are above the view."""
        if view.rows is None:
            return self.top
        return sum(map(view.rows, self.lines[: self.top])) + self.skip

    def moved(self, by: int, view: View) -> "LogWindow":
        """Scrolled by rows, as far as they were read."""
        if view.rows is None:
            return replace(self, top=max(0, min(self.top + by, len(self.lines) - view.height)), skip=0)
        ends = list(accumulate(map(view.rows, self.lines)))
        row = max(0, min(self.row(view) + by, (ends[-1] if ends else 0) - view.height))
        top = bisect_right(ends, row)
        return replace(self, top=top, skip=row - (ends[top - 1] if top else 0))

    def lacks_above(self, margin: int) -> bool:
        """Whether fewer than `margin` lines above the view were read, and there may be more."""
        return self.top < margin and self.start > 0

    def lacks_below(self, height: int, margin: int, size: int) -> bool:
        """Whether fewer than `margin` lines below the view were read, and there may be more."""
        return len(self.lines) - self.top - height < margin and self.end < size

    def with_above(self, lines: Sequence[LogLine], start: int, view: View) -> "LogWindow":
        """With lines added on top. The view stays, except that it fills up when it was not full."""
        window = replace(self, lines=(*lines, *self.lines), top=self.top + len(lines), start=start).moved(0, view)
        surplus = len(window.lines) - LINES_KEPT
        if surplus <= 0:
            return window
        return replace(window, lines=window.lines[:LINES_KEPT], end=window.lines[LINES_KEPT].start)

    def with_below(self, lines: Sequence[LogLine], end: int) -> "LogWindow":
        """With lines added at the bottom."""
        window = replace(self, lines=(*self.lines, *lines), end=end)
        surplus = min(len(window.lines) - LINES_KEPT, window.top)
        if surplus <= 0:
            return window
        kept = window.lines[surplus:]
        return replace(window, lines=kept, top=window.top - surplus, start=kept[0].start)

    def cut_at(self, end: int) -> "LogWindow":
        """Without what begins at `end` or behind it."""
        return replace(self, lines=tuple(line for line in self.lines if line.start < end), end=min(self.end, end))


# What follows reads from the disk, of a filtered log at most a few `STEP_BYTES`: to be called from a thread.


def more_above(log: Log, window: LogWindow, count: int, view: View, wanted: LineFilter | None) -> LogWindow:
    """The window with about `count` more lines above it."""
    lines, start = lines_before(log, window.start, count, wanted)
    return window.with_above(lines, start, view)


def more_below(log: Log, window: LogWindow, count: int, wanted: LineFilter | None) -> LogWindow:
    """The window with about `count` more lines below it."""
    lines, end = lines_from(log, window.end, count, wanted)
    return window.with_below(lines, end)


def window_at(log: Log, offset: int, above: int, view: View, wanted: LineFilter | None) -> LogWindow:
    """A window that shows the line of `offset` with about `above` lines above it, and fills the view if it can."""
    start = log.line_start(offset)
    before, first = lines_before(log, start, above, wanted)
    after, end = lines_from(log, start, view.height, wanted)
    window = LogWindow((*before, *after), 0, 0, first, end)
    if len(window.lines) < view.height and first > 0:
        return more_above(log, window, view.height - len(window.lines), view, wanted)
    return window
