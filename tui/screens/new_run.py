"""Chooses a job to start."""

from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from store.models import Job
from tui import formats


@dataclass(frozen=True, slots=True)
class JobChoice:
    """A job to start: the whole of it, or `in_part`."""

    job: Job
    in_part: bool = False


class NewRunScreen(ModalScreen[JobChoice | None]):
    """Lists jobs with what they run; typing narrows the list.

    `enter` gives the chosen one, `tab` the chosen one of which only a part is to run, `esc` none.
    """

    CSS_PATH = "new_run.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "close", show=False),
        Binding("tab", "choose_part", "choose models", show=False, priority=True),
        Binding("down,ctrl+n", "move(1)", show=False, priority=True),
        Binding("up,ctrl+p", "move(-1)", show=False, priority=True),
    ]

    def __init__(self, jobs: tuple[Job, ...]) -> None:
        super().__init__()
        self._jobs = jobs
        self._shown: list[Job] = []

    def compose(self) -> ComposeResult:
        """A box to type in over the list."""
        with Vertical(classes="dialog"):
            yield Static("Start a job", classes="dialog-title")
            yield Input(placeholder="part of a name", compact=True, id="job-search")
            yield OptionList(id="job-list", compact=True)
            yield Static(
                Text("enter start   tab choose models and options   esc close", formats.MUTED), classes="dialog-keys"
            )

    def on_mount(self) -> None:
        """All jobs at first."""
        self._narrow("")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._narrow(event.value)

    def _narrow(self, text: str) -> None:
        words = text.lower().split()
        self._shown = [job for job in self._jobs if all(word in _searched(job) for word in words)]
        options = self.query_one(OptionList)
        width = max((len(job.name) for job in self._shown), default=0)
        options.set_options(Option(_line(job, width)) for job in self._shown)
        options.highlighted = 0 if self._shown else None

    def action_move(self, steps: int) -> None:
        """The list moves while the box keeps the focus."""
        options = self.query_one(OptionList)
        if self._shown:
            options.highlighted = ((options.highlighted or 0) + steps) % len(self._shown)

    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def _chosen(self) -> None:
        self._give(in_part=False)

    def action_choose_part(self) -> None:
        """Models and options are chosen before it starts."""
        self._give(in_part=True)

    def _give(self, in_part: bool) -> None:
        highlighted = self.query_one(OptionList).highlighted
        if highlighted is not None and self._shown:
            self.dismiss(JobChoice(self._shown[highlighted], in_part))


def _searched(job: Job) -> str:
    return f"{job.name} {job.project}/{job.environment} {job.kind}".lower()


def _line(job: Job, width: int) -> Text:
    text = Text(job.name.ljust(width), "bold", no_wrap=True, overflow="ellipsis")
    text.append(f"  {job.project}/{job.environment}", "not bold")
    return text.append(f"  {' → '.join(job.steps)}", "not bold dim")
