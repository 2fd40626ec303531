"""Rows that an audit found fault with, as a table. Values in, text out."""

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.text import Text

from store import wording
from store.samples import AuditSample
from store.text import one_line
from tui import formats
from tui.text import cut

_WIDEST = 32
_GAP = "  "

Cell = tuple[str, str]
"""A text with its style."""


def sample_text(sample: AuditSample, failures: int | None) -> Text:
    """A heading that says how many of the failing rows these are, then a line for the columns and one a row."""
    shown = len(sample.rows)
    of = f" of {wording.count(failures)}" if failures is not None and failures > shown else ""
    lines = [[(one_line(name), "bold") for name in sample.columns], *map(_cells, sample.rows)]
    widths = [_width(line[place][0] for line in lines if place < len(line)) for place in range(len(sample.columns))]
    text = formats.styled(f"failing rows, {shown}{of}", formats.MUTED)
    for line in lines:
        text.append("\n").append_text(_line(line, widths))
    return text


def _cells(row: Iterable[str | None]) -> list[Cell]:
    # A text that reads NULL is another thing than no value.
    return [("NULL", formats.MUTED) if value is None else (one_line(value), "") for value in row]


def _width(values: Iterable[str]) -> int:
    return min(_WIDEST, max(map(cell_len, values)))


def _line(cells: Sequence[Cell], widths: Sequence[int]) -> Text:
    line = Text()
    for (value, style), width in zip(cells, widths, strict=False):
        shown = cut(value, width)
        line.append(shown, style).append(" " * (width - cell_len(shown)) + _GAP)
    line.rstrip()
    return line
