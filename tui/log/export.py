"""Takes lines out of a log: as text to copy, as a file to keep. Reads from the disk: to be called from a thread."""

from collections.abc import Iterator
from typing import BinaryIO

from store.logs.log_file import Log, LogLine
from tui.log.filter import LineFilter, lines_from
from tui.text import plain

MOST_COPIED_LINES = 5_000
"""More than that no clipboard is for."""

_LINES_AT_ONCE = 500
_BLOCK_BYTES = 1024 * 1024


def copied_text(log: Log, shown: LineFilter | None, first: int, last: int) -> tuple[str, int]:
    """The shown lines between two, by where they begin, as plain text; and how many these are.

    At most `MOST_COPIED_LINES`. Raises FileUnreadable.
    """
    texts: list[str] = []
    for line in _shown_lines(log, shown, first):
        if line.start > last or len(texts) == MOST_COPIED_LINES:
            break
        texts.append(plain(line.content.decode("utf-8", "replace")))
    return "\n".join(texts), len(texts)


def write_shown(log: Log, shown: LineFilter | None, target: BinaryIO) -> None:
    """Write the shown lines as they are in the log, or all of it. Raises FileUnreadable and OSError."""
    log.refresh()
    if shown is None:
        _write_bytes(log, 0, log.size, target)
        return
    for line in _shown_lines(log, shown, 0):
        _write_bytes(log, line.start, line.end, target)


def _shown_lines(log: Log, shown: LineFilter | None, start: int) -> Iterator[LogLine]:
    while start < log.size:
        lines, end = lines_from(log, start, _LINES_AT_ONCE, shown)
        yield from lines
        if end <= start:
            return
        start = end


def _write_bytes(log: Log, start: int, stop: int, target: BinaryIO) -> None:
    while start < stop and (block := log.read(start, min(_BLOCK_BYTES, stop - start))):
        target.write(block)
        start += len(block)
