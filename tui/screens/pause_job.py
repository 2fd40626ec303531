"""Asks why a job is paused."""

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from store.models import Job
from store.text import one_line
from tui import formats, keymap
from tui.job_starts import starts_text

_LONGEST_REASON = 200


class PauseJobScreen(ModalScreen[str | None]):
    """A line for the reason, which cannot be empty. Gives it; None when the job shall go on."""

    BINDINGS = [keymap.BY_ID["dialog.close"].binding()]  # noqa: RUF012 - as Textual has it
    DEFAULT_CSS = """
    PauseJobScreen { align: center middle; }
    PauseJobScreen Input { border: none; height: 1; margin: 1 0; background: $boost; }
    """

    def __init__(self, job: Job) -> None:
        super().__init__()
        self._job = job

    def compose(self) -> ComposeResult:
        """Question, what it means, the reason."""
        job = self._job
        with Vertical(classes="dialog"):
            yield Static(
                Text(f"Pause {one_line(job.name)} in {job.project}/{job.environment}?"), classes="dialog-title"
            )
            yield Static(
                Text(f"It will not start by itself ({one_line(starts_text(job))}). By hand it starts as ever.")
            )
            yield Input(placeholder="why?", compact=True, max_length=_LONGEST_REASON)
            yield Static(Text("enter pauses it, esc lets it go on", formats.MUTED), id="hint")

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        event.stop()
        if reason := event.value.strip():
            self.dismiss(reason)
        else:
            self.query_one("#hint", Static).update(
                formats.styled("Whoever finds it paused wants to know why.", formats.BAD)
            )

    def action_dismiss_dialog(self) -> None:
        """It goes on."""
        self.dismiss(None)
