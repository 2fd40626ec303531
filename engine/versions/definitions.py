"""How two texts of a definition differ: decided on parsed SQL and parsed Python, never on their lines."""

import ast
import re
from pathlib import PurePosixPath

from store.sql_difference import SqlDifference, sql_difference

_ESCAPED_QUOTE = re.compile(r"""\\['"]""")


def definition_difference(path: str, before: str, after: str, dialect: str | None = None) -> SqlDifference:
    """How two texts of the file at `path` differ. What is neither SQL nor Python differs as soon as its text does."""
    if before == after:
        return "same"
    match PurePosixPath(path).suffix:
        case ".sql" if dialect is None and (_ESCAPED_QUOTE.search(before) or _ESCAPED_QUOTE.search(after)):
            return "changed"  # where such a string ends depends on the dialect
        case ".sql":
            return sql_difference(before, after, dialect)
        case ".py":
            return "formatting" if _python(before) == _python(after) is not None else "changed"
        case _:
            return "changed"


def _python(text: str) -> str | None:
    try:
        return ast.dump(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError):
        return None
