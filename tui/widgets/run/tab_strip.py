"""One line of tabs: Textual's own take three."""

from collections.abc import Sequence

from rich.text import Text
from textual.events import Click
from textual.message import Message
from textual.widgets import Static


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

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(markup=False)
        self._names = tuple(names)
        self._notes: tuple[str, ...] = ("",) * len(names)
        self._active = 1

    def on_mount(self) -> None:
        """Draws the names at once."""
        self._draw()

    def show(self, active: int, names: Sequence[str], notes: Sequence[str]) -> None:
        """Which tab is chosen, counted from 1, the names, and what stands behind each."""
        if (active, tuple(names), tuple(notes)) != (self._active, self._names, self._notes):
            self._active, self._names, self._notes = active, tuple(names), tuple(notes)
            self._draw()

    def _draw(self) -> None:
        text = Text()
        for number, (name, note) in enumerate(zip(self._names, self._notes, strict=True), 1):
            chosen = number == self._active
            label = f" {name} {note} " if note else f" {name} "
            text.append(label, f"{'bold reverse' if chosen else 'default'}")
            text.append(" ")
        self.update(text, layout=False)

    def on_click(self, event: Click) -> None:
        """Finds the tab under the pointer."""
        left = 0
        for number, (name, note) in enumerate(zip(self._names, self._notes, strict=True), 1):
            right = left + len(name) + 2 + (len(note) + 1 if note else 0)
            if left <= event.x - self.styles.padding.left < right:
                self.post_message(self.Chosen(number))
            left = right + 1
