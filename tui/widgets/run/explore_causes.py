"""The list of root causes on the Explore tab."""

from rich.text import Text
from textual.message import Message
from textual.widgets import DataTable

from store.lineage.causes import RunCauses
from tui.run_view.explore import cause_rows
from tui.run_view.explore.cause_rows import Row
from tui.widgets.columns import Column
from tui.widgets.row_table import TableRow
from tui.widgets.run.table import RunTable

_COLUMNS = (
    Column("name", "root cause, and what it took down", 33, flex=2),
    Column("status", "", 17),
    Column("downstream", "feeds", 5, align="right", priority=2),
    Column("why", "", 14, flex=4, priority=1),
)


class CausesTable(RunTable[Row]):
    """Root causes with what fell because of them; the cursor goes over both."""

    class Looked(Message):
        """The cursor is on a row."""

        def __init__(self, row: Row) -> None:
            super().__init__()
            self.row = row

    class Chosen(Message):
        """`enter` on a row."""

        def __init__(self, row: Row) -> None:
            super().__init__()
            self.row = row

    def __init__(self) -> None:
        super().__init__(_cells, _COLUMNS, id="causes")

    def show(self, causes: RunCauses) -> None:
        """Shows the causes; the cursor stays on its row."""
        self.set_rows([TableRow(row.key, row) for row in cause_rows.rows_of(causes)])

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """The cursor moved."""
        event.stop()
        if self.cursor_value is not None:
            self.post_message(self.Looked(self.cursor_value))

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """`enter`."""
        event.stop()
        if self.cursor_value is not None:
            self.post_message(self.Chosen(self.cursor_value))


def _cells(row: Row) -> dict[str, Text]:
    return cause_rows.cells(row)
