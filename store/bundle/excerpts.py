"""The parts of a run's logs that tell of errors. Reads from the disk: call it from a thread."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from store.logs.levels import ERRORS
from store.logs.log_file import LogFile, LogLine
from store.logs.matching import STEP_BYTES, matching_lines
from store.logs.step_logs import log_files

LINES_AROUND = 20
"""So many lines before and behind an error are part of its excerpt."""

_MOST_ERRORS = 40
_LAST_LINES = 40


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Some lines of one log; None stands where lines are left out. `errors` counts the lines of errors in it."""

    log: str
    lines: tuple[str | None, ...]
    errors: int


def excerpts(logs: Path) -> list[Excerpt]:
    """Of every log in a folder its first errors with what is around them; of the last log, without any, its end.

    Raises FileUnreadable.
    """
    files = log_files(logs)
    found = [_excerpt(file, is_last=file == files[-1]) for file in files]
    return [excerpt for excerpt in found if excerpt.lines]


def _excerpt(file: Path, is_last: bool) -> Excerpt:
    log = LogFile(file)
    try:
        if log.refresh() is None:
            return Excerpt(file.name, (), 0)
        errors = _errors(log)
        parts = [_around(log, offset) for offset in errors]
        if not errors and is_last:
            parts = [log.lines_before(log.size, _LAST_LINES)]
        return Excerpt(file.name, tuple(_joined(parts, log.size)), len(errors))
    finally:
        log.close()


def _errors(log: LogFile) -> list[int]:
    """Where the first lines of errors begin; a log that has none is read once, a piece at a time."""
    found: list[int] = []
    start = 0
    while start < log.size and len(found) < _MOST_ERRORS:
        stop = max(start + 1, log.line_end(min(start + STEP_BYTES, log.size)))
        found += matching_lines(log, ERRORS, start, stop)
        start = stop
    return found[:_MOST_ERRORS]


def _around(log: LogFile, offset: int) -> list[LogLine]:
    return [*log.lines_before(offset, LINES_AROUND), *log.lines_from(offset, LINES_AROUND + 1)]


def _joined(parts: list[list[LogLine]], size: int) -> Iterator[str | None]:
    """The lines of all parts, each once."""
    reached = 0
    for part in parts:
        new = [line for line in part if line.start >= reached]
        if new and new[0].start > reached:
            yield None
        for line in new:
            yield line.content.decode("utf-8", "replace")
            reached = line.end
    if 0 < reached < size:
        yield None
