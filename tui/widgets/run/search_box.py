"""The line in which one types what to search for."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input


class SearchBox(Input):
    """Hidden until it is opened. Tells every change; `enter` keeps what was typed, `esc` forgets it."""

    DEFAULT_CSS = """
    SearchBox { display: none; height: 1; padding: 0 1; border: none; background: $panel; }
    SearchBox.-open { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "forget", "forget")]

    class Typed(Message):
        """What stands in the box now."""

        def __init__(self, box: "SearchBox", text: str) -> None:
            super().__init__()
            self.box = box
            self.text = text

        @property
        def control(self) -> "SearchBox":
            """The box."""
            return self.box

    class Closed(Message):
        """Typing is over; `text` is what is to be searched for, empty when it was forgotten."""

        def __init__(self, box: "SearchBox", text: str) -> None:
            super().__init__()
            self.box = box
            self.text = text

        @property
        def control(self) -> "SearchBox":
            """The box."""
            return self.box

    def __init__(self, placeholder: str) -> None:
        super().__init__(placeholder=placeholder, compact=True, select_on_focus=False)

    def open(self) -> None:
        """Begins to search, with what was searched for last."""
        self.add_class("-open")
        self.focus()

    def action_forget(self) -> None:
        """Searches for nothing any more."""
        with self.prevent(Input.Changed):
            self.value = ""
        self._close()

    def on_input_changed(self, event: Input.Changed) -> None:
        """The list follows every letter."""
        event.stop()
        self.post_message(self.Typed(self, event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keeps what was typed."""
        event.stop()
        self._close()

    def _close(self) -> None:
        self.set_class(bool(self.value), "-open")
        self.post_message(self.Closed(self, self.value))
