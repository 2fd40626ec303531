"""Home: the environments with their health, and for the chosen one how it stands and what ran."""

import asyncio
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import OptionList, Static

from store import wording
from store.errors import StoreError
from store.models import Run, RunOptions
from tui import formats, home_actions, keymap, run_actions
from tui.activity_filter import ActivityFilter
from tui.feed import EngineState, RunsChanged
from tui.filter_text import Names
from tui.home_record import HomeRecord, reading, why_empty, why_unreadable
from tui.journey import Spot
from tui.overview import EVERYWHERE, Overview, Place
from tui.plan_request import PlanPlace, PlanRequest
from tui.screens.marking import MarkingActions
from tui.screens.narrowing import NarrowingActions
from tui.screens.triage import TriageActions
from tui.search.choices import ScopeChoice, choices_from
from tui.services import Services
from tui.times import zone_of
from tui.widgets.activity import Activity
from tui.widgets.environment_list import EnvironmentList
from tui.widgets.history_chart import HistoryChart
from tui.widgets.key_line import KeyLine
from tui.widgets.place_summary import PlaceSummary
from tui.widgets.top_bar import TopBar, engine_sign

_TALL = 36
_PAUSE_S = 0.25
"""Between two readings of the workspace: what changes all the time is read, and drawn, only so often."""


class EnvironmentsScreen(MarkingActions, NarrowingActions, TriageActions):
    """Reads the workspace again whenever the feed says that something changed."""

    CSS_PATH = "environments.tcss"
    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("environments", "triage")
    HELP_SCOPES: ClassVar[tuple[keymap.Scope, ...]] = ("environments", "triage", "activity", "chart", "lists")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - Textual declares it without ClassVar
    AUTO_FOCUS = "ActivityTable"

    def __init__(self, services: Services, chosen: ActivityFilter | None = None) -> None:
        super().__init__()
        self.services = services
        self._first_filter = chosen
        self._record = HomeRecord(services)
        self._place = EVERYWHERE
        self._engine: EngineState | None = None
        self._stale = asyncio.Event()
        self._is_unreadable = False

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
        self._say_state(reading())
        self._say_top()
        self.set_interval(1, self._tick)
        self._stale.set()
        self.run_worker(self._follow(), group="follow")

    def spot(self) -> Spot:
        """Home stays as it is behind every other page."""
        return Spot("home", lambda: EnvironmentsScreen(self.services))

    @property
    def activity(self) -> Activity:
        """The list of runs."""
        return self.query_one(Activity)

    @property
    def _overview(self) -> Overview | None:
        return self._record.overview

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
            await asyncio.sleep(_PAUSE_S)

    async def _read(self) -> Text | None:
        """Reads the workspace; gives what keeps it from being shown, if anything does."""
        try:
            await self._record.read(self._place, zone_of(self))
        except StoreError as error:
            self._is_unreadable = True
            return why_unreadable(error, self._engine)
        self._is_unreadable = False
        return why_empty(self._overview, self._engine) if self._overview is not None else None

    def _show(self, problem: Text | None) -> None:
        self._say_state(problem)
        self._say_top()
        if problem is None and self._overview is not None:
            self.query_one(EnvironmentList).show(self._overview)
            self._show_place()

    def _show_place(self) -> None:
        if self._overview is not None:
            self.query_one(PlaceSummary).show(self._overview, self._place, self.services.clock())
            self.query_one(HistoryChart).show(self._record.history)
            self.activity.show_place(self._place, self._overview.last_id)
            self.activity.show_upcoming(self._overview.starting_within(self._place))

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
        name = self._overview.name if self._overview is not None else self.services.paths.folder.name
        if self.services.readonly:
            name += "  (read-only)"
        running = self._overview.running if self._overview is not None else 0
        if watched := self.services.watched.runs:
            name += f"  watching {', '.join(f'#{run_id}' for run_id in sorted(watched))}"
        if marked := len(self.activity.marks):
            name += f"  {wording.counted(marked, 'run')} marked, esc unmarks"
        self.query_one(TopBar).say(name, engine_sign(self._engine), running, self.services.clock(), zone_of(self))

    def say_marks(self) -> None:
        """Tells how many runs are marked."""
        self._say_top()

    def _tick(self) -> None:
        if not self.is_current:
            return
        self._say_top()
        whole_minute = self.services.clock().second == 0
        self.activity.tick(whole_minute)
        if whole_minute:
            self._stale.set()  # how fresh models are depends on the time

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
        self.activity.narrow(ActivityFilter())
        self.activity.table.select_key(str(event.run_id))
        self.activity.table.focus()

    @on(OptionList.OptionSelected)
    def _enter_place(self) -> None:
        self.activity.table.focus()

    def show_place(self, place: Place) -> None:
        """Goes to an environment, a project or the whole workspace."""
        self.query_one(EnvironmentList).choose(place)

    def list_runs(self, text: str) -> None:
        """Lists the runs that the text of a filter lets through."""
        self.activity.narrow(ActivityFilter().with_text(text))
        self.activity.table.focus()

    def action_show_everywhere(self) -> None:
        """Goes to the whole workspace."""
        self.show_place(EVERYWHERE)

    def names(self) -> Names:
        """What a filter may be completed to, by prefix."""
        overview = self._overview
        if overview is None:
            return {}
        places = [f"{state.environment.project}/{state.environment.name}" for state in overview.environments]
        jobs = sorted({job.name for job in overview.jobs})
        return {"job": jobs, "env": places, "project": list(overview.projects)}

    # -- acting -------------------------------------------------------------------------------------------------

    @on(Activity.Chosen)
    def _open(self, event: Activity.Chosen) -> None:
        self.app.open_run(event.run_id)  # type: ignore[attr-defined]

    def searched_run(self) -> int | None:
        """The run under the cursor, where there is one."""
        run = self.activity.run_under_cursor
        return run.id if run is not None else None

    def search_choices(self, run: Run | None) -> tuple[ScopeChoice, ...]:
        """The workspace first, the chosen run last."""
        return tuple(reversed(choices_from(run)))

    def triaged_run(self) -> int | None:
        """The run under the cursor."""
        run = self.chosen_run("look at")
        return run.id if run is not None else None

    def action_copy_run(self) -> None:
        """Copies the number of the run under the cursor."""
        if (run := self.chosen_run("copy")) is not None:
            self.run_worker(run_actions.copy(self.app, self.services, f"#{run.id}"), group="act")

    def action_watch(self) -> None:
        """Wants to be told of the end of the run under the cursor, or no longer."""
        run = self.chosen_run("watch")
        if run is not None and run.is_active:
            run_actions.watch(self.app, self.services, run.id)
            self._say_top()
        elif run is not None:
            run_actions.notify(self.app, f"#{run.id} has ended already.")

    def action_new_run(self) -> None:
        """Lets the person choose a job, and starts it."""
        if self._overview is not None:
            work = home_actions.start_a_job(self.app, self.services, self._overview, self._place)
            self.run_worker(work, group="act")

    def action_plan_environment(self) -> None:
        """Plans the chosen environment and shows the plan; where none is chosen, asks which."""
        place = self._chosen_place
        if place is None:
            self.action_new_plan()
        else:
            request = PlanRequest(place.reference, RunOptions())
            self.run_worker(home_actions.show_plan(self.app, self.services, request), group="act")

    def action_new_plan(self) -> None:
        """Asks what to plan, and how."""
        if self._overview is not None:
            work = home_actions.ask_for_plan(self.app, self.services, self._overview, self._chosen_place)
            self.run_worker(work, group="act")

    def action_show_jobs(self) -> None:
        """Shows the jobs of the workspace."""
        from tui.screens.jobs import JobsScreen

        self.app.open_page(JobsScreen(self.services, self._engine))  # type: ignore[attr-defined]

    def action_show_models(self) -> None:
        """Shows what is loaded and missing of each model of the chosen environment."""
        place = self._chosen_place
        if place is None:
            run_actions.notify_error(self.app, "Choose an environment in the list at left first.")
            return
        from tui.screens.environment import EnvironmentScreen

        page = EnvironmentScreen(self.services, Place(place.environment.project, place.environment.name))
        self.app.open_page(page)  # type: ignore[attr-defined]

    def action_refresh_environments(self) -> None:
        """Has SQLMesh asked for the state of the chosen project's environments, or of all; reads again what failed."""
        if self._is_unreadable or self.activity.is_unreadable:
            self._stale.set()
            self.activity.read_again()
            return
        self.run_worker(home_actions.refresh_environments(self.app, self.services, self._place.project), group="act")

    @property
    def _chosen_place(self) -> PlanPlace | None:
        states = self._overview.within(self._place) if self._overview is not None else ()
        return PlanPlace(states[0].environment, states[0].tool) if len(states) == 1 else None
