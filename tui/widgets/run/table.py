"""The lists of the run page."""

from typing import ClassVar

from textual.binding import BindingType

from tui import keymap
from tui.widgets.keyed_table import KeyedTable
from tui.widgets.row_table import Value


class RunTable(KeyedTable[Value]):
    """A keyed table with the keys of every list. `enter` is the page's: it opens the detail."""

    DEFAULT_CSS = """
    RunTable { background: transparent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("lists")
