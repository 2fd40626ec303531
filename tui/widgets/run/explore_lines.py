"""The pages about a model that are lines of text: overview, intervals, log."""

import asyncio
from functools import partial

from rich.text import Text
from textual.app import ComposeResult

from store.errors import StoreError
from store.events import EnvironmentState
from store.lineage.intervals import times_of
from store.lineage.overview import ModelOverview, read_overview
from store.lineage.reading import environment_state
from store.run_file import RunFileError, run_file
from tui import formats
from tui.folding import all_folded
from tui.run_view.explore.model_log import lines_about
from tui.run_view.explore.overview_text import overview_lines
from tui.run_view.explore.times_text import times_lines
from tui.run_view.steps import step_at
from tui.services import Services
from tui.widgets.run.explore_page import ExplorePage, Subject
from tui.widgets.searched import Searched
from tui.widgets.styled_lines import StyledLines


class LinesPage(ExplorePage):
    """Base of the pages whose text is laid out for a width; they are searched as every text is."""

    DEFAULT_CSS = """
    LinesPage StyledLines { padding: 0 1; }
    """

    def __init__(self, services: Services, *, id: str) -> None:
        super().__init__(id=id)
        self.services = services
        self._subject: Subject | None = None
        self._seen: tuple[str, int] | None = None

    def compose(self) -> ComposeResult:
        """The lines, and what is searched for in them."""
        yield Searched(StyledLines(), "search this page")

    def show(self, subject: Subject) -> None:
        """Reads anew where the model or its run is another than before; the clock alone changes no words."""
        self._subject = subject
        model = subject.view.record.models.get(subject.node)
        seen = (subject.node, model.change if model else 0)
        if seen != self._seen:
            self._seen = seen
            self.load(partial(self._read, subject), "lines")
        else:
            self.show_lines(subject)

    async def _read(self, subject: Subject) -> None:
        try:
            await self.read(subject)
        except StoreError as error:
            self.put([formats.styled(str(error), formats.BAD)])
        else:
            self.show_lines(subject)

    async def read(self, subject: Subject) -> None:
        """Reads what the lines are made of. Raises StoreError."""
        raise NotImplementedError

    def show_lines(self, subject: Subject, /) -> None:
        """Lays out what was read."""
        raise NotImplementedError

    def put(self, lines: list[Text]) -> None:
        """Shows lines; what is longer than the page is wide goes on below."""
        self.query_one(StyledLines).show(all_folded(lines, self.width))

    @property
    def width(self) -> int:
        """Cells of a line."""
        return max(20, self.size.width - 3)

    def on_resize(self) -> None:
        """Lines are laid out for a width."""
        if self._subject is not None:
            self.show_lines(self._subject)

    def take_focus(self) -> None:
        """The keys scroll."""
        self.query_one(StyledLines).focus()


class OverviewPage(LinesPage):
    """How the model fared in this run and lately, and what comes next."""

    _overview: ModelOverview | None = None

    async def read(self, subject: Subject) -> None:
        """Asks the record for the model's past."""
        view = subject.view
        async with self.services.reads() as reader:
            self._overview = await read_overview(reader, view.record, subject.lineage, subject.node, view.now)

    def show_lines(self, subject: Subject) -> None:
        """Lays out what was read."""
        overview = self._overview
        if overview is not None and overview.node.model == subject.node:
            self.put(overview_lines(overview, subject.view, self.width))

    def copied(self) -> str | None:
        """The whole error."""
        execution = self._overview.execution if self._overview else None
        return execution.error if execution else None


class IntervalsPage(LinesPage):
    """What the run processed of the model's time, what is loaded, what is missing."""

    _state: EnvironmentState | None = None

    async def read(self, subject: Subject) -> None:
        """Asks the record what SQLMesh last said."""
        async with self.services.reads() as reader:
            self._state = await environment_state(reader, subject.view.record.run)

    def show_lines(self, subject: Subject) -> None:
        """Lays out what was read."""
        record = subject.view.record
        times = times_of(record, self._state, subject.node)
        self.put(times_lines(times, record.run.tool == "dbt", self.width, subject.view.now))


class LogPage(LinesPage):
    """What the log of its step says of the model; a key goes to the whole log."""

    _lines: tuple[Text, ...] = ()

    async def read(self, subject: Subject) -> None:
        """Reads the log in a thread."""
        record, node = subject.view.record, subject.node
        step = step_at(record.steps, record.moment_of(node))
        if step is None or step.log is None:
            self._lines = (Text("No log lines: it was not executed in this run.", formats.MUTED),)
            return
        try:
            log = await asyncio.to_thread(run_file, self.services.paths.run(record.run.id).folder, step.log)
            lines = await asyncio.to_thread(lines_about, log, node, record.name_of(node))
        except (OSError, RunFileError) as error:
            self._lines = (Text(f"The log cannot be read: {error}", formats.MUTED),)
            return
        if not lines:
            lines = [Text(f"The log of the step {step.name} names it nowhere: l opens that log.", formats.MUTED)]
        self._lines = tuple(lines)

    def show_lines(self, _: Subject) -> None:
        """Shows what was read."""
        self.put(list(self._lines))
