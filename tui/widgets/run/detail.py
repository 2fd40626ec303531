"""The pane beside or below a list that says everything about the chosen row."""

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static


class DetailPane(VerticalScroll, can_focus=True):
    """A title, the error as the tool wrote it, facts, and SQL. What is empty takes no room.

    The error and the SQL are data: they stand behind a line at their left, and are never read as markup.
    """

    DEFAULT_CSS = """
    DetailPane { padding: 0 1; scrollbar-size-vertical: 1; }
    DetailPane > Static { height: auto; }
    DetailPane > Static.-empty { display: none; }
    DetailPane > #error { border-left: outer ansi_red; padding-left: 1; margin: 0 0 1 0; }
    DetailPane > #facts { margin: 0 0 1 0; }
    DetailPane > #sql { border-left: outer ansi_bright_black; padding-left: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "scroll_down", show=False),
        Binding("k,up", "scroll_up", show=False),
        Binding("g,home", "scroll_home", show=False),
        Binding("G,end", "scroll_end", show=False),
        Binding("ctrl+d,pagedown", "page_down", show=False),
        Binding("ctrl+u,pageup", "page_up", show=False),
    ]

    def compose(self) -> ComposeResult:
        """What matters most is on top."""
        for part in ("title", "error", "facts", "sql-title", "sql"):
            yield Static(id=part, markup=False, classes="-empty")

    def show(self, title: Text, error: Text, facts: Text) -> None:
        """Shows another row; its SQL follows through `show_sql` when it was read."""
        self._put("title", title)
        self._put("error", error)
        self._put("facts", facts)

    def show_sql(self, title: Text, sql: Text) -> None:
        """Shows the SQL, or why there is none."""
        self._put("sql-title", title)
        self._put("sql", sql)

    def _put(self, part: str, text: Text) -> None:
        target = self.query_one(f"#{part}", Static)
        target.update(text)
        target.set_class(not text.plain, "-empty")
