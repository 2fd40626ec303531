"""Columns of a table, and which of them fit into a width."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Alignment = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table. Widths are terminal cells, without the padding between columns."""

    key: str
    label: str
    width: int
    """The width; of a column with `flex` the least width."""
    flex: int = 0
    """The column's share of the room that is left over; 0 keeps it at `width`."""
    priority: int = 0
    """0 never leaves; of the others the column with the highest number leaves first."""
    align: Alignment = "left"


@dataclass(frozen=True, slots=True)
class FittedColumn:
    """A column that is shown, and how wide."""

    column: Column
    width: int


def fit_columns(columns: Sequence[Column], width: int, padding: int = 2) -> tuple[FittedColumn, ...]:
    """The columns that fit into `width` cells, in their order; each takes its width and `padding` cells.

    Columns leave by priority until the rest fits. Those with priority 0 stay even then, and the table scrolls.
    """
    shown = list(columns)
    while _least_width(shown, padding) > width:
        leaving = max(shown, key=lambda column: column.priority, default=None)
        if leaving is None or leaving.priority == 0:
            break
        shown.remove(leaving)
    spare = max(0, width - _least_width(shown, padding))
    return tuple(map(FittedColumn, shown, _flexed_widths(shown, spare)))


def _least_width(columns: Sequence[Column], padding: int) -> int:
    return sum(column.width + padding for column in columns)


def _flexed_widths(columns: Sequence[Column], spare: int) -> list[int]:
    """Widths that share out `spare` cells by flex, to the last cell."""
    widths = []
    flex_left, spare_left = sum(column.flex for column in columns), spare
    for column in columns:
        share = spare_left * column.flex // flex_left if flex_left else 0
        flex_left -= column.flex
        spare_left -= share
        widths.append(column.width + share)
    return widths
