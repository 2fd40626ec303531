"""Text of tools inside of Markdown: it stays text."""

import re
from collections.abc import Sequence

from store.text import one_line, plain


def code(text: str) -> str:
    """One line as code."""
    return f"`{one_line(text).replace('`', chr(0x2019))}`"


def words(text: str) -> str:
    """One line as words: nothing in it is markup, a link or a mention of somebody."""
    return re.sub(r"([\\`*_\[\]<>|@#])", r"\\\1", one_line(text))


def block(text: str, language: str = "") -> list[str]:
    """Lines as they are, in a fence that no line of them can end."""
    content = plain(text).rstrip("\n")
    longest = max((len(run) for run in re.findall("`{3,}", content)), default=2)
    fence = "`" * (longest + 1)
    return [f"{fence}{language}", *content.split("\n"), fence]


def table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    """A table of cells that are Markdown already."""
    lines: list[tuple[str, ...]] = [heads, ("---",) * len(heads), *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]
