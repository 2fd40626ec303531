"""Reading one log for a view of it: what is in view, what is being followed, what was found.

All reads happen in threads and one at a time: `step` does the one that is wanted most at that moment, so that a
key press never waits for more than one short read, however much there still is to search or count.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from tui.log_file import LogFile, LogState
from tui.log_finding import LineCounter, LineFinder, Span
from tui.log_search import Matcher
from tui.log_window import LogWindow, more_above, more_below, window_at

_COUNT_BYTES = 16 * 1024 * 1024
"""How much one step counts new lines in."""


@dataclass(frozen=True, slots=True)
class _Goal:
    """A place to go to. From the top of the view `above` lines are left for what comes before it."""

    offset: int
    above: int


@dataclass(frozen=True, slots=True)
class LogStatus:
    """What a status line says about a log."""

    size: int
    """Bytes."""
    position: float
    """How much of the file is above the end of the view, 0 to 1."""
    following: bool
    new_lines: int
    """Lines that came since following let go."""
    pattern: str | None
    matches: int
    """Lines that match, as far as the file was searched."""
    searched: float
    """How much of the file was searched, 0 to 1."""
    seeking: bool
    """Whether a next match is being looked for."""
    not_found: bool
    """Whether the last one that was looked for does not exist."""


class LogReading:
    """The state of one view of one log. `step` may raise FileUnreadable; all else is immediate."""

    def __init__(self, path: Path, *, follow: bool = True) -> None:
        self.window = LogWindow()
        self.match_start: int | None = None
        """Where the line begins that was found last."""
        self._log = LogFile(path)
        self._state: LogState | None = None
        self._height = 0
        self._wants_look = True
        self._goal: _Goal | None = None
        self._following = follow
        self._owed = 0
        self._counted_to = 0
        self._new_lines = 0
        self._filter: Matcher | None = None
        self._wanted: Matcher | None = None
        self._finder: LineFinder | None = None
        self._is_first_sight = False
        self._counter: LineCounter | None = None
        self._not_found = False

    # What is

    @property
    def path(self) -> Path:
        """The file."""
        return self._log.path

    @property
    def exists(self) -> bool:
        """Whether there is a file, as far as was looked."""
        return self._state is not None

    @property
    def wanted(self) -> Matcher | None:
        """What is searched for."""
        return self._wanted

    @property
    def following(self) -> bool:
        """Whether the view stays at the end of the file."""
        return self._following

    @property
    def status(self) -> LogStatus:
        """What a status line says."""
        size = self._size
        shown = self.window.shown(self._height)
        counter = self._counter
        return LogStatus(
            size=size,
            position=shown[-1].end / size if shown and size else 1.0,
            following=self._following,
            new_lines=self._new_lines,
            pattern=None if self._wanted is None else self._wanted.pattern,
            matches=0 if counter is None else counter.count,
            searched=1.0 if counter is None else counter.progress(size),
            seeking=self._finder is not None,
            not_found=self._not_found,
        )

    @property
    def _size(self) -> int:
        return 0 if self._state is None else self._state.size

    # What is wanted

    def look(self) -> None:
        """Look whether the file has changed."""
        self._wants_look = True

    def resize(self, height: int) -> None:
        """Show so many lines."""
        self._height = height
        self.window = self.window.moved(0, height)
        if self._following:
            self._goal = self._end()

    def follow(self) -> None:
        """Go to the end and stay there."""
        self._following = True
        self._new_lines = 0
        self._go(self._end())

    def let_go(self) -> None:
        """Stay here, whatever comes."""
        if self._following:
            self._following = False
            self._counted_to, self._new_lines = self._size, 0

    def move(self, lines: int) -> None:
        """Scroll by lines, up if negative; going up lets go of the end."""
        if lines < 0:
            self.let_go()
        self._owed += lines
        self._pay()

    def go_to(self, offset: int, above: int = 0) -> None:
        """Show the line of the byte at `offset`, below so many others."""
        self.let_go()
        self._go(_Goal(offset, above))

    def search(self, wanted: Matcher | None) -> None:
        """Search for this from the top of the view on, and count all lines that match; None forgets the search."""
        self._wanted, self.match_start, self._not_found = wanted, None, False
        self._finder = self._counter = None
        if wanted is not None:
            self._counter = LineCounter(wanted)
            here = self._top_offset()
            self._find(Span(here, self._size), Span(0, here, backwards=True))

    def find_next(self) -> None:
        """Go to the next matching line; after the last one to the first."""
        behind = self._behind_match()
        self._find(Span(behind, self._size), Span(0, behind))

    def find_previous(self) -> None:
        """Go to the matching line before; before the first one to the last."""
        here = self._top_offset() if self.match_start is None else self.match_start
        self._find(Span(0, here, backwards=True), Span(here, self._size, backwards=True))

    def keep_only(self, wanted: Matcher | None) -> None:
        """Show only lines that match; None shows all. The view stays as near to its place as it can."""
        self._filter = wanted
        self._go(self._end() if self._following else _Goal(self._top_offset(), 0))

    def close(self) -> None:
        """Let go of the file."""
        self._log.close()

    def _go(self, goal: _Goal) -> None:
        self._goal = goal
        self._owed = 0
        self._finder = None

    def _end(self) -> _Goal:
        return _Goal(self._size, self._height)

    def _top_offset(self) -> int:
        lines = self.window.shown(1)
        return lines[0].start if lines else 0

    def _behind_match(self) -> int:
        if self.match_start is None:
            return self._top_offset()
        line = next((line for line in self.window.lines if line.start == self.match_start), None)
        return self.match_start + 1 if line is None else line.end

    def _find(self, *spans: Span) -> None:
        if self._wanted is not None:
            self._not_found = False
            self._finder = LineFinder(self._wanted, *spans)

    def _pay(self) -> None:
        """Move by what is owed, as far as lines were read; what is beyond both ends of the file is forgiven."""
        before = self.window.top
        self.window = self.window.moved(self._owed, self._height)
        self._owed -= self.window.top - before
        at_edge = self.window.start <= 0 if self._owed < 0 else self.window.end >= self._size
        if at_edge:
            self._owed = 0

    # Reading

    def wants_step(self) -> bool:
        """Whether there is something to read now."""
        return self._next_read() is not None

    async def step(self) -> None:
        """Read what is wanted most. Raises FileUnreadable."""
        read = self._next_read()
        if read is not None:
            await read()

    def _next_read(self) -> Callable[[], Awaitable[None]] | None:
        margin = 2 * self._height
        reads = (
            (self._wants_look, self._look_at_file),
            (self._state is None, None),
            (self._goal is not None and self._height > 0, self._reach_goal),
            (self.window.lacks_below(self._height, margin, self._size), self._read_below),
            (self.window.lacks_above(margin), self._read_above),
            (self._finder is not None and self._height > 0, self._look_for_match),
            (not self._following and self._counted_to < self._size, self._count_new_lines),
            (self._counter is not None and not self._counter.is_done(self._size), self._count_matches),
        )
        return next((read for wanted, read in reads if wanted), None)

    async def _look_at_file(self) -> None:
        self._wants_look = False
        before = self._state
        self._state = await asyncio.to_thread(self._log.refresh)
        if before is None or self._state is None or before.generation != self._state.generation:
            self._begin_anew()
            if before is None:
                self._counted_to = self._size  # what was there when it was opened is not new
        elif self._state.size > before.size:
            await self._take_growth(before.size)

    def _begin_anew(self) -> None:
        was_seeking = self._finder is not None
        self.window = LogWindow()
        self.match_start, self._finder, self._counted_to, self._new_lines = None, None, 0, 0
        if self._wanted is not None:
            self._counter = LineCounter(self._wanted)
        if was_seeking:
            # Asked for in the file of before, or before anything was known of this one.
            here = self._size if self._following else 0
            self._is_first_sight = True
            self._find(Span(here, self._size), Span(0, here, backwards=True))
        if self._goal is None or self._following:
            self._goal = self._end() if self._following else _Goal(0, 0)

    async def _take_growth(self, size_before: int) -> None:
        """Read the last line again, which may have been unfinished, and go after the end when it is followed."""
        line_start = await asyncio.to_thread(self._log.line_start, size_before)
        self.window = self.window.cut_at(line_start)
        if self._following:
            self._goal = self._end()

    async def _reach_goal(self) -> None:
        assert self._goal is not None
        goal, wanted, height = self._goal, self._filter, self._height
        self._goal = None
        window = await asyncio.to_thread(window_at, self._log, goal.offset, goal.above, height, wanted)
        self.window = window.moved(len(window.lines), height) if self._following else window
        self._pay()

    async def _read_below(self) -> None:
        before, wanted = self.window, self._filter
        window = await asyncio.to_thread(more_below, self._log, before, 2 * self._height, wanted)
        self._take_window(before, window)

    async def _read_above(self) -> None:
        before, wanted, height = self.window, self._filter, self._height
        window = await asyncio.to_thread(more_above, self._log, before, 2 * height, height, wanted)
        self._take_window(before, window)

    def _take_window(self, before: LogWindow, window: LogWindow) -> None:
        """Show a window, unless the view has moved while it was read: then it is read again."""
        if self.window is before:
            self.window = window
            self._pay()

    async def _look_for_match(self) -> None:
        assert self._finder is not None
        finder = self._finder
        found = None if finder.exhausted else await finder.step(self._log)
        if finder is not self._finder:
            return
        if found is not None:
            self.match_start = found
            self._show_match(found)
        elif finder.exhausted:
            self._finder, self._not_found = None, True

    def _show_match(self, start: int) -> None:
        """Put the match into the upper third of the view, unless the reader sees it already."""
        is_first_sight, self._is_first_sight = self._is_first_sight, False
        self._finder = None
        self.let_go()
        if is_first_sight or not any(line.start == start for line in self.window.shown(self._height)):
            self.go_to(start, above=self._height // 3)

    async def _count_new_lines(self) -> None:
        start = self._counted_to
        stop = min(start + _COUNT_BYTES, self._size)
        count = await asyncio.to_thread(self._log.count_lines, start, stop)
        if self._counted_to == start and not self._following:
            self._counted_to = stop
            self._new_lines += count

    async def _count_matches(self) -> None:
        assert self._counter is not None
        await self._counter.step(self._log)
