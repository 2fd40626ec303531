"""Searching logs and other texts: what a pattern means, and which lines of a file match it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tui.log_file import LogFile

STEP_BYTES = 4 * 1024 * 1024
"""How much one call of a search reads: some milliseconds, after which the caller can stop or do something else."""

_BLOCK_BYTES = 128 * 1024
"""How much is searched in one call into C code, which holds the interpreter's lock: at most some milliseconds."""

_OVERLAP_BYTES = 4096
"""A match in a line longer than a block is found when it is not longer than this."""


class BadPattern(ValueError):
    """The pattern is no valid regular expression. Says why, in a sentence."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """A pattern that is ready to be searched for, in the bytes of a file and in shown text."""

    pattern: str
    in_text: re.Pattern[str]
    find: Callable[[bytes, int], int]
    """Where the first match in whole lines begins, from an offset on; -1 without any."""
    folds: bool = False
    """Whether `find` wants its lines in lower case."""

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """The parts of a shown line that match."""
        return (match.span() for match in self.in_text.finditer(text) if match.end() > match.start())


def matcher(pattern: str, *, regex: bool = False) -> Matcher:
    """A matcher for a literal text or a regular expression, one line at a time.

    Smart case: a pattern without capital letters matches them too. In regular expressions on bytes, classes such
    as `\\w` know ASCII only. Raises BadPattern.
    """
    letters = re.sub(r"\\.", "", pattern) if regex else pattern
    ignore_case = letters == letters.lower()
    flags = re.IGNORECASE if ignore_case else re.NOFLAG
    try:
        in_text = re.compile(pattern if regex else re.escape(pattern), flags)
        if regex:
            return Matcher(pattern, in_text, _line_finder(re.compile(pattern.encode(), flags | re.MULTILINE)))
    except re.error as error:
        raise BadPattern(f"{pattern} is no regular expression: {error}.") from error
    if ignore_case and not pattern.isascii():
        return Matcher(pattern, in_text, _line_finder(re.compile(_any_case(pattern).encode())))
    needle = pattern.encode("utf-8", "surrogateescape")
    return Matcher(pattern, in_text, lambda lines, start: lines.find(needle, start), folds=ignore_case)


def _any_case(pattern: str) -> str:
    """An expression for bytes, where ignoring case would mean ASCII only: each letter in both cases."""
    return "".join(f"(?:{re.escape(letter)}|{re.escape(letter.upper())})" for letter in pattern)


def _line_finder(expression: re.Pattern[bytes]) -> Callable[[bytes, int], int]:
    """A search that finds no match across the end of a line."""

    def find(lines: bytes, start: int) -> int:
        while (match := expression.search(lines, start)) is not None:
            end = lines.find(b"\n", match.start())
            if end < 0 or match.end() <= end:
                return match.start()
            within = expression.search(lines, match.start(), end)
            if within is not None:
                return within.start()
            start = end + 1
        return -1

    return find


def matching_lines(log: LogFile, wanted: Matcher, start: int, stop: int) -> list[int]:
    """Where the lines between two offsets begin that match; `start` must be where a line begins.

    Reads from the disk: call it from a thread, with about `STEP_BYTES` between the offsets.
    """
    found: list[int] = []
    line = start
    while start < stop and (block := log.read(start, min(_BLOCK_BYTES, stop - start))):
        whole = block.rfind(b"\n") + 1
        for place in _matching_places(block[:whole] if whole else block, wanted):
            at = start + place if place else line
            if found[-1:] != [at]:
                found.append(at)
        if whole:
            start = line = start + whole
        elif len(block) == _BLOCK_BYTES:
            start += len(block) - _OVERLAP_BYTES  # inside of a long line
        else:
            break
    return found


def _matching_places(lines: bytes, wanted: Matcher) -> Iterator[int]:
    """Where the matching ones of these lines begin."""
    searched = lines.lower() if wanted.folds else lines
    at = wanted.find(searched, 0)
    while 0 <= at < len(lines):
        yield lines.rfind(b"\n", 0, at) + 1
        end = lines.find(b"\n", at)
        at = wanted.find(searched, end + 1) if end >= 0 else -1
