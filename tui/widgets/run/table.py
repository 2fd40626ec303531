"""The lists of the run page."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from tui import keymap
from tui.widgets.keyed_table import KeyedTable
from tui.widgets.row_table import TableRow, Value


class RunTable(KeyedTable[Value]):
    """A keyed table with the keys of every list. `enter` chooses the row, for which the page opens the detail."""

    DEFAULT_CSS = """
    RunTable { background: transparent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("lists")

    _sought: tuple[str, float] | None = None

    def come_back(self, key: str, scroll: float) -> None:
        """Puts the cursor on a row, scrolled as it was; if it is not there yet, as soon as it is."""
        self._sought = (key, scroll)
        self._find_sought()

    def set_rows(self, rows: Sequence[TableRow[Value]]) -> None:
        """Shows these rows, and finds the one that is sought."""
        super().set_rows(rows)
        self._find_sought()

    def _find_sought(self) -> None:
        if self._sought is None:
            return
        key, scroll = self._sought
        if self.select_key(key):
            self._sought = None
            self.call_after_refresh(self.refresh_bindings)  # keys that are about what the cursor is on
            # Behind what the cursor itself scrolls after the next refresh.
            self.call_after_refresh(self.call_after_refresh, self.scroll_to, y=scroll, animate=False)


class DetailTable(RunTable[Value]):
    """A list whose rows have a detail, which `enter` opens."""

    BINDINGS: ClassVar[list[BindingType]] = [keymap.BY_ID["run.detail"].doing("select_cursor")]

    def set_rows(self, rows: Sequence[TableRow[Value]]) -> None:
        """As every list; offers its key with the first row that comes, and no longer than the last one stays."""
        was_empty = self.row_count == 0
        super().set_rows(rows)
        if was_empty != (self.row_count == 0):
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """An empty list has nothing to open."""
        if action == "select_cursor":
            return self.row_count > 0
        return super().check_action(action, parameters)
