"""Reading one log for a view of it: what is in view, what is being followed, what was found.

All reads happen in threads and one at a time: `step` does the one that is wanted most at that moment, so that a
key press never waits for more than one short read, however much there still is to search or count.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from functools import partial

from store.logs.levels import ERRORS
from store.logs.log_file import Log, LogLine, LogState
from store.logs.matching import Matcher
from tui.log.filter import LineFilter
from tui.log.finding import Span
from tui.log.going import find_place
from tui.log.places import LineNumber, Place
from tui.log.seeking import LogSearch
from tui.log.status import LogStatus
from tui.log.survey import LogSurvey
from tui.log.window import LogWindow, View, more_above, more_below, window_at

_COUNT_BYTES = 16 * 1024 * 1024
"""How much one step counts new lines in."""

_MATCH_ROWS_ABOVE = 3
"""One part in so many of the view is above a line that was gone to."""

_FAR = 1 << 40
"""More rows than any log has."""

_Read = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Goal:
    """A place to go to. From the top of the view `above` lines are left for what comes before it."""

    offset: int
    above: int


class LogReading:
    """The state of one view of one log. `step` may raise FileUnreadable; all else is immediate."""

    def __init__(self, log: Log, *, follow: bool = True) -> None:
        self.log = log
        self.window = LogWindow()
        self.seeking = LogSearch()
        self.survey = LogSurvey()
        self._state: LogState | None = None
        self._view = View()
        self._wants_look = True
        self._goal: _Goal | None = None
        self._place: tuple[Place, tzinfo | None] | None = None
        self._following = follow
        self._owed = 0
        self._counted_to = 0
        self._new_lines = 0
        self._filter: LineFilter | None = None
        self._is_first_sight = False
        self._message = ""

    # What is

    @property
    def exists(self) -> bool:
        """Whether there is a log, as far as was looked."""
        return self._state is not None

    @property
    def wanted(self) -> Matcher | None:
        """What is searched for."""
        return self.seeking.wanted

    @property
    def match_start(self) -> int | None:
        """Where the line begins that was found last."""
        return self.seeking.found

    @property
    def filter(self) -> LineFilter | None:
        """Which lines are shown; None for all."""
        return self._filter

    @property
    def following(self) -> bool:
        """Whether the view stays at the end of the log."""
        return self._following

    @property
    def size(self) -> int:
        """Bytes, as far as was looked."""
        return 0 if self._state is None else self._state.size

    @property
    def generation(self) -> int:
        """Rises when offsets of before mean nothing any more."""
        return 0 if self._state is None else self._state.generation

    def shown(self) -> Sequence[LogLine]:
        """The lines in view."""
        return self.window.shown(self._view)

    @property
    def here(self) -> LogLine | None:
        """The line that keys for one line mean: the one found last where it is in view, else the first in view."""
        shown = self.shown()
        return next((line for line in shown if line.start == self.match_start), shown[0] if shown else None)

    @property
    def status(self) -> LogStatus:
        """What a status line says."""
        size, shown, search = self.size, self.shown(), self.seeking
        return LogStatus(
            size=size,
            position=shown[-1].end / size if shown and size else 1.0,
            following=self._following,
            new_lines=self._new_lines,
            pattern=None if search.wanted is None else search.wanted.pattern,
            matches=search.matches(size),
            searched=search.searched(size),
            seeking=search.is_seeking,
            not_found=search.not_found,
            errors=self.survey.errors.count,
            message=self._going_text() or self._message,
        )

    def _going_text(self) -> str:
        if self._place is None:
            return ""
        return f"counting lines, {self.survey.numbers.progress(self.size):.0%}"

    # What is wanted

    def look(self) -> None:
        """Look whether the log has changed."""
        self._wants_look = True

    def fit(self, view: View) -> None:
        """Show so much."""
        self._view = view
        self.window = self.window.moved(0, view)
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
            self._counted_to, self._new_lines = self.size, 0

    def move(self, rows: int) -> None:
        """Scroll by rows, up if negative; going up lets go of the end."""
        if rows < 0:
            self.let_go()
        self._owed += rows
        self._pay()

    def go_to(self, offset: int, above: int = 0) -> None:
        """Show the line of the byte at `offset`, below so many others."""
        self.let_go()
        self._go(_Goal(offset, above))

    def go_to_place(self, place: Place, zone: tzinfo | None) -> None:
        """Show a place as people name it; `zone` is that of its times. To a line it may take a while to count."""
        self._go(None)
        self._place = (place, zone)

    def show_line(self, start: int) -> None:
        """Put a line into the upper third of the view, unless the reader sees it already."""
        is_first_sight, self._is_first_sight = self._is_first_sight, False
        self.seeking.found = start
        self.let_go()
        if is_first_sight or not any(line.start == start for line in self.shown()):
            self.go_to(start, above=self._view.height // _MATCH_ROWS_ABOVE)

    def search(self, wanted: Matcher | None) -> None:
        """Search for this from the top of the view on, and count all lines that match; None forgets the search."""
        self.seeking.begin(wanted)
        if wanted is not None:
            here = self.top_offset
            self._find(wanted, Span(here, self.size), Span(0, here, backwards=True))

    def find_next(self) -> None:
        """Go to the next matching line; after the last one to the first."""
        if self.wanted is not None:
            self._find(self.wanted, *self._ahead())

    def find_previous(self) -> None:
        """Go to the matching line before; before the first one to the last."""
        if self.wanted is not None:
            self._find(self.wanted, *self._behind())

    def find_error(self, direction: int) -> None:
        """Go to the next error, or with -1 to the one before; after the last one to the first."""
        self._find(ERRORS, *(self._ahead() if direction > 0 else self._behind()))

    def stop(self) -> bool:
        """Give up what is being looked for or counted on the way to a place. Gives whether there was anything."""
        was_busy = self._place is not None or self.seeking.is_seeking
        self._place = None
        self.seeking.stop_seeking()
        return was_busy

    def show_only(self, shown: LineFilter | None) -> None:
        """Show only these lines; None shows all. The view stays as near to its place as it can."""
        if shown == self._filter:
            return
        self._filter = shown
        here = self.here
        above = 0 if here is None else list(self.shown()).index(here)
        if shown is not None:
            above = max(above, shown.context)
        self._go(self._end() if self._following else _Goal(self.top_offset if here is None else here.start, above))

    def say(self, message: str) -> None:
        """Say something in the status until something else is done."""
        self._message = message

    def close(self) -> None:
        """Let go of the log."""
        self.log.close()

    def _go(self, goal: _Goal | None) -> None:
        self._goal, self._place = goal, None
        self._owed = 0
        self._message = ""
        self.seeking.stop_seeking()

    def _end(self) -> _Goal:
        return _Goal(self.size, self._view.height)

    @property
    def top_offset(self) -> int:
        """Where the first line in view begins."""
        lines = self.window.shown(replace(self._view, height=1))
        return lines[0].start if lines else 0

    def _ahead(self) -> tuple[Span, Span]:
        behind = self.top_offset
        if self.match_start is not None:
            line = next((line for line in self.window.lines if line.start == self.match_start), None)
            behind = self.match_start + 1 if line is None else line.end
        return Span(behind, self.size), Span(0, behind)

    def _behind(self) -> tuple[Span, Span]:
        here = self.top_offset if self.match_start is None else self.match_start
        return Span(0, here, backwards=True), Span(here, self.size, backwards=True)

    def _find(self, wanted: Matcher, *spans: Span) -> None:
        self._message = ""
        self.seeking.seek(wanted, None if self._filter is None else self._filter.wanted, *spans)

    def _pay(self) -> None:
        """Move by what is owed, as far as lines were read; what is beyond both ends of the log is forgiven."""
        before = self.window
        self.window = before.moved(self._owed, self._view)
        self._owed -= self.window.row(self._view) - before.row(self._view)
        at_edge = self.window.start <= 0 if self._owed < 0 else self.window.end >= self.size
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

    def _next_read(self) -> _Read | None:
        if self._wants_look:
            return self._look_at_file
        if self._state is None:
            return None
        return self._next_for_view() or self._next_in_background()

    def _next_for_view(self) -> _Read | None:
        height = self._view.height
        if not height:
            return None
        reads = (
            (self.survey.lacks_start(self.size), partial(self.survey.learn_start, self.log)),
            (self._goal is not None, self._reach_goal),
            (self.window.lacks_below(height, 2 * height, self.size), self._read_below),
            (self.window.lacks_above(2 * height), self._read_above),
            (self._place is not None, self._go_to_place),
            (self.seeking.wants_step, self._look_for_line),
            (self.survey.lacks_number(self.shown()), partial(self.survey.number, self.log, self.shown())),
        )
        return next((read for wanted, read in reads if wanted), None)

    def _next_in_background(self) -> _Read | None:
        if self.seeking.is_counted_elsewhere:
            return None  # which is done sooner when nothing else reads the same
        size, counter, errors = self.size, self.seeking.counter, self.survey.errors
        reads = (
            (not self._following and self._counted_to < size, self._count_new_lines),
            (self.survey.lacks_count(size), partial(self.survey.numbers.step, self.log)),
            (counter is not None and not counter.is_done(size), partial((counter or errors).step, self.log)),
            (not errors.is_done(size), partial(errors.step, self.log)),
        )
        return next((read for wanted, read in reads if wanted), None)

    async def _look_at_file(self) -> None:
        self._wants_look = False
        before = self._state
        self._state = await asyncio.to_thread(self.log.refresh)
        if before is None or self._state is None or before.generation != self._state.generation:
            self._begin_anew()
            if before is None:
                self._counted_to = self.size  # what was there when it was opened is not new
        elif self._state.size > before.size:
            await self._take_growth(before.size)

    def _begin_anew(self) -> None:
        self.window = LogWindow()
        self._counted_to, self._new_lines = 0, 0
        self.survey.begin_anew()
        if self.seeking.begin_anew() and self.wanted is not None:
            # Asked for in the log of before, or before anything was known of this one.
            here = self.size if self._following else 0
            self._is_first_sight = True
            self._find(self.wanted, Span(here, self.size), Span(0, here, backwards=True))
        if self._goal is None or self._following:
            self._goal = self._end() if self._following else _Goal(0, 0)

    async def _take_growth(self, size_before: int) -> None:
        """Read the last lines again: one may have been unfinished, and others may be shown around what is new."""
        around = 1 if self._filter is None else 1 + self._filter.context
        line_start = await asyncio.to_thread(self._read_again_from, size_before, around)
        self.window = self.window.cut_at(line_start)
        if self._following:
            self._goal = self._end()

    def _read_again_from(self, size_before: int, lines: int) -> int:
        last = self.log.line_start(size_before)
        above = self.log.lines_before(last, lines - 1)
        return above[0].start if above else last

    async def _reach_goal(self) -> None:
        assert self._goal is not None
        goal, shown, view = self._goal, self._filter, self._view
        self._goal = None
        window = await asyncio.to_thread(window_at, self.log, goal.offset, goal.above, view, shown)
        if shown is not self._filter:
            return  # the lines that are shown now are others; there is another goal
        self.window = window.moved(_FAR, view) if self._following else window
        self._pay()

    async def _read_below(self) -> None:
        before, shown = self.window, self._filter
        window = await asyncio.to_thread(more_below, self.log, before, 2 * self._view.height, shown)
        self._take_window(before, window)

    async def _read_above(self) -> None:
        before, shown, view = self.window, self._filter, self._view
        window = await asyncio.to_thread(more_above, self.log, before, 2 * view.height, view, shown)
        self._take_window(before, window)

    def _take_window(self, before: LogWindow, window: LogWindow) -> None:
        """Show a window, unless the view has moved while it was read: then it is read again."""
        if self.window is before:
            self.window = window
            self._pay()

    async def _go_to_place(self) -> None:
        assert self._place is not None
        place, zone = wanted = self._place
        numbers = self.survey.numbers
        found = await asyncio.to_thread(find_place, self.log, place, zone, numbers)
        if wanted is not self._place:
            return
        if found is None and isinstance(place, LineNumber):
            await numbers.step(self.log)
            return
        self._place = None
        if found is None:
            self._message = "no line of this log says when it was written"
        else:
            self.show_line(found)

    async def _look_for_line(self) -> None:
        found = await self.seeking.step(self.log)
        if found is not None:
            self.show_line(found)

    async def _count_new_lines(self) -> None:
        start = self._counted_to
        stop = min(start + _COUNT_BYTES, self.size)
        count = await asyncio.to_thread(self.log.count_lines, start, stop)
        if self._counted_to == start and not self._following:
            self._counted_to = stop
            self._new_lines += count
