"""Asks for a plan with choices, also for an environment that is not there yet."""

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.suggester import SuggestFromList
from textual.widgets import Button, Input, Label, Static

from store.models import Tool
from tui import formats
from tui.plan_request import PlanPlace, PlanRequest, Understood, plan_options, understood
from tui.widgets.tick import Tick

_FIELDS = {
    # The field: what stands before it, what stands in it while it is empty.
    "environment": ("environment", "dev_anna, or a new name"),
    "restate": ("load again", "models, apart by commas: orders, marts.daily"),
    "start": ("start", "2013-01-01, or 1 week ago"),
    "end": ("end", "2013-02-01, or yesterday"),
}


class NewPlanScreen(ModalScreen[PlanRequest | None]):
    """`enter` in any field gives the request, `esc` none."""

    CSS_PATH = "new_plan.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "close", show=False),
        Binding("enter", "submit", "show the plan", show=False),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]

    def __init__(
        self, places: Sequence[PlanPlace], projects: Sequence[tuple[str, Tool]], chosen: PlanPlace | None
    ) -> None:
        """`chosen` stands in the field at first."""
        super().__init__()
        self._places = places
        self._projects = projects
        self._chosen = chosen

    def compose(self) -> ComposeResult:
        """Fields below each other, the environment on top with what it means."""
        with Vertical(classes="dialog"):
            yield Static("Plan an environment", classes="dialog-title")
            for field in _FIELDS:
                yield from self._field(field)
                if field == "environment":
                    yield Static(id="meaning", markup=False)
            yield Tick("forward-only: keep tables, changes count from now on (space)", id="forward")
            with Horizontal(classes="dialog-answers"):
                yield Button(Text.assemble(("enter ", "bold"), "show the plan"), id="plan", compact=True)
                yield Button(Text.assemble(("esc ", "bold"), "close"), id="close", compact=True)

    def _field(self, field: str) -> ComposeResult:
        label, placeholder = _FIELDS[field]
        with Horizontal(classes="field"):
            yield Label(label)
            if field == "environment":
                names = SuggestFromList([place.reference for place in self._places])
                value = self._chosen.reference if self._chosen else ""
                yield Input(value, placeholder, id=field, compact=True, suggester=names)
            else:
                yield Input("", placeholder, id=field, compact=True)

    def on_mount(self) -> None:
        """Says what the environment that stands there means."""
        self._say_meaning()

    @on(Input.Changed, "#environment")
    def _say_meaning(self) -> None:
        meaning = self._meaning
        style = formats.BAD if meaning.is_problem and self._value("environment") else formats.MUTED
        self.query_one("#meaning", Static).update(formats.styled(meaning.sentence, style))

    @on(Input.Submitted)
    @on(Button.Pressed, "#plan")
    def action_submit(self) -> None:
        """Gives the request, where it can be understood."""
        meaning = self._meaning
        if meaning.is_problem:
            self.query_one("#meaning", Static).update(formats.styled(meaning.sentence, formats.BAD))
            self.query_one("#environment", Input).focus()
            return
        forward = self.query_one(Tick).taken
        options = plan_options(self._value("restate"), self._value("start"), self._value("end"), forward)
        self.dismiss(PlanRequest(meaning.reference, options))

    @on(Button.Pressed, "#close")
    def _close(self) -> None:
        self.dismiss(None)

    @property
    def _meaning(self) -> Understood:
        return understood(self._value("environment"), self._places, self._projects)

    def _value(self, field: str) -> str:
        return self.query_one(f"#{field}", Input).value
