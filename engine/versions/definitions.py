"""How two texts of a definition differ: decided on parsed SQL and parsed Python, never on their lines."""

from pathlib import PurePosixPath

from store.definition_parts import python_difference, sql_pairs
from store.sql_difference import SqlDifference, sql_difference


def definition_difference(path: str, before: str, after: str, dialect: str | None = None) -> SqlDifference:
    """How two texts of the file at `path` differ. What is neither SQL nor Python differs as soon as its text does."""
    if before == after:
        return "same"
    match PurePosixPath(path).suffix:
        case ".sql":
            pairs = sql_pairs(before, after, dialect)
            is_new = pairs is None or any(sql_difference(*pair, dialect) == "changed" for pair in pairs)
            return "changed" if is_new else "formatting"
        case ".py":
            return python_difference(before, after)
        case _:
            return "changed"
