"""Where a log says why it ended badly."""

from dataclasses import dataclass
from pathlib import Path

from store.logs.levels import ERRORS
from store.logs.log_file import LogFile
from store.logs.matching import STEP_BYTES, matching_lines


@dataclass(frozen=True, slots=True)
class LastError:
    """The offset at which the last error begins, and how many lines there are from there to the end."""

    start: int
    lines: int


def last_error(path: Path) -> LastError | None:
    """The last error of a log, from the first of the lines that are errors up to the last one.

    Looks at the end of the file only, and reads from the disk. None where no error is there. Raises FileUnreadable.
    """
    log = LogFile(path)
    try:
        if log.refresh() is None:
            return None
        start = log.line_start(max(0, log.size - STEP_BYTES))
        first = _first_of_the_last_together(log, matching_lines(log, ERRORS, start, log.size))
        return None if first is None else LastError(first, log.count_lines(first, log.size))
    finally:
        log.close()


def _first_of_the_last_together(log: LogFile, found: list[int]) -> int | None:
    while len(found) > 1 and log.line_end(found[-2]) == found[-1]:
        found.pop()
    return found[-1] if found else None
