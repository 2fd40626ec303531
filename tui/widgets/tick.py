"""A choice that is taken or not."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget


class Tick(Widget, can_focus=True):
    """`[x] words`: unlike Textual's own box it shows without colours whether it is taken. The space bar changes it."""

    DEFAULT_CSS = """
    Tick { height: 1; width: 1fr; }
    Tick:focus { background: $block-cursor-background; color: $block-cursor-foreground; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "toggle_taken", "take or leave", show=False)]

    class Changed(Message):
        """It was taken, or left."""

    taken: reactive[bool] = reactive(False)

    def __init__(self, words: str, *, taken: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._words = words
        self.set_reactive(Tick.taken, taken)

    def render(self) -> Content:
        """The box and its words."""
        return Content(f"[{'x' if self.taken else ' '}] {self._words}")

    def action_toggle_taken(self) -> None:
        """Takes it, or leaves it."""
        self.taken = not self.taken
        self.post_message(self.Changed())

    def on_click(self) -> None:
        """As the space bar does."""
        self.action_toggle_taken()
