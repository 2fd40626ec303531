"""Asks before something happens, and says exactly what will."""

from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from tui import formats


class ConfirmScreen(ModalScreen[bool]):
    """A question with two answers; the harmless one is chosen at first. Gives True when the deed is wanted."""

    CSS_PATH = "confirm.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "yes", show=False),
        Binding("n,escape,q", "answer(False)", "no", show=False),
        Binding("left,right,h,l", "app.focus_next", show=False),
    ]

    def __init__(self, question: str, facts: Text, deed: str, refusal: str = "No", warning: str = "") -> None:
        """`facts` say what will happen, `deed` and `refusal` are the words on the two answers.

        `warning` stands out above the facts: that it touches production, for one.
        """
        super().__init__()
        self._question = question
        self._facts = facts
        self._warning = warning
        self._deed = deed
        self._refusal = refusal

    def compose(self) -> ComposeResult:
        """The question on top, the answers below."""
        with Vertical(classes="dialog"):
            yield Static(Text(self._question), classes="dialog-title")
            if self._warning:
                yield Static(formats.styled(f"▲ {self._warning}", formats.WARNING), classes="dialog-warning")
            yield Static(self._facts, classes="dialog-body")
            with Horizontal(classes="dialog-answers"):
                yield Button(Text.assemble(("y ", "bold"), self._deed), id="deed", compact=True)
                yield Button(Text.assemble(("n ", "bold"), self._refusal), id="refusal", compact=True)

    def on_mount(self) -> None:
        """Enter alone must not do harm."""
        self.query_one("#refusal", Button).focus()

    def action_answer(self, answer: bool) -> None:
        """Closes with the answer."""
        self.dismiss(answer)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "deed")
