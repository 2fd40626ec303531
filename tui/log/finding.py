"""Finding lines of a log that match: the next one from a place, and how many there are."""

import asyncio
from dataclasses import dataclass, replace

from store.logs.log_file import Log
from store.logs.matching import STEP_BYTES, Matcher, matching_lines
from tui.log.minimap import Spots


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the file to look through: the lines that begin in it, from its start or, `backwards`, from its end.

    Backwards both ends are line starts.
    """

    start: int
    stop: int
    backwards: bool = False


class LineFinder:
    """Looks through parts of a file, one after the other, for the first line that matches."""

    def __init__(self, wanted: Matcher, *spans: Span) -> None:
        self._wanted = wanted
        self._spans = [span for span in spans if span.start < span.stop]

    @property
    def exhausted(self) -> bool:
        """Whether everything was looked through."""
        return not self._spans

    async def step(self, log: Log) -> int | None:
        """Look a little further: where a matching line begins, or None."""
        span = self._spans.pop(0)
        found, rest = await asyncio.to_thread(_look_backwards if span.backwards else _look, log, self._wanted, span)
        if rest.start < rest.stop:
            self._spans.insert(0, rest)
        return found


def _look(log: Log, wanted: Matcher, span: Span) -> tuple[int | None, Span]:
    start = log.line_end(span.start - 1) if span.start else 0  # which is where it begins, if a line does so there
    stop = log.line_end(min(span.stop, start + STEP_BYTES, log.size) - 1)
    found = matching_lines(log, wanted, start, stop)
    return (found[0] if found else None), replace(span, start=max(stop, start + 1))


def _look_backwards(log: Log, wanted: Matcher, span: Span) -> tuple[int | None, Span]:
    start = max(span.start, log.line_start(max(0, span.stop - STEP_BYTES)))
    found = matching_lines(log, wanted, start, span.stop)
    return (found[-1] if found else None), replace(span, stop=min(start, span.stop - 1))


class LineCounter:
    """Counts the matching lines of a file that may grow."""

    def __init__(self, wanted: Matcher) -> None:
        self.spots = Spots()
        """Where they are."""
        self._wanted = wanted
        self._ended = 0
        self._unfinished = 0
        self._counted_to = 0
        self._size = 0

    @property
    def count(self) -> int:
        """How many lines match, as far as the file was looked through."""
        return self._ended + self._unfinished

    def progress(self, size: int) -> float:
        """Which part of a file of this size was looked through, 0 to 1."""
        return 1.0 if self._size >= size else self._counted_to / size

    def is_done(self, size: int) -> bool:
        """Whether all of a file of this size was looked through."""
        return self._size >= size

    async def step(self, log: Log) -> None:
        """Count a little further. The last line is counted anew as long as it may grow."""
        size = log.size
        part = await asyncio.to_thread(_count, log, self._wanted, self._counted_to, self.spots)
        self._ended += part.ended
        self._unfinished = part.unfinished
        self._counted_to = part.reached
        if part.is_last:
            self._size = size


@dataclass(frozen=True, slots=True)
class _Part:
    """What was counted in one part of a file."""

    ended: int
    unfinished: int
    reached: int
    is_last: bool


def _count(log: Log, wanted: Matcher, start: int, spots: Spots) -> _Part:
    stop = log.line_end(min(start + STEP_BYTES, log.size))
    found = matching_lines(log, wanted, start, stop)
    spots.add(found)
    if stop < log.size or log.read(stop - 1, 1) == b"\n":
        return _Part(len(found), 0, stop, stop >= log.size)
    last_line = log.line_start(stop)
    ended = sum(at < last_line for at in found)
    return _Part(ended, len(found) - ended, last_line, is_last=True)
