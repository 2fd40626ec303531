"""The lines of a log around the place that is shown: a bounded part of a file of any size."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tui.log_file import LogFile, LogLine
from tui.log_search import STEP_BYTES, Matcher, matching_lines

LINES_KEPT = 1000


@dataclass(frozen=True, slots=True)
class LogWindow:
    """Lines that were read, and which of them is the first shown.

    `start` and `end` are the offsets between which the file was looked through: with a filter that is more than
    the lines.
    """

    lines: tuple[LogLine, ...] = ()
    top: int = 0
    start: int = 0
    end: int = 0

    def shown(self, height: int) -> Sequence[LogLine]:
        """The lines in view."""
        return self.lines[self.top : self.top + height]

    def moved(self, by: int, height: int) -> "LogWindow":
        """Scrolled by lines, as far as they were read."""
        return replace(self, top=max(0, min(self.top + by, len(self.lines) - height)))

    def lacks_above(self, margin: int) -> bool:
        """Whether fewer than `margin` lines above the view were read, and there may be more."""
        return self.top < margin and self.start > 0

    def lacks_below(self, height: int, margin: int, size: int) -> bool:
        """Whether fewer than `margin` lines below the view were read, and there may be more."""
        return len(self.lines) - self.top - height < margin and self.end < size

    def with_above(self, lines: Sequence[LogLine], start: int, height: int) -> "LogWindow":
        """With lines added on top. The view stays, except that it fills up when it was not full."""
        window = LogWindow((*lines, *self.lines), self.top + len(lines), start, self.end).moved(0, height)
        surplus = len(window.lines) - LINES_KEPT
        if surplus <= 0:
            return window
        return replace(window, lines=window.lines[:LINES_KEPT], end=window.lines[LINES_KEPT].start)

    def with_below(self, lines: Sequence[LogLine], end: int) -> "LogWindow":
        """With lines added at the bottom."""
        window = LogWindow((*self.lines, *lines), self.top, self.start, end)
        surplus = min(len(window.lines) - LINES_KEPT, window.top)
        if surplus <= 0:
            return window
        kept = window.lines[surplus:]
        return replace(window, lines=kept, top=window.top - surplus, start=kept[0].start)

    def cut_at(self, end: int) -> "LogWindow":
        """Without what begins at `end` or behind it."""
        return replace(self, lines=tuple(line for line in self.lines if line.start < end), end=min(self.end, end))


# What follows reads from the disk, of a filtered log at most a few `STEP_BYTES`: to be called from a thread.


def more_above(log: LogFile, window: LogWindow, count: int, height: int, wanted: Matcher | None) -> LogWindow:
    """The window with about `count` more lines above it."""
    lines, start = _lines_before(log, window.start, count, wanted)
    return window.with_above(lines, start, height)


def more_below(log: LogFile, window: LogWindow, count: int, wanted: Matcher | None) -> LogWindow:
    """The window with about `count` more lines below it."""
    lines, end = _lines_from(log, window.end, count, wanted)
    return window.with_below(lines, end)


def window_at(log: LogFile, offset: int, above: int, height: int, wanted: Matcher | None) -> LogWindow:
    """A window that shows the line of `offset` with about `above` lines above it, and fills `height` if it can."""
    start = log.line_start(offset)
    before, first = _lines_before(log, start, above, wanted)
    after, end = _lines_from(log, start, height, wanted)
    window = LogWindow((*before, *after), 0, first, end)
    if len(window.lines) < height and first > 0:
        return more_above(log, window, height - len(window.lines), height, wanted)
    return window


def _lines_from(log: LogFile, start: int, count: int, wanted: Matcher | None) -> tuple[list[LogLine], int]:
    """Lines from an offset on, and how far the file was looked through for them."""
    if wanted is None:
        lines = log.lines_from(start, count)
        return lines, lines[-1].end if lines else log.size
    stop = log.line_end(min(start + STEP_BYTES, log.size))
    found = matching_lines(log, wanted, start, stop)
    lines = [line for at in found[:count] for line in log.lines_from(at, 1)]
    return lines, lines[-1].end if len(found) > count else stop


def _lines_before(log: LogFile, end: int, count: int, wanted: Matcher | None) -> tuple[list[LogLine], int]:
    """Lines up to an offset, and from where on the file was looked through for them."""
    if wanted is None:
        lines = log.lines_before(end, count)
        return lines, lines[0].start if lines else end
    start = log.line_start(max(0, end - STEP_BYTES))
    found = matching_lines(log, wanted, start, end)
    lines = [line for at in found[-count:] for line in log.lines_from(at, 1)] if count else []
    return lines, (lines[0].start if len(found) > count else start) if count else end
