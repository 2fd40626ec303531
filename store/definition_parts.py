"""What of two definitions is to be compared: SQL part by part, Python as it is parsed. Spaces and comments are neither.

SQLMesh's `MODEL (…)` is apart from the query below it, as no parser of SQL knows the former.
"""

import ast
import re

from store.sql_difference import SqlDifference

_COMMENT = r"--[^\n]*|/\*.*?\*/"
_MODEL = re.compile(rf"(?:\s|{_COMMENT})*MODEL\s*\(", re.DOTALL | re.IGNORECASE)
_PIECE = re.compile(rf"""{_COMMENT}|'(?:[^']|'')*'|"[^"]*"|;""", re.DOTALL)
_ESCAPED_QUOTE = re.compile(r"""\\['"]""")

Pair = tuple[str, str]


def sql_pairs(before: str, after: str, dialect: str | None) -> tuple[Pair, ...] | None:
    """The parts of one text with those of the other, to be compared as SQL; None where that would not be sound."""
    if dialect is None and (_ESCAPED_QUOTE.search(before) or _ESCAPED_QUOTE.search(after)):
        return None  # where such a string ends depends on the dialect
    return tuple(zip(_parts(before), _parts(after), strict=True))


def python_difference(before: str, after: str) -> SqlDifference:
    """How two texts of Python differ; what cannot be parsed has changed."""
    if before == after:
        return "same"
    return "formatting" if _python(before) == _python(after) is not None else "changed"


def _parts(text: str) -> Pair:
    """`MODEL (…)` and the rest; all is rest where there is none."""
    if not _MODEL.match(text):
        return "", text
    end = next((match.start() for match in _PIECE.finditer(text) if match[0] == ";"), len(text))
    return text[:end], text[end + 1 :]


def _python(text: str) -> str | None:
    try:
        return ast.dump(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError):
        return None
