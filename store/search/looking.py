"""Looks through one log for lines that match, a piece at a time, and says which model each is about.

Reads from the disk: call it from a thread.
"""

import re
from collections import Counter
from dataclasses import dataclass

from store.logs.log_file import LINE_BYTES_SHOWN, LogFile
from store.logs.matching import Matcher, matching_lines

PIECE_BYTES = 1024 * 1024
"""How much one call looks through: some milliseconds, after which the caller can stop."""

# `2026-11-21T03:04:05.123Z LEVEL [node] message`, as the worker writes it.
_HEAD = re.compile(rb"\S+ [A-Z]+ +\[([^\]\n]{1,500})\] ")


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A line that matches: where it begins, and as much of it as can be shown, without its newline."""

    offset: int
    model: str | None
    content: bytes


@dataclass(frozen=True, slots=True)
class Piece:
    """What was found up to the byte `stop`: how many lines for each model, and those of them that are kept."""

    stop: int
    counts: Counter[str | None]
    lines: tuple[FoundLine, ...]


def look(log: LogFile, wanted: Matcher, start: int, most: int | None, kept: Counter[str | None]) -> Piece:
    """Looks through the next piece from `start`, where a line begins. Raises FileUnreadable.

    Of each model at most `most` lines are kept, those in `kept` included, which is brought up to date.
    """
    stop = log.line_end(min(start + PIECE_BYTES, log.size))
    counts: Counter[str | None] = Counter()
    lines = []
    for offset in matching_lines(log, wanted, start, stop):
        content = log.read(offset, min(LINE_BYTES_SHOWN, stop - offset)).partition(b"\n")[0]
        model = _model_of(content)
        counts[model] += 1
        if most is None or kept[model] < most:
            kept[model] += 1
            lines.append(FoundLine(offset, model, content))
    return Piece(max(stop, start + 1), counts, tuple(lines))


def _model_of(line: bytes) -> str | None:
    head = _HEAD.match(line)
    return head[1].decode("utf-8", "replace") if head else None
