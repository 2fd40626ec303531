"""Searching logs and other texts: what a pattern means, and which lines of a file match it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import groupby
from warnings import catch_warnings, simplefilter

from store.logs.containing import contains
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

_LEADING_FLAGS = re.compile(rb"\(\?[a-zA-Z]+\)")
"""Flags for all of an expression, which only its beginning may have."""

_OVERLAP_BYTES = 4096
"""A match in a line longer than a block is found when it is not longer than this."""


class BadPattern(ValueError):
    """The pattern is no valid regular expression. Says why, in a sentence."""


LineStarts = Callable[[bytes], Iterator[int]]
"""Gives where those of whole lines begin that match, in their order; each once."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line that is too long to be searched at once; each but the first begins within the one before."""

    content: bytes
    """Without the newline."""
    is_first: bool
    is_last: bool


InPiece = Callable[[Piece], bool]
"""Whether a piece has what a line is to have somewhere."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """A pattern that is ready to be searched for, in the bytes of a file and in shown text."""

    pattern: str
    in_text: re.Pattern[str]
    line_starts: LineStarts
    in_pieces: tuple[InPiece, ...]
    """What a line has to have that is searched in pieces: each of these in any piece."""
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
            searches = _of_expression(pattern, flags) if regex else _of_literal(pattern, ignore_case)
    except re.error as error:
        raise BadPattern(f"{pattern} is no regular expression: {error}.") from error
    return Matcher(pattern, in_text, searches.line_starts, (searches.in_piece,), regex, ignore_case)


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

    in_pieces = (condition for matcher in (first, *others) for condition in matcher.in_pieces)
    return Matcher(first.pattern, first.in_text, line_starts, tuple(in_pieces))


Place = Callable[[bytes, int, int], bool]
"""Whether a text counts: asked with the lines, where its line begins, and where the text does.

Of a piece that begins within a line, the line begins at -1.
"""


def with_text(*needles: str, where: Place, ignore_case: bool = False, pattern: str = "") -> Matcher:
    """What matches lines that have one of these texts at a place that counts."""

    def of(needle: bytes, lines: bytes) -> Iterator[int]:
        at = lines.find(needle) if contains(lines, needle) else -1
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

    def in_piece(piece: Piece) -> bool:
        searched = piece.content.lower() if ignore_case else piece.content
        return any(_has_at_place(searched, piece, needle, where) for needle in wanted)

    return Matcher(pattern, re.compile("|".join(map(re.escape, needles))), line_starts, (in_piece,))


def _has_at_place(searched: bytes, piece: Piece, needle: bytes, where: Place) -> bool:
    start = 0 if piece.is_first else -1
    at = searched.find(needle)
    while at >= 0:
        # What may end a text is only known of one that does not end with the piece; the next piece has that, too.
        if (piece.is_last or at + len(needle) < len(searched)) and where(searched, start, at):
            return True
        at = searched.find(needle, at + 1)
    return False


@dataclass(frozen=True, slots=True)
class _Searches:
    """The two ways to search for one pattern."""

    line_starts: LineStarts
    in_piece: InPiece


def _of_literal(pattern: str, ignore_case: bool) -> _Searches:
    if ignore_case and not pattern.isascii():
        # Ignoring case in bytes would mean ASCII only.
        either = (f"(?:{re.escape(letter)}|{re.escape(letter.upper())})" for letter in pattern)
        return _lines_with(re.compile("".join(either).encode()), folds=False)
    return _lines_with_text(pattern.encode("utf-8", "surrogateescape"), folds=ignore_case)


def _of_expression(pattern: str, flags: re.RegexFlag) -> _Searches:
    if flags & re.IGNORECASE and _PLAIN_EXPRESSION.fullmatch(pattern):
        # Many times faster than to let the expression ignore the case.
        return _lines_with(re.compile(pattern.encode(), re.MULTILINE), folds=True)
    return _lines_with(re.compile(pattern.encode(), flags | re.MULTILINE), folds=False)


def _lines_with_text(needle: bytes, folds: bool) -> _Searches:
    def line_starts(lines: bytes) -> Iterator[int]:
        searched = lines.lower() if folds else lines
        at = searched.find(needle) if contains(searched, needle) else -1
        while 0 <= at < len(lines):
            yield lines.rfind(b"\n", 0, at) + 1
            end = lines.find(b"\n", at)
            at = searched.find(needle, end + 1) if end >= 0 else -1

    def in_piece(piece: Piece) -> bool:
        return needle in (piece.content.lower() if folds else piece.content)

    return _Searches(line_starts, in_piece)


def _lines_with(expression: re.Pattern[bytes], folds: bool) -> _Searches:
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

    inside = _followed_by_anything(expression)

    def in_piece(piece: Piece) -> bool:
        searched = piece.content.lower() if folds else piece.content
        # From the second byte on, `^` does not take the start of the piece for that of the line.
        return (expression if piece.is_last else inside).search(searched, 0 if piece.is_first else 1) is not None

    return _Searches(line_starts, in_piece)


def _followed_by_anything(expression: re.Pattern[bytes]) -> re.Pattern[bytes]:
    """The expression for a piece behind which its line goes on, so that `$` does not mean the end of the piece."""
    leading = _LEADING_FLAGS.match(expression.pattern)
    flags = leading[0] if leading else b""
    rest = expression.pattern.removeprefix(flags)
    return re.compile(rb"%s(?:%s)(?=[\s\S])" % (flags, rest), expression.flags)


def matching_lines(log: Log, wanted: Matcher, start: int, stop: int) -> list[int]:
    """Where the lines between two offsets begin that match; `start` must be where a line begins.

    Reads from the disk: call it from a thread, with about `STEP_BYTES` between the offsets.
    """
    found: list[int] = []
    while start < stop and (block := log.read(start, min(_BLOCK_BYTES, stop - start))):
        whole = block.rfind(b"\n") + 1
        if whole or len(block) < _BLOCK_BYTES:
            lines = block[:whole] if whole else block
            found += [start + place for place in wanted.line_starts(lines)]
            start += len(lines)
        else:
            matches, end = _long_line_matches(log, wanted, start, stop)
            found += [start] if matches else []
            start = end
    return found


def _long_line_matches(log: Log, wanted: Matcher, start: int, stop: int) -> tuple[bool, int]:
    """Whether a line matches that is longer than a block, and where it ends."""
    lacking, at, is_last = wanted.in_pieces, start, False
    while not is_last:
        block = log.read(at, min(_BLOCK_BYTES, stop - at))
        content, newline, _ = block.partition(b"\n")
        end = at + len(content) + len(newline)
        is_last = bool(newline) or end >= stop or len(block) < _BLOCK_BYTES
        piece = Piece(content, at == start, is_last)
        lacking = tuple(condition for condition in lacking if not condition(piece))
        at = end if is_last else end - _OVERLAP_BYTES
    return not lacking, at
