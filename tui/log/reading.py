"""Reading one log for a view of it: what is in view, what is being followed, what was found.

All reads happen in threads and one at a time: `step` does the one that is wanted most at that moment, so that a
key press never waits for more than one short read, however much there still is to search or count.
"""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from functools import partial

from store.logs.levels import ERRORS
from store.logs.log_file import Log, LogLine, LogState
from store.logs.matching import Matcher
from tui.log.filter import LineFilter
from tui.log.finding import Span
from tui.log.following import Following
from tui.log.going import Going, NoTimes
from tui.log.places import Place
from tui.log.scrolling import LogScroll, Read
from tui.log.seeking import LogSearch
from tui.log.status import LogStatus
from tui.log.survey import LogSurvey
from tui.log.window import LogWindow, View

_MATCH_ROWS_ABOVE = 3
"""One part in so many of the view is above a line that was gone to."""


class LogReading:
    """The state of one view of one log. `step` may raise FileUnreadable; all else is immediate."""

    def __init__(self, log: Log, *, follow: bool = True, is_live: bool = True) -> None:
        self.log = log
        self.is_live = is_live
        """Whether more may come: at the end of a log that is complete there is nothing to follow."""
        self.seeking = LogSearch()
        self.survey = LogSurvey()
        self._scroll = LogScroll(log)
        self._end = Following(follow)
        self._going = Going()
        self._state: LogState | None = None
        self._wants_look = True
        self._is_first_sight = False
        self._message = ""

    # What is

    @property
    def exists(self) -> bool:
        """Whether there is a log, as far as was looked."""
        return self._state is not None

    @property
    def size(self) -> int:
        """Bytes, as far as was looked."""
        return self._scroll.size

    @property
    def generation(self) -> int:
        """Rises when offsets of before mean nothing any more."""
        return 0 if self._state is None else self._state.generation

    @property
    def window(self) -> LogWindow:
        """The lines that were read around the view."""
        return self._scroll.window

    @property
    def filter(self) -> LineFilter | None:
        """Which lines are shown; None for all."""
        return self._scroll.filter

    @property
    def following(self) -> bool:
        """Whether the view stays at the end of the log."""
        return self._end.is_on

    @property
    def wanted(self) -> Matcher | None:
        """What is searched for."""
        return self.seeking.wanted

    @property
    def match_start(self) -> int | None:
        """Where the line begins that was found last."""
        return self.seeking.found

    @property
    def top_offset(self) -> int:
        """Where the first line in view begins."""
        return self._scroll.top_offset

    def shown(self) -> Sequence[LogLine]:
        """The lines in view."""
        return self._scroll.shown()

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
            following=self.following and self.is_live,
            new_lines=self._end.new_lines,
            pattern=None if search.wanted is None else search.wanted.pattern,
            matches=search.matches(size),
            searched=search.searched(size),
            seeking=search.is_seeking,
            not_found=search.not_found,
            errors=self.survey.errors.count,
            message=self._going_text() or self._message,
        )

    def _going_text(self) -> str:
        return f"counting lines, {self.survey.numbers.progress(self.size):.0%}" if self._going.is_on else ""

    # What is wanted: to see

    def look(self) -> None:
        """Look whether the log has changed."""
        self._wants_look = True

    def fit(self, view: View) -> None:
        """Show so much."""
        self._scroll.fit(view)
        if self.following:
            self._scroll.stay_at_end()

    def show_only(self, shown: LineFilter | None) -> None:
        """Show only these lines; None shows all. The view stays as near to its place as it can."""
        if shown == self.filter:
            return
        here = self.here
        above = 0 if here is None else list(self.shown()).index(here)
        self._scroll.filter = shown
        self._forget_wishes()
        if self.following:
            self._scroll.go_to_end()
        else:
            context = 0 if shown is None else shown.context
            self._scroll.go_to(self.top_offset if here is None else here.start, max(above, context))

    def say(self, message: str) -> None:
        """Say something in the status until something else is done."""
        self._message = message

    # What is wanted: to go

    def follow(self) -> None:
        """Go to the end and stay there."""
        self._forget_wishes()
        self._end.begin()
        self._scroll.go_to_end()

    def let_go(self) -> None:
        """Stay here, whatever comes."""
        self._end.let_go(self.size)

    def move(self, rows: int) -> None:
        """Scroll by rows, up if negative; going up lets go of the end."""
        if rows < 0:
            self.let_go()
        self._scroll.move(rows)

    def go_to(self, offset: int, above: int = 0) -> None:
        """Show the line of the byte at `offset`, below so many others."""
        self.let_go()
        self._forget_wishes()
        self._scroll.go_to(offset, above)

    def show_found(self, start: int, above: int) -> None:
        """Show this line, below so many others, as the one that was found: others are next to it."""
        self.go_to(start, above)
        self.seeking.found = start

    def go_to_place(self, place: Place, zone: tzinfo | None) -> None:
        """Show a place as people name it; `zone` is that of its times. To a line it may take a while to count."""
        self._forget_wishes()
        self._scroll.stay()
        self._going.begin(place, zone)

    def show_line(self, start: int) -> None:
        """Put a line into the upper third of the view, unless the reader sees it already."""
        is_first_sight, self._is_first_sight = self._is_first_sight, False
        self.seeking.found = start
        self.let_go()
        if is_first_sight or not self._scroll.is_in_view(start):
            self.go_to(start, above=self._scroll.view.height // _MATCH_ROWS_ABOVE)

    def _forget_wishes(self) -> None:
        self._going.stop()
        self.seeking.stop_seeking()
        self._message = ""

    # What is wanted: to find

    def search(self, wanted: Matcher | None) -> None:
        """Search for this from the top of the view on, and count all lines that match; None forgets the search."""
        self.seeking.begin(wanted)
        if wanted is not None:
            self._find_near(wanted, self.top_offset)

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
        was_busy = self._going.is_on or self.seeking.is_seeking
        self._going.stop()
        self.seeking.stop_seeking()
        return was_busy

    def _ahead(self) -> tuple[Span, Span]:
        behind = self.top_offset if self.match_start is None else self._scroll.behind_line(self.match_start)
        return Span(behind, self.size), Span(0, behind)

    def _behind(self) -> tuple[Span, Span]:
        here = self.top_offset if self.match_start is None else self.match_start
        return Span(0, here, backwards=True), Span(here, self.size, backwards=True)

    def _find_near(self, wanted: Matcher, here: int) -> None:
        self._find(wanted, Span(here, self.size), Span(0, here, backwards=True))

    def _find(self, wanted: Matcher, *spans: Span) -> None:
        self._message = ""
        self.seeking.seek(wanted, None if self.filter is None else self.filter.wanted, *spans)

    # Reading

    def wants_step(self) -> bool:
        """Whether there is something to read now."""
        return self._next_read() is not None

    def lacks_for_view(self) -> bool:
        """Whether what is in view waits for that, and not only what is counted in the background."""
        return self._wants_look or next(self._reads_for_view(), None) is not None

    async def step(self) -> None:
        """Read what is wanted most. Raises FileUnreadable."""
        read = self._next_read()
        if read is not None:
            await read()

    def close(self) -> None:
        """Let go of the log."""
        self.log.close()

    def _next_read(self) -> Read | None:
        if self._wants_look:
            return self._look_at_file
        return None if self._state is None else next(self._reads(), None)

    def _reads(self) -> Iterator[Read]:
        """What there is to read, what is wanted most first."""
        yield from self._reads_for_view()
        # A count by somebody else is done sooner when nothing else reads the same.
        if not self.seeking.is_counted_elsewhere:
            yield from self._reads_in_background()

    def _reads_for_view(self) -> Iterator[Read]:
        if not self._scroll.view.height:
            return
        if self.survey.lacks_start(self.size):
            yield partial(self.survey.learn_start, self.log)
        if (read := self._scroll.next_read()) is not None:
            yield read
        if self._going.is_on:
            yield self._go_to_place
        if self.seeking.wants_step:
            yield self._look_for_line
        if self.survey.lacks_number(self.shown()):
            yield partial(self.survey.number, self.log, self.shown())

    def _reads_in_background(self) -> Iterator[Read]:
        size, counter, errors = self.size, self.seeking.counter, self.survey.errors
        if self._end.wants_count(size):
            yield partial(self._end.count, self.log, size)
        if self.survey.lacks_count(size):
            yield partial(self.survey.numbers.step, self.log)
        if counter is not None and not counter.is_done(size):
            yield partial(counter.step, self.log)
        if not errors.is_done(size):
            yield partial(errors.step, self.log)

    async def _look_at_file(self) -> None:
        self._wants_look = False
        before = self._state
        self._state = now = await asyncio.to_thread(self.log.refresh)
        self._scroll.size = 0 if now is None else now.size
        if before is None or now is None or before.generation != now.generation:
            self._begin_anew(is_first=before is None)
        elif now.size > before.size:
            await self._scroll.take_growth(before.size)
            if self.following:
                self._scroll.stay_at_end()

    def _begin_anew(self, is_first: bool) -> None:
        self._end.begin_anew(self.size if is_first else 0)  # what was there when it was opened is not new
        self.survey.begin_anew()
        if self.seeking.begin_anew(is_first) and self.wanted is not None:
            # Asked for in the log of before, or before anything was known of this one.
            self._is_first_sight = True
            self._find_near(self.wanted, self.size if self.following else 0)
        self._scroll.begin_anew(at_end=self.following)

    async def _go_to_place(self) -> None:
        try:
            found = await self._going.step(self.log, self.survey.numbers)
        except NoTimes as error:
            self._message = str(error)
            return
        if found is not None:
            self.show_line(found)

    async def _look_for_line(self) -> None:
        found = await self.seeking.step(self.log)
        if found is not None:
            self.show_line(found)
