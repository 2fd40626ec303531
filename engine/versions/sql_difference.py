"""Whether two texts of a definition mean the same: decided on parsed SQL and parsed Python, never on their lines."""

import ast
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sqlglot import exp
    from sqlglot.tokens import Tokenizer

Difference = Literal["same", "formatting", "changed"]

_JINJA = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_JINJA_WORD = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\w+|[^\w\s]""", re.DOTALL)
_ESCAPED_QUOTE = re.compile(r"""\\['"]""")


def definition_difference(path: str, before: str, after: str, dialect: str | None = None) -> Difference:
    """How two texts of the file at `path` differ. What is neither SQL nor Python differs as soon as its text does."""
    if before == after:
        return "same"
    match PurePosixPath(path).suffix:
        case ".sql":
            return sql_difference(before, after, dialect)
        case ".py":
            return "formatting" if _python(before) == _python(after) is not None else "changed"
        case _:
            return "changed"


def sql_difference(before: str, after: str, dialect: str | None = None) -> Difference:
    """`formatting`: only spaces, comments, and the case of keywords and plain identifiers differ.

    The SQL may hold Jinja, whose expressions count as they are, in comments too: dbt renders them there as well.
    `dialect` is sqlglot's name of one; what cannot be read in it has changed.
    """
    if before == after:
        return "same"
    if dialect is None and (_ESCAPED_QUOTE.search(before) or _ESCAPED_QUOTE.search(after)):
        return "changed"  # where a string ends depends on the dialect
    one, other = _Template.of(before), _Template.of(after)
    if one.expressions != other.expressions:
        return "changed"
    if _tokens(one.sql, dialect) == _tokens(other.sql, dialect) is not None:
        return "formatting"
    return "formatting" if _parsed(one.sql, dialect) == _parsed(other.sql, dialect) is not None else "changed"


@dataclass(frozen=True, slots=True)
class _Template:
    """SQL with a word of its own in the place of each Jinja expression."""

    sql: str
    expressions: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "_Template":
        found: list[str] = []

        def stand_in(match: re.Match[str]) -> str:
            if match[0].startswith("{#"):
                return " "
            expression = " ".join(_jinja_words(match[0]))
            found.append(expression)
            word = f"jinja_{hashlib.sha256(expression.encode()).hexdigest()[:16]}"
            return f" {word} " if match[0].startswith("{%") else word

        return cls(_JINJA.sub(stand_in, text), tuple(found))


def _jinja_words(expression: str) -> Iterator[str]:
    inside = expression[2:-2].strip("-+")
    yield expression[:2]
    for word in _JINJA_WORD.findall(inside):
        yield f'"{word[1:-1]}"' if word[0] in "'\"" and '"' not in word[1:-1] else word


def _tokens(sql: str, dialect: str | None) -> list[tuple[str, str]] | None:
    """What the SQL consists of, without comments and spaces; None when it cannot be read."""
    from sqlglot import TokenType
    from sqlglot.errors import SqlglotError

    exact = (TokenType.STRING, TokenType.IDENTIFIER, TokenType.NATIONAL_STRING, TokenType.RAW_STRING)
    try:
        found = _tokenizer(dialect).tokenize(sql)
    except (SqlglotError, ValueError):
        return None
    return [(str(each.token_type), each.text if each.token_type in exact else each.text.lower()) for each in found]


@cache
def _tokenizer(dialect: str | None) -> "Tokenizer":
    import sqlglot

    return sqlglot.Dialect.get_or_raise(dialect).tokenizer()


def _parsed(sql: str, dialect: str | None) -> list[str] | None:
    """The statements as sqlglot writes them; None when it cannot parse all of them."""
    import sqlglot
    from sqlglot.errors import SqlglotError
    from sqlglot.optimizer.normalize_identifiers import normalize_identifiers

    try:
        statements = [each for each in sqlglot.parse(sql, read=dialect) if each is not None]
        if any(_is_unread(each) for each in statements):
            return None
        plain = (normalize_identifiers(each, dialect=dialect) for each in statements)
        return [each.sql(dialect=dialect, comments=False) for each in plain]
    except (SqlglotError, RecursionError):
        return None


def _is_unread(statement: "exp.Expression") -> bool:
    from sqlglot import exp

    return statement.find(exp.Command) is not None


def _python(text: str) -> str | None:
    try:
        return ast.dump(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError):
        return None
