"""A note, which is Markdown, where there is no room for more than a line of plain words."""

import re

from store.text import one_line, plain

_HEAD = re.compile(r"(?:#{1,6}|>|[-*+]|\d{1,9}[.)])(?:\s+|$)")  # of a heading, a quotation, an item of a list
_NO_WORDS = re.compile(r"(?:```|~~~).*|(?:[-*_=]\s*){3,}")  # a fence, a rule
# What stands between a pair of marks. Code comes first: within it marks are text. `_` is one at the edge of words only.
_MARKED = re.compile(
    r"(?P<ticks>`+)(?P<code>.+?)(?P=ticks)"
    r"|!?\[(?P<label>[^\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)"
    r"|<(?P<address>https?://[^<>\s]+)>"
    r"|(?P<stars>\*{1,3}|~~)(?=\S)(?P<strong>.+?)(?<=\S)(?P=stars)"
    r"|(?<!\w)(?P<lines>_{1,3})(?=\S)(?P<stressed>.+?)(?<=\S)(?P=lines)(?!\w)"
    r"|\\(?P<itself>[!-/:-@\[-`{-~])"
)


def note_line(note: str) -> str:
    """The first line of a note that has words, without the marks of Markdown; empty where none has."""
    return next((words for line in plain(note).splitlines() if (words := _words(one_line(line)))), "")


def _words(line: str) -> str:
    if _NO_WORDS.fullmatch(line):
        return ""
    while (head := _HEAD.match(line)) is not None:
        line = line[head.end() :]
    return _unmarked(line)


def _unmarked(text: str) -> str:
    return _MARKED.sub(_inner, text)


def _inner(found: re.Match[str]) -> str:
    for verbatim in ("code", "address", "itself"):
        if (text := found[verbatim]) is not None:
            return text.strip()
    return _unmarked(next(text for name in ("label", "strong", "stressed") if (text := found[name]) is not None))
