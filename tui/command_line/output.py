"""Prints: text that cannot command a terminal, tables, JSON."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from store.text import one_line, plain


def say(text: str) -> None:
    """Prints lines for people; control sequences in them are taken out."""
    _write(sys.stdout, plain(text))


def complain(text: str) -> None:
    """The same, to standard error."""
    _write(sys.stderr, plain(text))


def say_json(value: Any) -> None:
    """Prints one JSON value. All that is not ASCII is escaped, so no text in it can command a terminal."""
    _write(sys.stdout, json.dumps(value, indent=2))


def say_table(heads: Sequence[str], rows: Iterable[Sequence[str]], right: frozenset[int] = frozenset()) -> None:
    """Prints columns as wide as they need; those numbered in `right` are aligned to the right."""
    cells = [[one_line(cell) for cell in row] for row in rows]
    _write(sys.stdout, "\n".join(table(heads, cells, right)))


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()) -> list[str]:
    """The lines of a table, the heads first; wide characters count two cells."""
    from rich.cells import cell_len

    lines = [heads, *rows]
    widths = [max(cell_len(line[column]) for line in lines) for column in range(len(heads))]

    def aligned(text: str, column: int) -> str:
        blanks = " " * (widths[column] - cell_len(text))
        return blanks + text if column in right else text + blanks

    return ["  ".join(aligned(text, column) for column, text in enumerate(line)).rstrip() for line in lines]


def _write(stream: TextIO, text: str) -> None:
    # At once, also into a pipe: whoever follows a run wants to see it move.
    stream.write(f"{text}\n")
    stream.flush()
