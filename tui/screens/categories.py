"""Asks of changes that SQLMesh cannot judge, such as those of Python models, whether they are breaking."""

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from tui.widgets.tick import Tick

_MEANING = (
    "A breaking change loads the model and everything downstream of it again; "
    "one that is not breaking loads the model alone.\n\nWhen in doubt, it is breaking."
)


class CategoriesScreen(ModalScreen[tuple[str, ...] | None]):
    """A tick a model. `enter` gives `model=breaking` or `model=non_breaking` for each, `esc` None."""

    CSS_PATH = "categories.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "close", show=False),
        Binding("enter", "submit", "show the plan", show=False),
        Binding("down,j", "app.focus_next", show=False),
        Binding("up,k", "app.focus_previous", show=False),
    ]

    def __init__(self, models: Sequence[str]) -> None:
        super().__init__()
        self._models = models

    def compose(self) -> ComposeResult:
        """The question, the models, the answers."""
        with Vertical(classes="dialog"):
            yield Static("Which changes are breaking?", classes="dialog-title")
            yield Static(_MEANING, classes="dialog-body", markup=False)
            with VerticalScroll(id="models", can_focus=False):
                for model in self._models:
                    yield Tick(model, taken=True)
            yield Static("space changes the chosen one", id="hint")
            with Horizontal(classes="dialog-answers"):
                yield Button(Text.assemble(("enter ", "bold"), "show the plan"), id="plan", compact=True)
                yield Button(Text.assemble(("esc ", "bold"), "close"), id="close", compact=True)

    @on(Button.Pressed, "#plan")
    def action_submit(self) -> None:
        """Gives the answer for every model."""
        taken = [tick.taken for tick in self.query(Tick)]
        words = ("breaking" if is_breaking else "non_breaking" for is_breaking in taken)
        self.dismiss(tuple(f"{model}={word}" for model, word in zip(self._models, words, strict=True)))

    @on(Button.Pressed, "#close")
    def _close(self) -> None:
        self.dismiss(None)
