"""Asks what is known of runs that failed, and says what was noted before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Markdown, Static, TextArea

from store import wording
from store.models import Run
from store.text import one_line, plain
from tui import formats, keymap
from tui.times import zone_of

_NAMED = 5


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What was answered: a note in Markdown, which may be empty, or that the failures are new again."""

    note: str = ""
    takes_back: bool = False


class AcknowledgeScreen(ModalScreen[Acknowledgement | None]):
    """`ctrl+s` keeps the note, `ctrl+x` takes an acknowledgement back, `esc` leaves all as it is."""

    CSS_PATH = "acknowledge.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        keymap.BY_ID["dialog.close"].binding(),
        Binding("ctrl+s", "keep", "acknowledge", show=False, priority=True),
        Binding("ctrl+x", "take_back", "take it back", show=False, priority=True),
    ]

    def __init__(self, runs: Sequence[Run]) -> None:
        """The runs have failed."""
        super().__init__()
        self._runs = runs
        self._noted = next((run for run in runs if run.handling == "acknowledged"), None)

    def compose(self) -> ComposeResult:
        """The runs, the note of before, the new one."""
        with Vertical(classes="dialog"):
            yield Static(self._title(), classes="dialog-title")
            if self._noted is not None:
                yield Static(self._noted_by(self._noted), classes="dialog-body")
                yield Markdown(plain(self._noted.acknowledgement or ""), open_links=False)
            yield TextArea(self._before, show_line_numbers=False, tab_behavior="focus", placeholder=_HINT, compact=True)
            with Horizontal(classes="dialog-answers"):
                yield Button(Text.assemble(("ctrl+s ", "bold"), "acknowledge"), id="keep", compact=True)
                if self._noted is not None:
                    yield Button(Text.assemble(("ctrl+x ", "bold"), "take it back"), id="take-back", compact=True)
                yield Button(Text.assemble(("esc ", "bold"), "close"), id="close", compact=True)

    @property
    def _before(self) -> str:
        return plain(self._noted.acknowledgement or "") if self._noted is not None else ""

    def _title(self) -> Text:
        named = ", ".join(f"#{run.id} {one_line(run.name)}" for run in self._runs[:_NAMED])
        more = len(self._runs) - _NAMED
        return Text(f"Acknowledge {named}{f' and {more} more' if more > 0 else ''}")

    def _noted_by(self, run: Run) -> Text:
        who = one_line(run.acknowledged_by or "somebody")
        since = wording.date_and_time(run.acknowledged_at, zone_of(self))
        return formats.styled(f"{who} knows of it since {since}.", formats.MUTED)

    @on(Button.Pressed, "#keep")
    def action_keep(self) -> None:
        """Gives the note."""
        self.dismiss(Acknowledgement(self.query_one(TextArea).text.strip()))

    @on(Button.Pressed, "#take-back")
    def action_take_back(self) -> None:
        """The failures are new again."""
        if self._noted is not None:
            self.dismiss(Acknowledgement(takes_back=True))

    @on(Button.Pressed, "#close")
    def action_dismiss_dialog(self) -> None:
        """All stays as it is."""
        self.dismiss(None)


_HINT = "What is known of it, in Markdown; may stay empty."
