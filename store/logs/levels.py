"""Which lines of a log are of a level, and which are about a model: `2026-11-21T03:04:05.123Z LEVEL [node] message`."""

import re
from functools import cache
from typing import Literal

from store.logs.matching import Matcher, with_text

LevelChoice = Literal["", "warn", "error"]
"""The lowest level that is shown; empty for all."""

LEVEL_CHOICES: tuple[LevelChoice, ...] = ("", "warn", "error")

_IN_NAMES = re.compile(rb"\w")


def _in_head(lines: bytes, start: int, at: int) -> bool:
    """Whether a word stands right behind the first one of its line, the time."""
    return 0 <= start < at and lines[start : start + 1].isdigit() and lines.find(b" ", start, at) < 0


ERRORS = with_text(" ERROR ", where=_in_head, pattern="error")
_WARNINGS_AND_ERRORS = with_text(" ERROR ", " WARN ", where=_in_head, pattern="warn")


def of_level(level: LevelChoice) -> Matcher | None:
    """The lines of a level or a worse one; None for all lines."""
    if not level:
        return None
    return ERRORS if level == "error" else _WARNINGS_AND_ERRORS


@cache
def about(node: str) -> Matcher:
    """The lines that name a model or an audit, in their head or in what they say."""
    length = len(node.encode("utf-8", "surrogateescape"))

    def is_whole_name(lines: bytes, start: int, at: int) -> bool:
        end = at + length
        return not (at > start and _IN_NAMES.match(lines, at - 1)) and not _IN_NAMES.match(lines, end)

    return with_text(node, where=is_whole_name, pattern=node)
