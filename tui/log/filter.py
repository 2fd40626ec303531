"""The lines of a log that are shown: all, or those that match with some lines around them.

What is here reads from the disk, of a filtered log at most a few `STEP_BYTES` at once: to be called from a thread.
"""

from dataclasses import dataclass

from store.logs.log_file import Log, LogLine
from store.logs.matching import STEP_BYTES, Matcher, matching_lines

MOST_CONTEXT = 20


@dataclass(frozen=True, slots=True)
class LineFilter:
    """Shows lines that match, and so many before and behind each."""

    wanted: Matcher
    context: int = 0


def lines_from(log: Log, start: int, count: int, shown: LineFilter | None) -> tuple[list[LogLine], int]:
    """About `count` shown lines from an offset on, and how far the log was looked through for them."""
    if shown is None:
        lines = log.lines_from(start, count)
        return lines, lines[-1].end if lines else log.size
    stop = log.line_end(min(start + STEP_BYTES, log.size))
    lines, is_all = _shown_between(log, start, stop, count, shown)
    return lines, stop if is_all else lines[-1].end


def lines_before(log: Log, end: int, count: int, shown: LineFilter | None) -> tuple[list[LogLine], int]:
    """About `count` shown lines up to an offset, and from where on the log was looked through for them."""
    if shown is None:
        lines = log.lines_before(end, count)
        return lines, lines[0].start if lines else end
    if not count:
        return [], end
    start = log.line_start(max(0, end - STEP_BYTES))
    lines, is_all = _shown_between(log, start, end, count, shown, from_end=True)
    return lines, start if is_all else lines[0].start


def _shown_between(
    log: Log, start: int, stop: int, count: int, shown: LineFilter, *, from_end: bool = False
) -> tuple[list[LogLine], bool]:
    """About `count` lines between two offsets, the first or the last ones, and whether there are no more."""
    first, last = _widened(log, start, stop, shown.context)
    found = matching_lines(log, shown.wanted, first, last)
    lines: dict[int, LogLine] = {}
    for done, at in enumerate(reversed(found) if from_end else found, 1):
        lines |= {line.start: line for line in _around(log, at, shown.context) if start <= line.start < stop}
        if len(lines) >= count and done < len(found):
            return _in_order(lines), False
    return _in_order(lines), True


def _in_order(lines: dict[int, LogLine]) -> list[LogLine]:
    return [lines[start] for start in sorted(lines)]


def _widened(log: Log, start: int, stop: int, context: int) -> tuple[int, int]:
    """Matches so near to the ends that their context reaches in."""
    above = log.lines_before(start, context) if context else []
    below = log.lines_from(stop, context) if context and stop < log.size else []
    return above[0].start if above else start, below[-1].end if below else stop


def _around(log: Log, start: int, context: int) -> list[LogLine]:
    above = log.lines_before(start, context) if context else []
    return [*above, *log.lines_from(start, 1 + context)]
