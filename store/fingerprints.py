"""Failures that have the same cause get the same fingerprint, whatever model, row or moment they happened to hit. Pure.

What differs from one failure to the next is taken out of an error: quoted names, numbers, times, ids, paths. What
is left is the pattern, which people can read, and the fingerprint is its hash.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from store.error_text import error_line, matter_lines

KEY_LENGTH = 12
"""Hexadecimal digits of a fingerprint."""
SHORT_LENGTH = 6
"""As many of them are enough for people."""

_LONGEST_SENTENCE = 400
_LONGEST_LINE = 1_000
_MOST_LINES = 3

# Under these, tools and databases add hints, positions and pieces of the statement.
_ASIDE = re.compile(
    r"^(LINE \d+:|\^|-{3,}|> in |compiled code at|Candidate bindings|Did you mean|HINT:|DETAIL:|CONTEXT:|Job ID:"
    r"|\[SQL:|\(Background on|See |For more)",
    re.IGNORECASE,
)
_QUOTED = r"""(?:"[^"\n]{0,300}"|`[^`\n]{0,300}`|“[^”\n]{0,300}”|(?<!\w)'[^'\n]{0,300}'(?!\w))"""
_REPLACEMENTS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(rf"{_QUOTED}(?:\.{_QUOTED})*"), '"…"'),
    (re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://\S{1,500}", re.IGNORECASE), "<path>"),
    (re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", re.IGNORECASE), "<id>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z| ?[+-]\d\d:?\d\d)?)?"), "<time>"),
    (re.compile(r"\b\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d+)?\b"), "<time>"),
    (re.compile(r"(?<![\w.])(?:[A-Za-z]:\\|~?/|\.{1,2}/)?[\w.@+-]{1,255}(?:[/\\][\w.@+-]{1,255})+"), "<path>"),
    (re.compile(r"(?<![\w.])~?/[\w.@+-]{1,255}"), "<path>"),
    (re.compile(r"\b0x[0-9a-f]+\b", re.IGNORECASE), "<id>"),
    (re.compile(r"\b[0-9A-Za-z]{7,}\b"), lambda match: "<id>" if _is_id(match[0]) else match[0]),
    (re.compile(r"(?<![A-Za-z0-9])-?\d+(?:[.,_]\d+)*"), "#"),
)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The cause of a failure: its key, the pattern that the key is a hash of, and what was said this time."""

    key: str
    pattern: str
    sentence: str


def fingerprint_of_error(error: str | None) -> Fingerprint:
    """The cause that an error message names; errors without a message have one in common."""
    lines = _leading(matter_lines(error)) or ["no error was recorded"]
    return _fingerprint("\n".join(lines), error_line(error) or lines[0])


def fingerprint_of_audit(name: str, model: str | None, error: str | None) -> Fingerprint:
    """The cause of an audit that found rows: the audit itself, for what all of them say is that there were some."""
    place = f" of {model}" if model and model not in name else ""
    said = error_line(error)
    pattern = f"audit {name}{place} found rows"
    return Fingerprint(_key(pattern), pattern, _cut(f"audit {name}{place}: {said}" if said else pattern))


def fingerprint_of_run(reason: str | None) -> Fingerprint:
    """The cause of a run, or of a step, that failed though no model or audit did; details behind a `;` are left out."""
    said = error_line(reason).removesuffix(".") or "no reason was given"
    return _fingerprint(said.partition("; ")[0], said)


def normal_form(text: str) -> str:
    """The text without what differs from one failure to the next."""
    for expression, replacement in _REPLACEMENTS:
        text = expression.sub(replacement, text)
    return " ".join(text.split())


def _fingerprint(text: str, sentence: str) -> Fingerprint:
    pattern = normal_form(text)
    return Fingerprint(_key(pattern), pattern, _cut(sentence))


def _key(pattern: str) -> str:
    return hashlib.sha256(pattern.lower().encode("utf-8", "replace")).hexdigest()[:KEY_LENGTH]


def _leading(lines: list[str]) -> list[str]:
    """The lines up to the first that only adds to what was said; the first counts in any case."""
    found = lines[:1]
    for line in lines[1:_MOST_LINES]:
        if _ASIDE.match(line):
            break
        found.append(line)
    return [line[:_LONGEST_LINE] for line in found]


def _is_id(word: str) -> bool:
    """Whether a word is a hash or key and none of a language: digits among letters."""
    digits = sum(character.isdecimal() for character in word)
    hexadecimal = re.fullmatch("[0-9a-fA-F]+", word) is not None
    return 0 < digits < len(word) and (hexadecimal or (len(word) >= 12 and digits >= 3))


def _cut(sentence: str) -> str:
    return sentence if len(sentence) <= _LONGEST_SENTENCE else f"{sentence[: _LONGEST_SENTENCE - 1]}…"
