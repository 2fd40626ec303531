"""The colours of code: SQL with Jinja, JSON, YAML and the like."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from pygments.lexer import Lexer  # type: ignore[import-untyped]
from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped]
from pygments.token import Comment, Keyword, Name, Number, Operator, String  # type: ignore[import-untyped]
from rich.text import Text

from tui.formats import MUTED
from tui.text import plain

TokenType = tuple[str, ...]

CHARACTERS_SHOWN = 8 * 1024
"""Of a longer line only so much is shown."""

_LANGUAGES = {
    ".sql": "sql+jinja",
    ".json": "json",
    ".jsonl": "json",
    ".yml": "yaml",
    ".yaml": "yaml",
    ".py": "python",
    ".toml": "toml",
    ".md": "markdown",
}

# The sixteen colours of a terminal: the theme says what they are. A token of no style here has that of the more
# general one that it belongs to.
_STYLES: dict[TokenType, str] = {
    Comment: f"{MUTED} italic",
    Comment.Preproc: "magenta",
    Keyword: "blue",
    Keyword.Constant: "cyan",
    Name.Builtin: "cyan",
    Name.Function: "cyan",
    Name.Tag: "blue",
    Number: "yellow",
    Operator.Word: "blue",
    String: "green",
}


def language_of(path: Path) -> str | None:
    """The language that a file's name promises; None when nothing in it can be coloured."""
    return _LANGUAGES.get(path.suffix.lower())


def coloured(lines: Sequence[str], language: str | None) -> list[Text]:
    """The lines, safe for the terminal, in the colours of their language (a name that pygments knows).

    They are read as if the text began with them: what begins inside of a long comment looks like code.
    """
    safe = [_shown(line) for line in lines]
    texts = [Text(line, end="", no_wrap=True) for line in safe]
    if language is None:
        return texts
    number = column = 0
    for token, value in _lexer(language).get_tokens("\n".join(safe)):
        style = _style_of(token)
        for place, part in enumerate(value.split("\n")):
            number, column = (number + 1, 0) if place else (number, column)
            if style and part:
                texts[number].stylize(style, column, column + len(part))
            column += len(part)
    return texts


def _shown(line: str) -> str:
    """The line without newlines and controls; of a very long one the beginning, and how much is left out."""
    rest = len(line) - CHARACTERS_SHOWN
    if rest <= 0:
        return plain(line).replace("\n", " ")
    return f"{_shown(line[:CHARACTERS_SHOWN])} … {rest:,} more characters in this line"


@cache
def _lexer(language: str) -> Lexer:
    return get_lexer_by_name(language, stripnl=False, ensurenl=False)


def _style_of(token: TokenType) -> str | None:
    """The style of a token; its longer prefixes are the more special ones."""
    while token and token not in _STYLES:
        token = token[:-1]
    return _STYLES.get(token)
