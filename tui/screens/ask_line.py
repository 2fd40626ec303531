"""Asks for one line."""

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tui import formats, keymap


class AskLineScreen(ModalScreen[str | None]):
    """`enter` gives what was typed, where it is not empty; `esc` gives None."""

    BINDINGS = [keymap.BY_ID["dialog.close"].binding()]  # noqa: RUF012 - as Textual has it
    DEFAULT_CSS = """
    AskLineScreen { align: center middle; }
    AskLineScreen Input { border: none; height: 1; margin: 1 0; background: $boost; }
    """

    def __init__(self, question: str, value: str = "", *, most: int) -> None:
        """At most so many characters."""
        super().__init__()
        self._question = question
        self._value = value
        self._most = most

    def compose(self) -> ComposeResult:
        """Question, line, keys."""
        with Vertical(classes="dialog"):
            yield Static(Text(self._question), classes="dialog-title")
            yield Input(self._value, compact=True, max_length=self._most)
            yield Static(Text("enter keeps it, esc leaves it as it is", formats.MUTED))

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        event.stop()
        if value := event.value.strip():
            self.dismiss(value)

    def action_dismiss_dialog(self) -> None:
        """All stays as it is."""
        self.dismiss(None)
