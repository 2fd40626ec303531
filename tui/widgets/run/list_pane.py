"""A list with the detail of its chosen row: beside it where there is room, else below, or instead of it."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Generic

from rich.text import Text
from textual.app import ComposeResult
from textual.events import Resize
from textual.widgets import DataTable, Static

from store.paths import RunPaths
from store.run_file import RunFileError, read_run_file
from store.text import one_line
from tui import formats
from tui.run_view.sql_error import failing_line
from tui.run_view.sql_text import numbered_sql, sql_around
from tui.run_view.view import RunView
from tui.widgets.row_table import TableRow, Value
from tui.widgets.run.detail import DetailPane
from tui.widgets.run.pane import PanePlace, RunPane
from tui.widgets.run.table import RunTable

WIDE = 140
"""Cells from which on the detail stands beside its list."""

_SHORT = 12


class ListPane(RunPane, Generic[Value]):
    """Base of the tabs that are a list with details. `enter` gives the detail the whole pane, `esc` takes it back."""

    DEFAULT_CSS = """
    ListPane { layout: vertical; }
    ListPane > RunTable { height: 1fr; }
    ListPane > DetailPane { height: 42%; border-top: solid $secondary-muted; }
    ListPane.-wide { layout: horizontal; }
    ListPane.-wide > RunTable { width: 1fr; }
    ListPane.-wide > DetailPane { width: 44%; height: 1fr; border-top: none; border-left: solid $secondary-muted; }
    ListPane.-short > DetailPane { display: none; }
    ListPane.-zoomed > DetailPane { display: block; width: 1fr; height: 1fr; border: none; }
    ListPane.-zoomed > RunTable { display: none; }
    ListPane > .empty { display: none; height: 1fr; padding: 1 2; }
    ListPane.-empty > .empty { display: block; }
    ListPane.-empty > RunTable, ListPane.-empty > DetailPane { display: none; }
    """

    def __init__(self, paths: RunPaths, pane_id: str) -> None:
        super().__init__(paths, pane_id)
        self._stays_on_top = True
        self._sql: str | None = None
        self._sql_shown: tuple[str | None, str | None, str | None] = (None, None, None)

    def compose(self) -> ComposeResult:
        """List, detail, and what stands there while there is nothing to list."""
        yield self.make_table()
        yield DetailPane()
        yield Static(classes="empty", markup=False)

    def make_table(self) -> RunTable[Value]:
        """The list."""
        raise NotImplementedError

    def show_rows(self, view: RunView) -> None:
        """Fills the list, in the order asked for."""
        raise NotImplementedError

    def show_detail(self) -> None:
        """Shows the chosen row in the detail."""
        raise NotImplementedError

    def why_empty(self, view: RunView) -> Text | None:
        """What stands there instead of an empty list; None while there is something to list."""
        raise NotImplementedError

    @property
    def table(self) -> RunTable[Value]:
        """The list."""
        return self.query_one(RunTable)

    @property
    def detail(self) -> DetailPane:
        """The detail."""
        return self.query_one(DetailPane)

    def show(self, view: RunView) -> None:
        """Shows the run as it is now."""
        self.view = view
        sentence = self.why_empty(view)
        self.set_class(sentence is not None, "-empty")
        self.query_one(".empty", Static).update(sentence or "")
        self.show_rows(view)
        self.show_detail()

    def set_rows(self, rows: Sequence[TableRow[Value]]) -> None:
        """Shows these rows. The cursor stays on its row, but on top as long as nobody took it away from there.

        Who watches sees what runs and what fails come to the top; who reads about a row keeps it.
        """
        with self.prevent(DataTable.RowHighlighted):
            self.table.set_rows(rows)
            if self._stays_on_top:
                self.table.move_cursor(row=0)

    def take_focus(self) -> None:
        """The keys go to the list, or to the detail where it has taken its place."""
        (self.detail if self.detail_is_open else self.table).focus()

    def select(self, key: str) -> None:
        """Puts the cursor on the row with this key, where there is one."""
        self.table.select_key(key)

    def place(self) -> PanePlace:
        """Cursor, scrolling, order."""
        table, cursor = self.table, None if self._stays_on_top else self.table.cursor_key
        return PanePlace(cursor, table.scroll_y, self.detail_is_open, self.arrangement)

    def come_back(self, place: PanePlace) -> None:
        """Makes it as it was."""
        if place.arrangement:
            self.arrangement = place.arrangement
        self.set_class(place.detail_is_open, "-zoomed")
        if place.cursor is not None:
            self._stays_on_top = False
            self.table.come_back(place.cursor, place.scroll)

    @property
    def arrangement(self) -> tuple[Any, ...]:
        """What the list is sorted and grouped by; empty where there is no choice."""
        return ()

    @arrangement.setter
    def arrangement(self, arrangement: tuple[Any, ...]) -> None:
        """Only what was not empty comes back."""
        raise NotImplementedError

    @property
    def detail_is_open(self) -> bool:
        """Whether the detail has taken the list's place."""
        return self.has_class("-zoomed")

    def open_detail(self) -> None:
        """Gives the detail the whole pane."""
        if not self.has_class("-empty"):
            self.add_class("-zoomed")
            self.detail.focus()

    def close_detail(self) -> None:
        """Takes the list back."""
        self.remove_class("-zoomed")
        self.table.focus()

    def load_sql(self, sql: str | None, file: str | None, error: str | None) -> None:
        """Shows the SQL of the chosen row, from the record or from its file, the line that `error` names marked."""
        wanted = (sql, file, error)
        if wanted != self._sql_shown:
            self._sql_shown = wanted
            self.detail.scroll_home(animate=False)
            self.load(partial(self._show_sql, sql, file, error or ""), "sql")

    async def _show_sql(self, sql: str | None, file: str | None, error: str) -> None:
        self._sql = None
        if sql is None and file is None:
            self.detail.show_sql(Text(), Text(), Text())
            return
        heading = Text(f"SQL  {one_line(file or '')}", formats.MUTED)
        try:
            text = sql if sql is not None else await read_run_file(self.paths.folder, file or "")
        except RunFileError as problem:
            self.detail.show_sql(heading, Text(str(problem), formats.MUTED), Text())
            return
        self._sql = text
        marked = failing_line(error, text)
        around = Text() if marked is None else sql_around(text, marked)
        self.detail.show_sql(heading, numbered_sql(text, marked), around)

    def copied_sql(self) -> str | None:
        """The SQL in the detail."""
        return self._sql

    def on_resize(self, event: Resize) -> None:
        """Puts the detail where there is room for it."""
        self.set_class(event.size.width >= WIDE, "-wide")
        self.set_class(event.size.height < _SHORT and event.size.width < WIDE, "-short")

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """The cursor moved."""
        event.stop()
        self._stays_on_top = event.cursor_row == 0
        self.show_detail()

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """`enter`, or a click on the chosen row."""
        event.stop()
        self.open_detail()
