"""Where a view stands in a log: the lines around it, the place that it is on its way to, and how it scrolls."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from store.logs.log_file import Log, LogLine
from tui.log.filter import LineFilter
from tui.log.window import LogWindow, View, more_above, more_below, window_at

_FAR = 1 << 40
"""More rows than any log has."""

Read = Callable[[], Awaitable[None]]
"""One short read, in a thread, and what follows from it. May raise FileUnreadable."""


@dataclass(frozen=True, slots=True)
class _Goal:
    """A place to go to. From the top of the view `above` lines are left for what comes before it."""

    offset: int
    above: int
    at_end: bool = False
    """Whether the last row of the view is to be the last of the log."""


class LogScroll:
    """The lines that are in view, and those around them. All offsets and sizes are bytes.

    What is wanted takes effect with the reads that `next_read` gives.
    """

    def __init__(self, log: Log) -> None:
        self.window = LogWindow()
        self.view = View()
        self.filter: LineFilter | None = None
        """Which lines are shown; None for all."""
        self.size = 0
        """Of the log, as far as was looked."""
        self._log = log
        self._goal: _Goal | None = None
        self._owed = 0

    # What is

    def shown(self) -> Sequence[LogLine]:
        """The lines in view."""
        return self.window.shown(self.view)

    @property
    def top_offset(self) -> int:
        """Where the first line in view begins."""
        lines = self.window.shown(View(1, self.view.rows))
        return lines[0].start if lines else 0

    def is_in_view(self, start: int) -> bool:
        """Whether the line that begins here is in view."""
        return any(line.start == start for line in self.shown())

    def behind_line(self, start: int) -> int:
        """A place behind the start of this line and not behind that of the next one."""
        line = next((line for line in self.window.lines if line.start == start), None)
        return start + 1 if line is None else line.end

    # What is wanted

    def fit(self, view: View) -> None:
        """Show so much."""
        self.view = view
        self.window = self.window.moved(0, view)

    def move(self, rows: int) -> None:
        """Scroll by rows, up if negative."""
        self._owed += rows
        self._pay()

    def stay(self) -> None:
        """Nothing that was wanted before is wanted now."""
        self._goal, self._owed = None, 0

    def go_to(self, offset: int, above: int = 0) -> None:
        """Show the line of this byte, below so many others."""
        self._goal, self._owed = _Goal(offset, above), 0

    def go_to_end(self) -> None:
        """Show the last lines."""
        self._owed = 0
        self.stay_at_end()

    def stay_at_end(self) -> None:
        """Show the last lines, and what is scrolled by from there."""
        self._goal = _Goal(self.size, self.view.height, at_end=True)

    def begin_anew(self, at_end: bool) -> None:
        """The log is another; it is shown from its start on unless there is a place to go to."""
        self.window = LogWindow()
        if at_end:
            self.stay_at_end()
        elif self._goal is None:
            self._goal = _Goal(0, 0)

    def _pay(self) -> None:
        """Move by what is owed, as far as lines were read; what is beyond both ends of the log is forgiven."""
        before = self.window
        self.window = before.moved(self._owed, self.view)
        self._owed -= self.window.row(self.view) - before.row(self.view)
        at_edge = self.window.start <= 0 if self._owed < 0 else self.window.end >= self.size
        if at_edge:
            self._owed = 0

    # Reading

    def next_read(self) -> Read | None:
        """What the view lacks most: its place, then lines below it, then lines above."""
        height = self.view.height
        if self._goal is not None:
            return self._reach_goal
        if self.window.lacks_below(height, 2 * height, self.size):
            return self._read_below
        return self._read_above if self.window.lacks_above(2 * height) else None

    async def take_growth(self, size_before: int) -> None:
        """Forget the last lines: one may have been unfinished, and others may be shown around what is new."""
        around = 1 if self.filter is None else 1 + self.filter.context
        line_start = await asyncio.to_thread(self._start_of_last, size_before, around)
        self.window = self.window.cut_at(line_start)

    def _start_of_last(self, size: int, lines: int) -> int:
        last = self._log.line_start(size)
        above = self._log.lines_before(last, lines - 1)
        return above[0].start if above else last

    async def _reach_goal(self) -> None:
        assert self._goal is not None
        goal, shown, view = self._goal, self.filter, self.view
        self._goal = None
        window = await asyncio.to_thread(window_at, self._log, goal.offset, goal.above, view, shown)
        if shown is not self.filter:
            return  # the lines that are shown now are others; there is another goal
        self.window = window.moved(_FAR, view) if goal.at_end else window
        self._pay()

    async def _read_below(self) -> None:
        before, shown = self.window, self.filter
        window = await asyncio.to_thread(more_below, self._log, before, 2 * self.view.height, shown)
        self._take_window(before, window)

    async def _read_above(self) -> None:
        before, shown, view = self.window, self.filter, self.view
        window = await asyncio.to_thread(more_above, self._log, before, 2 * view.height, view, shown)
        self._take_window(before, window)

    def _take_window(self, before: LogWindow, window: LogWindow) -> None:
        """Show a window, unless the view has moved while it was read: then it is read again."""
        if self.window is before:
            self.window = window
            self._pay()
