"""Home: the environments with their health, and for the chosen one how it stands and what ran."""

import asyncio
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import OptionList, Static

from store.errors import StoreError, StoreMissing, StoreOutdated
from store.models import Environment, Job, Run, RunOptions
from store.reads import StoreReader
from tui import formats, keymap, run_actions
from tui.activity_filter import TABS, ActivityFilter
from tui.feed import EngineState, RunsChanged
from tui.overview import EVERYWHERE, Overview, Place, read_overview
from tui.plan_request import PlanPlace, PlanRequest
from tui.run_history import LIVE_STEP_S, History, read_history
from tui.services import Services
from tui.times import zone_of
from tui.widgets.activity import Activity
from tui.widgets.environment_list import EnvironmentList
from tui.widgets.history_chart import HistoryChart
from tui.widgets.key_line import KeyLine
from tui.widgets.place_summary import PlaceSummary
from tui.widgets.top_bar import TopBar

_TALL = 36
_STARTING = "Starting the engine …"
_NOTHING_CONFIGURED = (
    "No project here yet.\n\nOpen Runroom in the folder of a dbt or SQLMesh project, or write a runroom.toml:\n"
    "`runroom init` makes one with comments in it."
)


class EnvironmentsScreen(Screen[None]):
    """Reads the workspace again whenever the feed says that something changed."""

    CSS_PATH = "environments.tcss"
    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("environments")
    HELP_SCOPES: ClassVar[tuple[keymap.Scope, ...]] = ("environments", "activity", "chart", "lists")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - Textual declares it without ClassVar
    AUTO_FOCUS = "ActivityTable"

    def __init__(self, services: Services, chosen: ActivityFilter | None = None) -> None:
        super().__init__()
        self.services = services
        self._first_filter = chosen
        self._overview: Overview | None = None
        self._place = EVERYWHERE
        self._history = History(())
        self._history_known: tuple[object, ...] = ()
        self._engine: EngineState | None = None
        self._stale = asyncio.Event()

    def compose(self) -> ComposeResult:
        """Top line, two panes, keys."""
        yield TopBar()
        with Horizontal(id="panes"):
            yield EnvironmentList()
            with Vertical(id="place"):
                yield PlaceSummary()
                yield HistoryChart()
                yield Activity(self.services, self._first_filter)
            yield Static(id="page-state")
        yield KeyLine()

    def on_mount(self) -> None:
        """Reads the workspace without making the first paint wait for it."""
        self._say_state(formats.styled(_STARTING, formats.MUTED))
        self._say_top()
        self.set_interval(1, self._tick)
        self._stale.set()
        self.run_worker(self._follow(), group="follow")

    @property
    def activity(self) -> Activity:
        """The list of runs."""
        return self.query_one(Activity)

    # -- the workspace ------------------------------------------------------------------------------------------

    def on_runs_changed(self, event: RunsChanged) -> None:
        """A nudge: read again, as soon as the reading that goes on has ended."""
        self._stale.set()
        self.activity.runs_changed(event)

    def on_engine_state(self, event: EngineState) -> None:
        """The engine answers, or does not."""
        before, self._engine = self._engine, event
        self._say_top()
        if self._overview is None or not self._overview.environments:
            if event.sentence:
                self._say_state(formats.styled(event.sentence, formats.BAD))
        elif event.connected and event.sentence and (before is None or before.sentence != event.sentence):
            run_actions.notify_error(self.app, event.sentence)

    async def _follow(self) -> None:
        while True:
            await self._stale.wait()
            self._stale.clear()
            self._show(await self._read())

    async def _read(self) -> Text | None:
        """Reads the workspace; gives what keeps it from being shown, if anything does."""
        try:
            async with self.services.reads() as reader:
                self._overview = await read_overview(reader)
                await self._read_history(reader, self._overview)
        except (StoreMissing, StoreOutdated):
            if self._engine is not None and not self._engine.connected:
                return formats.styled(self._engine.sentence, formats.BAD)
            return formats.styled(_STARTING, formats.MUTED)
        except StoreError as error:
            return formats.styled(str(error), formats.BAD)
        if self._overview.environments:
            return None
        problem = self._engine.sentence if self._engine is not None else ""
        return formats.styled(problem, formats.BAD) if problem else Text(_NOTHING_CONFIGURED)

    async def _read_history(self, reader: StoreReader, overview: Overview) -> None:
        """Reads two weeks again when a run came, went or changed its status, not for every model of a live one."""
        now, zone = self.services.clock(), zone_of(self)
        step = int(now.timestamp()) // LIVE_STEP_S
        known = (self._place, zone, overview.last_id, [(run.id, run.status) for run in overview.active], step)
        if known != self._history_known:
            self._history_known = known
            self._history = await read_history(reader, self._place, now, zone)

    def _show(self, problem: Text | None) -> None:
        self._say_state(problem)
        self._say_top()
        if problem is None and self._overview is not None:
            self.query_one(EnvironmentList).show(self._overview)
            self._show_place()

    def _show_place(self) -> None:
        if self._overview is not None:
            self.query_one(PlaceSummary).show(self._overview, self._place, self.services.clock())
            self.query_one(HistoryChart).show(self._history)
            self.activity.show_place(self._place, self._overview.last_id)

    def _say_state(self, sentence: Text | None) -> None:
        """What stands in the place of the panes; None when the panes have something to show."""
        state = self.query_one("#page-state", Static)
        state.display = sentence is not None
        self.query_one(EnvironmentList).display = self.query_one("#place").display = sentence is None
        if sentence is not None:
            state.update(sentence)
        elif self.focused is None:
            self.activity.table.focus()

    def _say_top(self) -> None:
        if self._engine is None:
            engine = Text("○ engine", formats.MUTED)
        elif self._engine.connected and self._engine.sentence:
            engine = Text("▲ configuration", formats.WARNING)
        elif self._engine.connected:
            engine = Text.assemble(("●", formats.GOOD), " engine")
        else:
            engine = Text("✗ engine offline", formats.BAD)
        name = self._overview.name if self._overview is not None else self.services.paths.folder.name
        if self.services.readonly:
            name += "  (read-only)"
        running = self._overview.running if self._overview is not None else 0
        self.query_one(TopBar).say(name, engine, running, self.services.clock(), zone_of(self))

    def _tick(self) -> None:
        if not self.is_current:
            return
        self._say_top()
        whole_minute = self.services.clock().second == 0
        self.activity.tick(whole_minute)
        if whole_minute and self._overview is not None:
            self.query_one(PlaceSummary).show(self._overview, self._place, self.services.clock())

    def times_changed(self) -> None:
        """Times are shown in another zone, where days begin at another time."""
        self._stale.set()
        self._say_top()
        self.activity.table.redraw()

    def on_screen_resume(self) -> None:
        """Another screen was in front: what it let pass is looked at again."""
        self._stale.set()
        self.activity.tick(whole_minute=True)

    def on_resize(self) -> None:
        """The figures that fit depend on the width, the plot on the height."""
        self.query_one(HistoryChart).tall = self.size.height >= _TALL
        self.call_after_refresh(self._show_place)

    # -- choosing -----------------------------------------------------------------------------------------------

    @on(EnvironmentList.Chosen)
    def _choose_place(self, event: EnvironmentList.Chosen) -> None:
        self._place = event.place
        self._stale.set()
        self._show_place()

    @on(HistoryChart.Opened)
    def _go_to_run(self, event: HistoryChart.Opened) -> None:
        self._narrow(ActivityFilter())
        self.activity.table.select_key(str(event.run_id))
        self.activity.table.focus()

    @on(OptionList.OptionSelected)
    def _enter_place(self) -> None:
        self.activity.table.focus()

    def show_place(self, place: Place) -> None:
        """Goes to an environment, a project or the whole workspace."""
        self.query_one(EnvironmentList).choose(place)

    def action_show_everywhere(self) -> None:
        """Goes to the whole workspace."""
        self.show_place(EVERYWHERE)

    def action_show_tab(self, tab: str) -> None:
        """Shows the runs of some statuses."""
        self._narrow(self.activity.chosen.next_tab(list(TABS).index(tab) - list(TABS).index(self.activity.chosen.tab)))

    def action_next_tab(self, steps: int) -> None:
        """Shows the runs of other statuses."""
        self._narrow(self.activity.chosen.next_tab(steps))

    def action_next_kind(self) -> None:
        """Shows another kind of runs."""
        self._narrow(self.activity.chosen.next_kind())

    def action_toggle_order(self) -> None:
        """Newest first, or oldest first."""
        self._narrow(self.activity.chosen.turned())

    def action_clear_filter(self) -> None:
        """Shows everything again."""
        self._narrow(ActivityFilter())

    def action_filter(self) -> None:
        """Lets the person type a filter."""
        overview = self._overview
        if overview is None:
            return
        places = [f"{state.environment.project}/{state.environment.name}" for state in overview.environments]
        jobs = sorted({job.name for job in overview.jobs})
        self.activity.open_filter({"job": jobs, "env": places, "project": list(overview.projects)})

    def _narrow(self, chosen: ActivityFilter) -> None:
        self.activity.narrow(chosen)

    # -- acting -------------------------------------------------------------------------------------------------
    # What only some key needs is imported when it is pressed: the first picture does not wait for it.

    @on(Activity.Chosen)
    def _open(self, event: Activity.Chosen) -> None:
        self.app.open_run(event.run_id)  # type: ignore[attr-defined]

    def action_stop_run(self) -> None:
        """Stops the run under the cursor, after asking."""
        if (run := self._run("stop")) is not None:
            self.run_worker(run_actions.stop_run(self.app, self.services, run.id), group="act")

    def action_rerun_run(self) -> None:
        """Runs the run under the cursor again."""
        if (run := self._run("run again")) is not None:
            self.run_worker(run_actions.run_again(self.app, self.services, run.id), group="act")

    def action_copy_run(self) -> None:
        """Copies the number of the run under the cursor."""
        if (run := self._run("copy")) is not None:
            self.run_worker(run_actions.copy(self.app, self.services, f"#{run.id}"), group="act")

    def action_new_run(self) -> None:
        """Lets the person choose a job, and starts it."""
        if self.services.readonly:
            run_actions.notify_error(self.app, run_actions.READ_ONLY)
        elif self._overview is not None:
            self.run_worker(self._start_a_job(self._overview), group="act")

    async def _start_a_job(self, overview: Overview) -> None:
        from tui.screens.new_run import NewRunScreen

        here = overview.jobs_within(self._place)
        job = await self.app.push_screen_wait(NewRunScreen(here or overview.jobs))
        if job is not None:
            await run_actions.start_job(self.app, self.services, job, _environment_of(overview, job))

    def action_plan_environment(self) -> None:
        """Plans the chosen environment and shows the plan; where none is chosen, asks which."""
        place = self._chosen_place
        if place is None:
            self.action_new_plan()
        else:
            self.run_worker(self._show_plan(PlanRequest(place.reference, RunOptions())), group="act")

    def action_new_plan(self) -> None:
        """Asks what to plan, and how."""
        if self.services.readonly:
            run_actions.notify_error(self.app, run_actions.READ_ONLY)
        elif self._overview is not None:
            self.run_worker(self._ask_for_plan(self._overview), group="act")

    async def _ask_for_plan(self, overview: Overview) -> None:
        from tui.screens.new_plan import NewPlanScreen

        places = [PlanPlace(each.environment, each.tool) for each in overview.environments]
        projects = sorted({(place.environment.project, place.tool) for place in places})
        request = await self.app.push_screen_wait(NewPlanScreen(places, projects, self._chosen_place))
        if request is not None:
            await self._show_plan(request)

    async def _show_plan(self, request: PlanRequest) -> None:
        from tui import plan_actions

        run = await plan_actions.make_plan(self.app, self.services, request.environment, request.options)
        if run is not None:
            self.app.open_run(run.id)  # type: ignore[attr-defined]

    def action_show_models(self) -> None:
        """Shows what is loaded and missing of each model of the chosen environment."""
        place = self._chosen_place
        if place is None:
            run_actions.notify_error(self.app, "Choose an environment in the list at left first.")
            return
        from tui.screens.environment import EnvironmentScreen

        self.app.push_screen(EnvironmentScreen(self.services, Place(place.environment.project, place.environment.name)))

    def action_refresh_environments(self) -> None:
        """Has SQLMesh asked for the state of the chosen project's environments, or of all."""
        from tui import plan_actions

        self.run_worker(plan_actions.refresh_environments(self.app, self.services, self._place.project), group="act")

    @property
    def _chosen_place(self) -> PlanPlace | None:
        states = self._overview.within(self._place) if self._overview is not None else ()
        return PlanPlace(states[0].environment, states[0].tool) if len(states) == 1 else None

    def _run(self, deed: str) -> Run | None:
        run = self.activity.run_under_cursor
        if run is None:
            run_actions.notify_error(self.app, f"There is no run to {deed}.")
        return run


def _environment_of(overview: Overview, job: Job) -> Environment | None:
    states = overview.within(Place(job.project, job.environment))
    return states[0].environment if states else None
