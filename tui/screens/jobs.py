"""The jobs of the workspace: what starts them, when next, how they fared lately."""

import asyncio
from collections.abc import Mapping
from typing import Any, ClassVar

from rich.table import Table
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import DataTable, Static

from store.errors import StoreError
from store.job_glance import JobGlance, read_jobs
from store.remote_looks import looks_of, problems_of
from store.text import one_line
from tui import formats, job_actions, keymap, run_actions
from tui.feed import EngineState, RunsChanged
from tui.job_view import COLUMNS, job_cells, job_facts
from tui.journey import Spot
from tui.services import Services
from tui.times import zone_of
from tui.widgets.key_line import KeyLine
from tui.widgets.keyed_table import KeyedTable
from tui.widgets.row_table import TableRow
from tui.widgets.top_bar import TopBar, engine_sign

_NO_JOBS = "No job here yet. Every dbt or SQLMesh project has some; write your own into runroom.toml: `runroom init`."


class JobsTable(KeyedTable[JobGlance]):
    """The table itself, with the keys of lists."""

    BINDINGS: ClassVar[list[BindingType]] = [keymap.BY_ID["jobs.history"].binding(), *keymap.bindings("lists")]


class JobsScreen(Screen[None]):
    """Reads the jobs again whenever the feed says that something changed. `engine` is what was last heard of it."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("jobs")
    HELP_SCOPES: ClassVar[tuple[keymap.Scope, ...]] = ("jobs", "lists")
    CSS_PATH = "jobs.tcss"
    AUTO_FOCUS = "JobsTable"

    def __init__(self, services: Services, engine: EngineState | None = None, chosen: str | None = None) -> None:
        super().__init__()
        self.services = services
        self._engine = engine
        self._chosen = chosen
        self._workspace = services.paths.folder.name
        self._remotes: list[str] = []
        self._stale = asyncio.Event()

    def compose(self) -> ComposeResult:
        """Top line, what is wrong, the table, the chosen job, keys."""
        yield TopBar()
        yield Static(id="problem")
        with Vertical(id="jobs"):
            yield JobsTable(self._cells, COLUMNS)
            yield Static(id="chosen")
        yield Static(id="page-state")
        yield KeyLine()

    def on_mount(self) -> None:
        """Reads without making the first paint wait for it."""
        self.query_one("#jobs").display = False
        self._say_top()
        self.set_interval(1, self._tick)
        self._stale.set()
        self.run_worker(self._follow(), group="follow")

    def spot(self) -> Spot:
        """This page, on the job that is chosen."""
        chosen = self.query_one(JobsTable).cursor_key
        return Spot("jobs", lambda: JobsScreen(self.services, self._engine, chosen))

    # -- what is shown ------------------------------------------------------------------------------------------

    def on_runs_changed(self, _: RunsChanged) -> None:
        """A nudge: read again, as soon as the reading that goes on has ended."""
        self._stale.set()

    def on_engine_state(self, event: EngineState) -> None:
        """The engine answers, or does not; or the configuration became right or wrong."""
        self._engine = event
        self._say_top()

    def on_screen_resume(self) -> None:
        """Another screen was in front."""
        self._stale.set()

    async def _follow(self) -> None:
        while True:
            await self._stale.wait()
            self._stale.clear()
            try:
                async with self.services.reads() as reader:
                    self._workspace = await reader.workspace_name() or self._workspace
                    found = await read_jobs(reader, await reader.jobs(), self.services.clock())
                    looks = looks_of(await reader.projects(), await reader.git.looks())
            except StoreError as error:
                self._say_state(formats.styled(str(error), formats.BAD))
            else:
                self._remotes = problems_of(looks, self.services.clock())
                self._show(found)

    def _show(self, found: list[JobGlance]) -> None:
        self._say_top()
        self._say_state(None if found else Text(_NO_JOBS))
        table = self.query_one(JobsTable)
        table.set_rows([TableRow(f"{glance.job.project}/{glance.job.name}", glance) for glance in found])
        if self._chosen is not None:
            table.select_key(self._chosen)
            self._chosen = None
        self._show_chosen()

    def _say_state(self, sentence: Text | None) -> None:
        """What stands in the place of the jobs; None when there are some."""
        self.query_one("#jobs").display = sentence is None
        state = self.query_one("#page-state", Static)
        state.display = sentence is not None
        if sentence is not None:
            state.update(sentence)
        elif self.focused is None:
            self.query_one(JobsTable).focus()

    def _say_top(self) -> None:
        name = f"{self._workspace}  jobs" + ("  (read-only)" if self.services.readonly else "")
        self.query_one(TopBar).say(name, engine_sign(self._engine), 0, self.services.clock(), zone_of(self))
        problems = [self._engine.sentence] if self._engine is not None and self._engine.sentence else []
        problems += self._remotes
        line = self.query_one("#problem", Static)
        line.display = bool(problems)
        line.update(formats.styled("\n".join(f"▲ {one_line(problem)}" for problem in problems), formats.WARNING))

    @on(DataTable.RowHighlighted)
    def _show_chosen(self) -> None:
        glance = self.query_one(JobsTable).cursor_value
        if glance is not None:
            table = Table.grid(padding=(0, 2))
            for label, value in job_facts(glance, self.services.clock(), zone_of(self)):
                table.add_row(Text(label, formats.MUTED), value)
            self.query_one("#chosen", Static).update(table)

    def _cells(self, glance: JobGlance) -> Mapping[str, Text]:
        return job_cells(glance, self.services.clock())

    def _tick(self) -> None:
        """Each minute all times are said anew; what is due then starts, and the feed tells of it."""
        if self.is_current:
            self._say_top()
            if self.services.clock().second == 0:
                self._stale.set()

    def times_changed(self) -> None:
        """Times are shown in another zone."""
        self._say_top()
        self._show_chosen()

    # -- acting -------------------------------------------------------------------------------------------------

    @on(DataTable.RowSelected)
    def _show_history(self) -> None:
        """Lists the runs of the chosen job, at home."""
        if (glance := self._glance()) is not None:
            app: Any = self.app
            app.list_runs(f"job:{glance.job.name} project:{glance.job.project}")

    def action_run_now(self) -> None:
        """Starts the chosen job."""
        if (glance := self._glance()) is not None:
            self.run_worker(job_actions.run_now(self.app, self.services, glance.job), group="act")

    def action_pause(self) -> None:
        """Pauses the chosen job, or lets it go on."""
        if (glance := self._glance()) is not None:
            self.run_worker(job_actions.pause_or_resume(self.app, self.services, glance), group="act")

    def action_test_notifications(self) -> None:
        """Sends a test message through every channel."""
        self.run_worker(job_actions.test_notifications(self.app, self.services), group="act")

    def action_edit(self) -> None:
        """Opens the configuration at the chosen job in the person's editor."""
        if (glance := self._glance()) is not None:
            self.run_worker(job_actions.edit(self.app, self.services, glance.job), group="act")

    def _glance(self) -> JobGlance | None:
        glance = self.query_one(JobsTable).cursor_value
        if glance is None:
            run_actions.notify_error(self.app, "There is no job to do that with.")
        return glance
