"""How two texts of a definition differ: decided on parsed SQL and parsed Python, never on their lines."""

import ast
import re
from pathlib import PurePosixPath

from store.sql_difference import SqlDifference, sql_difference

_COMMENT = r"--[^\n]*|/\*.*?\*/"
_MODEL = re.compile(rf"(?:\s|{_COMMENT})*MODEL\s*\(", re.DOTALL | re.IGNORECASE)
_PIECE = re.compile(rf"""{_COMMENT}|'(?:[^']|'')*'|"[^"]*"|;""", re.DOTALL)
_ESCAPED_QUOTE = re.compile(r"""\\['"]""")


def definition_difference(path: str, before: str, after: str, dialect: str | None = None) -> SqlDifference:
    """How two texts of the file at `path` differ. What is neither SQL nor Python differs as soon as its text does."""
    if before == after:
        return "same"
    match PurePosixPath(path).suffix:
        case ".sql" if dialect is None and (_ESCAPED_QUOTE.search(before) or _ESCAPED_QUOTE.search(after)):
            return "changed"  # where such a string ends depends on the dialect
        case ".sql":
            return _sql(before, after, dialect)
        case ".py":
            return "formatting" if _python(before) == _python(after) is not None else "changed"
        case _:
            return "changed"


def _sql(before: str, after: str, dialect: str | None) -> SqlDifference:
    """SQLMesh's definition of a model is compared apart from its query: no parser of SQL knows the former."""
    pairs = zip(_parts(before), _parts(after), strict=False)
    return "changed" if any(sql_difference(*pair, dialect) == "changed" for pair in pairs) else "formatting"


def _parts(text: str) -> tuple[str, str]:
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
