"""Searching logs and other texts: what a pattern means, and which lines of a file match it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import groupby
from warnings import catch_warnings, simplefilter

from store.logs.log_file import Log

STEP_BYTES = 4 * 1024 * 1024
"""How much one call of a search reads: some milliseconds, after which the caller can stop or do something else."""

_BLOCK_BYTES = 128 * 1024
"""How much is searched in one call into C code, which holds the interpreter's lock: at most some milliseconds."""

_PLAIN_EXPRESSION = re.compile(
    r"(?:[^\\({\[]"
    r"|\((?!\?)|\{[\d,]+\}|\\[^0-9xuUN]"
    r"|\[\^?(?:[a-z]-[a-z]|[0-9]-[0-9]|[^\]\[\\-]|\\[dDsSwW.])+\])*"
)
"""Expressions that mean the same in lower case: no groups that change the rules, no codes of letters, no odd ranges."""

_OVERLAP_BYTES = 4096
"""A match in a line longer than a block is found when it is not longer than this."""


class BadPattern(ValueError):
    """The pattern is no valid regular expression. Says why, in a sentence."""


LineStarts = Callable[[bytes], Iterator[int]]
"""Gives where those of whole lines begin that match, in their order; each once."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """A pattern that is ready to be searched for, in the bytes of a file and in shown text."""

    pattern: str
    in_text: re.Pattern[str]
    line_starts: LineStarts
    is_regex: bool = False
    ignores_case: bool = False

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """The parts of a shown line that match."""
        return (match.span() for match in self.in_text.finditer(text) if match.end() > match.start())

    def means(self, other: "Matcher") -> bool:
        """Whether the other one is of the same pattern."""
        return (self.pattern, self.is_regex) == (other.pattern, other.is_regex)

    def matches(self, line: bytes) -> bool:
        """Whether a line, without its newline, matches."""
        return next(self.line_starts(line), None) is not None


def matcher(pattern: str, *, regex: bool = False) -> Matcher:
    """A matcher for a literal text or a regular expression, one line at a time.

    Smart case: a pattern without capital letters matches them too. In regular expressions on bytes, classes such
    as `\\w` know ASCII only. Raises BadPattern.
    """
    letters = re.sub(r"\\.", "", pattern) if regex else pattern
    ignore_case = letters == letters.lower()
    flags = re.IGNORECASE if ignore_case else re.NOFLAG
    try:
        with catch_warnings():
            simplefilter("ignore", FutureWarning)  # of what `[[` may mean one day nobody who types needs to know
            in_text = re.compile(pattern if regex else re.escape(pattern), flags)
            line_starts = _of_expression(pattern, flags) if regex else _of_literal(pattern, ignore_case)
    except re.error as error:
        raise BadPattern(f"{pattern} is no regular expression: {error}.") from error
    return Matcher(pattern, in_text, line_starts, regex, ignore_case)


def all_of(first: Matcher, *others: Matcher) -> Matcher:
    """What matches all of these; fastest with the rarest first."""
    if not others:
        return first

    def line_starts(lines: bytes) -> Iterator[int]:
        for start in first.line_starts(lines):
            end = lines.find(b"\n", start)
            line = lines[start : end if end >= 0 else len(lines)]
            if all(other.matches(line) for other in others):
                yield start

    return Matcher(first.pattern, first.in_text, line_starts)


Place = Callable[[bytes, int, int], bool]
"""Whether a text counts: asked with the lines, where its line begins, and where the text does."""


def with_text(*needles: str, where: Place, ignore_case: bool = False, pattern: str = "") -> Matcher:
    """What matches lines that have one of these texts at a place that counts."""

    def of(needle: bytes, lines: bytes) -> Iterator[int]:
        at = lines.find(needle)
        while at >= 0:
            start = lines.rfind(b"\n", 0, at) + 1
            if where(lines, start, at):
                yield start
                at = lines.find(b"\n", at)
                if at < 0:
                    return
            at = lines.find(needle, at + 1)

    wanted = [needle.encode("utf-8", "surrogateescape") for needle in needles]

    def line_starts(lines: bytes) -> Iterator[int]:
        searched = lines.lower() if ignore_case else lines
        return (start for start, _ in groupby(merge(*(of(needle, searched) for needle in wanted))))

    return Matcher(pattern, re.compile("|".join(map(re.escape, needles))), line_starts)


def _of_literal(pattern: str, ignore_case: bool) -> LineStarts:
    if ignore_case and not pattern.isascii():
        # Ignoring case in bytes would mean ASCII only.
        either = (f"(?:{re.escape(letter)}|{re.escape(letter.upper())})" for letter in pattern)
        return _lines_with(re.compile("".join(either).encode()), folds=False)
    return _lines_with_text(pattern.encode("utf-8", "surrogateescape"), folds=ignore_case)


def _of_expression(pattern: str, flags: re.RegexFlag) -> LineStarts:
    if flags & re.IGNORECASE and _PLAIN_EXPRESSION.fullmatch(pattern):
        # Many times faster than to let the expression ignore the case.
        return _lines_with(re.compile(pattern.encode(), re.MULTILINE), folds=True)
    return _lines_with(re.compile(pattern.encode(), flags | re.MULTILINE), folds=False)


def _lines_with_text(needle: bytes, folds: bool) -> LineStarts:
    def line_starts(lines: bytes) -> Iterator[int]:
        searched = lines.lower() if folds else lines
        at = searched.find(needle)
        while 0 <= at < len(lines):
            yield lines.rfind(b"\n", 0, at) + 1
            end = lines.find(b"\n", at)
            at = searched.find(needle, end + 1) if end >= 0 else -1

    return line_starts


def _lines_with(expression: re.Pattern[bytes], folds: bool) -> LineStarts:
    """Lines in which an expression matches, and not across their end."""

    def line_starts(lines: bytes) -> Iterator[int]:
        searched = lines.lower() if folds else lines
        at = 0
        while at < max(1, len(lines)) and (match := expression.search(searched, at)) is not None:
            start = lines.rfind(b"\n", 0, match.start()) + 1
            end = lines.find(b"\n", match.start())
            is_within = end < 0 or match.end() <= end or expression.search(searched, match.start(), end) is not None
            if is_within and (start < len(lines) or not lines):
                yield start
            at = end + 1 if end >= 0 else len(lines) + 1

    return line_starts


def matching_lines(log: Log, wanted: Matcher, start: int, stop: int) -> list[int]:
    """Where the lines between two offsets begin that match; `start` must be where a line begins.

    Reads from the disk: call it from a thread, with about `STEP_BYTES` between the offsets.
    """
    found: list[int] = []
    line = start
    while start < stop and (block := log.read(start, min(_BLOCK_BYTES, stop - start))):
        whole = block.rfind(b"\n") + 1
        for place in wanted.line_starts(block[:whole] if whole else block):
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
