"""What is searched for in one log: the pattern, how many lines have it, and the next one that is looked for."""

from store.logs.log_file import Log
from store.logs.matching import Matcher, all_of
from tui.log.finding import LineCounter, LineFinder, Span

_STEPS_AT_ONCE = 8
"""So far a line is looked for beside a count by somebody else, which may make the rest needless."""


class LogSearch:
    """The search of one view. `found` is the line that was found last, of the pattern or of another search."""

    def __init__(self) -> None:
        self.wanted: Matcher | None = None
        self.counter: LineCounter | None = None
        self.found: int | None = None
        self.not_found = False
        self.is_counted_elsewhere = False
        """Whether somebody else is about to say how many lines match."""
        self._finder: LineFinder | None = None
        self._steps = 0
        self._quick: tuple[int, int] | None = None

    def begin(self, wanted: Matcher | None) -> None:
        """Search for this, and count all lines with it; None forgets the search."""
        self.wanted = wanted
        self.counter = None if wanted is None else LineCounter(wanted)
        self.found, self._finder, self._quick = None, None, None
        self.not_found = self.is_counted_elsewhere = False

    def begin_anew(self, is_first: bool) -> bool:
        """The log is another, or is seen for the first time. Gives whether a line was being looked for."""
        was_seeking, found = self.is_seeking, self.found
        self.begin(self.wanted)
        self.found = found if is_first else None
        return was_seeking

    @property
    def is_seeking(self) -> bool:
        """Whether a line is being looked for."""
        return self._finder is not None

    @property
    def wants_step(self) -> bool:
        """Whether it is time to look a little further for that line."""
        return self.is_seeking and (self._steps < _STEPS_AT_ONCE or not self.is_counted_elsewhere)

    def seek(self, wanted: Matcher, shown: Matcher | None, *spans: Span) -> None:
        """Look for the first line in these spans that matches and is shown."""
        self.not_found, self._steps = False, 0
        self._finder = LineFinder(wanted if shown is None else all_of(wanted, shown), *spans)

    def stop_seeking(self) -> None:
        """Whatever is being looked for is not wanted any more."""
        self._finder = None

    async def step(self, log: Log) -> int | None:
        """Look a little further for the line that is wanted: where it begins, once it is found."""
        finder = self._finder
        if finder is None:
            return None
        self._steps += 1
        found = None if finder.exhausted else await finder.step(log)
        if finder is not self._finder:
            return None  # something else is looked for by now
        if found is not None:
            self.found, self._finder = found, None
        elif finder.exhausted:
            self._finder, self.not_found = None, True
        return found

    def take_count(self, wanted: Matcher, count: int | None, size: int) -> None:
        """Somebody else has counted the matching lines of the log when it had this size; None if that went wrong."""
        if wanted is self.wanted:
            self.is_counted_elsewhere = False
            self._quick = None if count is None else (count, size)
            if count == 0:
                self._finder, self.not_found = None, True

    def matches(self, size: int) -> int:
        """How many lines match, as far as they were counted."""
        if self.counter is None:
            return 0
        return self._quick[0] if self._knows_quickly(size) and self._quick else self.counter.count

    def searched(self, size: int) -> float:
        """How much of a log of this size was searched, 0 to 1."""
        return 1.0 if self.counter is None or self._knows_quickly(size) else self.counter.progress(size)

    def _knows_quickly(self, size: int) -> bool:
        return self._quick is not None and self._quick[1] == size and self.counter is not None
