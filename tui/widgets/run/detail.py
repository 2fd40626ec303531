"""The pane beside or below a list that says everything about the chosen row."""

from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from tui import formats, keymap
from tui.run_view.facts import Facts

_LABEL_WIDTH = 11


class DetailPane(VerticalScroll, can_focus=True):
    """A title, the error as the tool wrote it, facts, and SQL. What is empty takes no room.

    The error and the SQL are data: they stand behind a line at their left, and are never read as markup.
    """

    DEFAULT_CSS = """
    DetailPane { padding: 0 1; scrollbar-size-vertical: 1; }
    DetailPane > Static { height: auto; }
    DetailPane > Static.-empty { display: none; }
    DetailPane > #error { border-left: outer $error; padding-left: 1; margin: 0 0 1 0; }
    DetailPane > #facts, DetailPane > #past, DetailPane > #sample, DetailPane > #batches { margin: 0 0 1 0; }
    DetailPane > #past, DetailPane > #sample, DetailPane > #batches { text-wrap: nowrap; text-overflow: ellipsis; }
    DetailPane > #failing-sql { margin: 0 0 1 0; }
    DetailPane > #sql, DetailPane > #failing-sql { border-left: outer $secondary-muted; padding-left: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        keymap.BY_ID[key].doing(action)
        for key, action in (
            ("lists.down", "scroll_down"),
            ("lists.up", "scroll_up"),
            ("lists.first", "scroll_home"),
            ("lists.last", "scroll_end"),
            ("lists.half_page_down", "page_down"),
            ("lists.half_page_up", "page_up"),
            ("lists.page_down", "page_down"),
            ("lists.page_up", "page_up"),
        )
    ]

    def compose(self) -> ComposeResult:
        """What matters most is on top."""
        for part in ("title", "error", "failing-sql", "sample", "facts", "batches", "past", "sql-title", "sql"):
            yield Static(id=part, markup=False, classes="-empty")

    def show(self, title: Text, error: Text, facts: Facts) -> None:
        """Shows another row; what is read for it follows through the other methods."""
        self._put("title", title, bool(title))
        self._put("error", error, bool(error))
        self._put("facts", _grid(facts), bool(facts))

    def show_sample(self, sample: Text) -> None:
        """Shows rows that failed."""
        self._put("sample", sample, bool(sample))

    def show_batches(self, batches: Text) -> None:
        """Shows the parts in which it was built."""
        self._put("batches", batches, bool(batches))

    def show_past(self, past: Text) -> None:
        """Shows how it went before."""
        self._put("past", past, bool(past))

    def show_sql(self, title: Text, sql: Text, failing: Text) -> None:
        """Shows the SQL, or why there is none, and right below the error the lines that failed."""
        self._put("failing-sql", failing, bool(failing))
        self._put("sql-title", title, bool(title))
        self._put("sql", sql, bool(sql))

    def _put(self, part: str, content: Text | Table, is_there: bool) -> None:
        target = self.query_one(f"#{part}", Static)
        target.update(content)
        target.set_class(not is_there, "-empty")


def _grid(facts: Facts) -> Table:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(style=formats.MUTED, width=_LABEL_WIDTH, no_wrap=True, overflow="ellipsis")
    grid.add_column(overflow="fold")
    for label, value in facts:
        grid.add_row(Text(label), Text(value))
    return grid
