"""Asks how a job shall be called that always runs the version of a run."""

from collections.abc import Awaitable, Callable

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from engine.errors import RunroomError
from engine.protocol import PinnedJob
from store.models import Run
from store.text import one_line
from tui import formats, keymap

Pin = Callable[[str], Awaitable[PinnedJob]]
"""Writes the job of this name. Raises RunroomError where that cannot be."""


class PinJobScreen(ModalScreen[PinnedJob | None]):
    """A line for the name. Stays open until the job is written, and gives it; None when nobody wants it any more."""

    BINDINGS = [keymap.BY_ID["dialog.close"].binding()]  # noqa: RUF012 - as Textual has it
    DEFAULT_CSS = """
    PinJobScreen { align: center middle; }
    PinJobScreen Input { border: none; height: 1; margin: 1 0; background: $boost; }
    """

    def __init__(self, run: Run, pin: Pin) -> None:
        super().__init__()
        self._run = run
        self._pin = pin

    def compose(self) -> ComposeResult:
        """What it will be, its name, and what is wrong with that."""
        run = self._run
        with Vertical(classes="dialog"):
            yield Static(Text(f"Create a job from #{run.id}"), classes="dialog-title")
            yield Static(_what(run))
            yield Input(f"{run.job or run.name}-{run.id}".replace(" ", "-"), compact=True, select_on_focus=False)
            yield Static(Text("enter writes it into runroom.toml, esc forgets it", formats.MUTED), id="problem")

    @on(Input.Submitted)
    def _wanted(self, event: Input.Submitted) -> None:
        event.stop()
        self.run_worker(self._write(event.value.strip()), exclusive=True)

    async def _write(self, name: str) -> None:
        try:
            pinned = await self._pin(name)
        except RunroomError as error:
            self.query_one("#problem", Static).update(formats.styled(str(error), formats.BAD))
            return
        self.dismiss(pinned)

    def action_dismiss_dialog(self) -> None:
        """Nothing is written."""
        self.dismiss(None)


def _what(run: Run) -> Text:
    """What the job will do, and what of the run it will not: a selection made by hand is none of the job's steps."""
    place = f"{one_line(run.project)}/{one_line(run.environment)}"
    text = Text(f"It executes the steps of #{run.id} in {place}, always with the files that it saw.")
    if run.options.select or run.options.exclude:
        chosen = " ".join(run.options.select) or f"all but {' '.join(run.options.exclude)}"
        text.append(
            f" It builds all of it, not only what #{run.id} was narrowed to: {one_line(chosen)}.", formats.MUTED
        )
    return text
