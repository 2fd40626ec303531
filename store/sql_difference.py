"""Whether two texts of SQL mean the same: spaces, comments and the case of keywords are formatting, a filter is not.

Pure, but slow for a screen: the first call loads sqlglot (a tenth of a second and more), a long query takes as long
again. Call it in a thread or a process of its own.
"""

import logging
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal

SqlDifference = Literal["same", "formatting", "changed"]

_DIALECTS = {"sqlserver": "tsql", "fabric": "tsql", "azuresynapse": "tsql", "athena_community": "athena"}
"""dbt's names of adapters that sqlglot has other names for."""
# dbt renders Jinja also where SQL sees a comment: `-- depends_on: {{ ref('orders') }}` means something.
_JINJA = re.compile(r"\{\{|\{%")
_NOTHING_ELSE = ("STRING", "IDENTIFIER", "VAR", "NUMBER", "PARAMETER", "RAW_STRING", "NATIONAL_STRING")
"""Tokens whose text means what it says, upper and lower case apart."""


def sql_difference(before: str, after: str, dialect: str | None = None) -> SqlDifference:
    """How the texts differ: not at all, in formatting alone, or in what they say.

    Both are parsed as `dialect` (sqlglot's or dbt's name; an unknown one counts as plain SQL). Templates, and what
    sqlglot cannot parse, are compared token by token. What cannot even be read as tokens has changed.
    """
    if before == after:
        return "same"
    known = sqlglot_dialect(dialect)
    if not _JINJA.search(before) and not _JINJA.search(after):
        parsed = _parsed(before, known), _parsed(after, known)
        if parsed[0] is not None and parsed[1] is not None:
            return "formatting" if _say_the_same(parsed[0], parsed[1], known) else "changed"
    tokens = _tokens(before, known), _tokens(after, known)
    return "formatting" if tokens[0] is not None and tokens[0] == tokens[1] else "changed"


@lru_cache(maxsize=64)
def sqlglot_dialect(name: str | None) -> str | None:
    """sqlglot's name of a dialect or of a dbt adapter; None for one that it does not know."""
    from sqlglot.dialects.dialect import Dialect

    wanted = (name or "").lower()
    wanted = _DIALECTS.get(wanted, wanted)
    return wanted if wanted and Dialect.get(wanted) is not None else None


def _parsed(sql: str, dialect: str | None) -> Sequence[Any] | None:
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError
    from sqlglot.optimizer.normalize_identifiers import normalize_identifiers

    # It warns of what it takes over unparsed; here that is found out below.
    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    try:
        statements = [statement for statement in sqlglot.parse(sql, read=dialect) if statement is not None]
        if not statements or any(statement.find(exp.Command) for statement in statements):
            return None
        return [normalize_identifiers(statement, dialect=dialect) for statement in statements]
    except (SqlglotError, RecursionError):
        return None


def _say_the_same(before: Sequence[Any], after: Sequence[Any], dialect: str | None) -> bool:
    # Trees count some literals of other case as equal, texts some casts of other spelling: both must agree.
    return list(before) == list(after) and _written(before, dialect) == _written(after, dialect)


def _written(statements: Sequence[Any], dialect: str | None) -> list[str]:
    return [statement.sql(dialect=dialect, comments=False) for statement in statements]


def _tokens(sql: str, dialect: str | None) -> list[tuple[str, str]] | None:
    """What the text is made of, without spaces and comments, except comments with Jinja in them."""
    import sqlglot
    from sqlglot.errors import SqlglotError

    found: list[tuple[str, str]] = []
    try:
        for token in sqlglot.tokenize(sql, read=dialect):
            kind = token.token_type.name
            found.append((kind, token.text if kind in _NOTHING_ELSE else token.text.upper()))
            found += [("COMMENT", " ".join(each.split())) for each in token.comments if _JINJA.search(each)]
    except SqlglotError:
        return None
    return found
