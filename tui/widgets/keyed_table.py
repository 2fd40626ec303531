"""A table over rows that are all at hand, such as the models of one run."""

from collections.abc import Callable, Mapping, Sequence

from rich.text import Text
from textual.coordinate import Coordinate
from textual.widgets import DataTable
from textual.widgets.data_table import RowDoesNotExist

from tui.widgets.columns import Column
from tui.widgets.row_table import RowTable, TableRow, Value


class KeyedTable(RowTable[Value]):
    """Shows a list of keyed rows, of up to some ten thousand; only lines in view that changed are drawn again.

    The cursor stays on its row when rows come, go or change places, and says so only when the row is another.
    """

    def __init__(
        self,
        cells: Callable[[Value], Mapping[str, Text]],
        columns: Sequence[Column],
        *,
        show_header: bool = True,
        zebra_stripes: bool = False,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        self._rows: list[TableRow[Value]] = []
        self._places: dict[str, int] = {}
        super().__init__(
            cells, columns, show_header=show_header, zebra_stripes=zebra_stripes, name=name, id=id, classes=classes
        )

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def row_at(self, index: int) -> TableRow[Value]:
        """The row at an index from 0, counted from the top."""
        return self._rows[index]

    def index_of(self, key: str) -> int | None:
        """Where the row with this key is, None when there is none."""
        return self._places.get(key)

    def set_rows(self, rows: Sequence[TableRow[Value]]) -> None:
        """Show these rows, in this order. Raises ValueError when two have the same key."""
        places = {row.key: index for index, row in enumerate(rows)}
        if len(places) != len(rows):
            raise ValueError("two rows have the same key")
        before, cursor_key = self._rows, self.cursor_key
        self._rows, self._places = list(rows), places
        self._keep_unchanged(before)
        if len(before) != len(rows):
            self._row_count_changed()
        self._settle_cursor(cursor_key)

    def update_row(self, row: TableRow[Value]) -> None:
        """Replace the row that has this one's key. Raises RowDoesNotExist when there is none."""
        index = self._places.get(row.key)
        if index is None:
            raise RowDoesNotExist(f"no row with the key {row.key!r}")
        self._rows[index] = row
        self._rows_changed([index])

    def select_key(self, key: str) -> bool:
        """Move the cursor to the row with this key; False when there is none."""
        index = self._places.get(key)
        if index is not None:
            self.move_cursor(row=index)
        return index is not None

    def _keep_unchanged(self, before: Sequence[TableRow[Value]]) -> None:
        """Draw what changed in view; a row equal to the one before it there stays the same object, as drawn."""
        changed = []
        for index in self._rows_in_view():
            if index < len(before) and before[index] == self._rows[index]:
                self._rows[index] = before[index]
            else:
                changed.append(index)
        self._rows_changed(changed)

    def _settle_cursor(self, key: str | None) -> None:
        index = None if key is None else self._places.get(key)
        if index is not None:
            self._follow_row(index)
            return
        row = min(self.cursor_row, max(0, len(self._rows) - 1))
        self.set_reactive(DataTable.cursor_coordinate, Coordinate(row, self.cursor_column))
        if self.show_cursor:
            self._highlight_row(row)
            self.call_after_refresh(self._scroll_cursor_into_view)
