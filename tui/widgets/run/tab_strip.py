"""One line of tabs: Textual's own take three."""

from collections.abc import Sequence
from itertools import accumulate

from rich.text import Text
from textual.events import Click
from textual.message import Message
from textual.widgets import Static

Tab = tuple[str, str]
"""The name of a tab, and how much is in it; the latter may be empty."""


class TabStrip(Static):
    """Names of tabs with how much is in each; the chosen one stands out. A click asks for one."""

    DEFAULT_CSS = """
    TabStrip { height: 1; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    class Chosen(Message):
        """Somebody clicked a tab, counted from 1."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self, tabs: Sequence[Tab]) -> None:
        super().__init__(markup=False)
        self._tabs = tuple(tabs)
        self._active = 1
        self._order = ""

    def on_mount(self) -> None:
        """Draws the names at once."""
        self._draw()

    def on_resize(self) -> None:
        """The order stands at the right edge."""
        self._draw()

    def show(self, active: int, tabs: Sequence[Tab], order: str) -> None:
        """Which tab is chosen, counted from 1, which there are, and what the chosen one's list is sorted by."""
        if (active, tuple(tabs), order) != (self._active, self._tabs, self._order):
            self._active, self._tabs, self._order = active, tuple(tabs), order
            self._draw()

    def _draw(self) -> None:
        text = Text()
        for number, label in enumerate(_labels(self._tabs), 1):
            text.append(label, "bold reverse" if number == self._active else "").append(self._gap)
        order, room = f"↓ {self._order}", self.content_size.width - text.cell_len
        if self._order and len(order) <= room:
            text.append(order.rjust(room), "dim")
        self.update(text, layout=False)

    @property
    def _gap(self) -> str:
        """The names stand closer where the order would not fit behind them."""
        wide = sum(len(label) + 1 for label in _labels(self._tabs)) + len(self._order) + 2
        return " " if wide <= self.content_size.width else ""

    def on_click(self, event: Click) -> None:
        """Finds the tab under the pointer."""
        ends = accumulate(len(label) + len(self._gap) for label in _labels(self._tabs))
        place = event.x - self.styles.padding.left
        number = next((number for number, end in enumerate(ends, 1) if place < end), None)
        if number is not None:
            self.post_message(self.Chosen(number))


def _labels(tabs: Sequence[Tab]) -> list[str]:
    return [f" {name} {note} " if note else f" {name} " for name, note in tabs]
