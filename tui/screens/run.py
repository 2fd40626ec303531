"""The page of one run: how it stands, why it failed, and everything that happened in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.timer import Timer
from textual.widgets import ContentSwitcher

from store.run_failures import failures
from store.run_record import RunRecord
from tui import formats, keymap, run_actions
from tui.feed import EngineState, RunsChanged
from tui.journey import Spot
from tui.run_follower import RunFollower
from tui.run_view.estimate import remaining_s
from tui.run_view.header import engine_line
from tui.run_view.plan import is_plan, is_preview
from tui.run_view.tabs import notes
from tui.run_view.view import RunView
from tui.screens.looking_after import LooksAfterRuns
from tui.screens.run_browsing import BrowsesRun
from tui.screens.run_standing import ShowsStanding
from tui.screens.triage import TriageActions
from tui.search.place import LogPlace
from tui.services import Services
from tui.times import zone_of
from tui.widgets.key_line import KeyLine
from tui.widgets.reading_state import ReadingState
from tui.widgets.run.artifacts import ArtifactsPane
from tui.widgets.run.audits import AuditsPane
from tui.widgets.run.changes import ChangesPane
from tui.widgets.run.explore import ExplorePane
from tui.widgets.run.header import RunHeader
from tui.widgets.run.models import ModelsPane
from tui.widgets.run.pane import PanePlace, RunPane
from tui.widgets.run.plan import PlanPane
from tui.widgets.run.steps import StepsPane
from tui.widgets.run.tab_strip import TabStrip
from tui.widgets.run.timeline import TimelinePane

_TABS = {
    "plan": "Plan",
    "models": "Models",
    "audits": "Audits",
    "explore": "Explore",
    "timeline": "Timeline",
    "steps": "Steps & logs",
    "artifacts": "Artifacts",
    "changes": "Changes",
}
_READING = "Reading the run …"


@dataclass(frozen=True, slots=True)
class PagePlace:
    """The page as it was left: the tab in front, and how each tab was."""

    tab: str
    panes: Mapping[str, PanePlace]


def at_model(model: str) -> PagePlace:
    """The page with the cursor on a model."""
    return PagePlace("models", {"models": PanePlace(cursor=model)})


class RunScreen(LooksAfterRuns, TriageActions, ShowsStanding, BrowsesRun):
    """Shows one run and follows it while it goes on.

    The record is read again whenever the feed says that the run changed; what a push missed, the next one brings.
    """

    CSS_PATH = "run.tcss"
    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("run", "triage")
    HELP_SCOPES: ClassVar[tuple[keymap.Scope, ...]] = (
        "run",
        "triage",
        "explore",
        "graph",
        "changes",
        "lists",
        "log",
        "log_lines",
        "steps",
    )
    AUTO_FOCUS = ""
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high")]  # noqa: RUF012 - Textual's own, not a class variable to it

    def __init__(
        self,
        services: Services,
        run_id: int,
        as_left: PagePlace | None = None,
        log_place: LogPlace | None = None,
    ) -> None:
        """`as_left` is how the page was when somebody left it who comes back now; else it opens at `log_place`."""
        super().__init__(services, run_id)
        self._log_place = log_place
        self._as_left = as_left
        self._follower = RunFollower(services.reads, run_id)
        self._clock: Timer | None = None
        self._is_opening = True
        self._wanted_tab: int | None = None
        self._engine_problem = ""

    def compose(self) -> ComposeResult:
        """Header, tabs, the chosen tab's pane."""
        paths = self.services.paths.run(self.run_id)
        yield RunHeader()
        yield TabStrip([(_TABS[tab], "") for tab in self._tabs])
        yield ReadingState()
        with ContentSwitcher(initial="models"):
            yield PlanPane(paths)
            yield ModelsPane(paths, self._follower.past_of, self._follower.batches_of)
            yield AuditsPane(paths, self._follower.sample_of)
            yield ExplorePane(paths, self.services)
            yield TimelinePane(paths)
            yield StepsPane(paths)
            yield ArtifactsPane(paths, self._follower.artifacts)
            yield ChangesPane(paths, self.services)
        yield KeyLine()

    def on_mount(self) -> None:
        """Reads the run without making the first paint wait for it."""
        self.query_one(RunHeader).say(Text(f"#{self.run_id}", formats.MUTED))
        self.query_one(ContentSwitcher).display = False
        self.query_one(ReadingState).begin(_READING)
        self._clock = self.set_interval(1, self._tick)
        self.run_worker(self._follower.follow(self._record_changed, self._say_lost), group="follow")
        self.pane.take_focus()

    # -- the record ---------------------------------------------------------------------------------------------

    def on_runs_changed(self, event: RunsChanged) -> None:
        """A nudge: read again, as soon as the reading that goes on has ended."""
        if event.concerns(self.run_id):
            self._follower.nudge()

    def on_engine_state(self, event: EngineState) -> None:
        """The engine answers, or does not: then nobody says what has changed."""
        self._engine_problem = "" if event.connected else event.sentence
        self._show_engine()

    def action_read_again(self) -> None:
        """Reads the run again, as where that went wrong."""
        if self.record is None:
            self.query_one(ReadingState).begin(_READING)
        self._follower.nudge()

    def _record_changed(self) -> None:
        for state in self.query(ReadingState):
            state.done()
            self.query_one(ContentSwitcher).display = True
        self._show()
        self.look_at_version()
        if self._is_opening:
            self._is_opening = False
            if self._wanted_tab is not None:
                self.action_show_tab(self._wanted_tab)
            elif self._as_left is not None:
                self._open_as_left(self._as_left)
            elif self._log_place is not None:
                self.open_tab("steps")
                self.query_one(StepsPane).open_log_place(self._log_place)
            else:
                self._open_on_what_matters()

    def _say_lost(self, sentence: str) -> None:
        for state in self.query(ReadingState):
            if self.record is None:
                state.fail(sentence)
            else:
                self.query_one(RunHeader).say(Text(sentence, formats.BAD))

    # -- showing ------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        view = self._view
        # The parts of a page that is being left are gone before its workers are.
        if view is None or not self.query(RunHeader):
            return
        header = self.query_one(RunHeader)
        header.show(view.record, remaining_s(view), view.now, view.zone, self.run_id in self.services.watched.runs)
        self.show_tabs()
        self._show_engine()
        self.pane.show(view)
        if self._clock is not None and not view.record.run.is_active:
            self._clock.pause()
        self.refresh_bindings()

    def show_tabs(self) -> None:
        if self.record is not None:
            said = zip([_TABS[tab] for tab in self._tabs], notes(self.record, self._tabs), strict=True)
            self.query_one(TabStrip).show(self._tabs.index(self.tab) + 1, tuple(said), self.pane.order)

    def _show_engine(self) -> None:
        if self.record is not None:
            self.query_one(RunHeader).say_engine(engine_line(self._engine_problem, self.record.run))

    def _tick(self) -> None:
        view = self._view
        if view is not None:
            self.query_one(RunHeader).tick(view.now, remaining_s(view))
            self.pane.tick(view)

    def times_changed(self) -> None:
        """Times are shown in another zone."""
        self._show()

    def show_again(self) -> None:
        """Shows what has come beside the record."""
        self._show()

    def on_resize(self) -> None:
        """Lines are laid out for a width."""
        self.call_after_refresh(self._show)

    @property
    def _view(self) -> RunView | None:
        record = self.record
        if record is None:
            return None
        return RunView(record, self._follower.usual, self.services.clock(), zone_of(self))

    @property
    def record(self) -> RunRecord | None:
        return self._follower.record

    @property
    def pane(self) -> RunPane:
        return self.query_one(f"#{self.tab}", RunPane)

    @property
    def tab(self) -> str:
        return self.query_one(ContentSwitcher).current or self._tabs[0]

    @property
    def _tabs(self) -> list[str]:
        """The tabs that this run has: only a plan has a page of it, only recorded files have changes."""
        record = self.record
        missing = set() if record is not None and is_plan(record) else {"plan"}
        missing |= set() if record is not None and record.run.version is not None else {"changes"}
        return [tab for tab in _TABS if tab not in missing]

    # -- going about --------------------------------------------------------------------------------------------

    def open_tab(self, tab: str) -> None:
        before, node = self.tab, self.pane.chosen_node()
        self.query_one(ContentSwitcher).current = tab
        if node is not None and before != tab and "explore" in (before, tab):
            self.pane.meet(node)
        self._show()
        self.pane.take_focus()

    def _open_on_what_matters(self) -> None:
        record = self.record
        if record is not None and is_preview(record) and (record.details or record.run.is_active):
            self.open_tab("plan")
            return
        found = failures(record) if record else ()
        if found:
            self.go_to_failure(found, 0)

    def _open_as_left(self, place: PagePlace) -> None:
        for pane_id, pane_place in place.panes.items():
            self.query_one(f"#{pane_id}", RunPane).come_back(pane_place)
        self.open_tab(place.tab)

    def spot(self) -> Spot:
        """The page as it is now: its tab, and every tab's list."""
        if self.record is None:
            return Spot(self.run_id, lambda: RunScreen(self.services, self.run_id, self._as_left))
        place = PagePlace(self.tab, {pane.id: pane.place() for pane in self.query(RunPane) if pane.id is not None})
        return Spot(self.run_id, lambda: RunScreen(self.services, self.run_id, place))

    @on(TabStrip.Chosen)
    def _tab_chosen(self, event: TabStrip.Chosen) -> None:
        self.action_show_tab(event.number)

    def action_show_tab(self, number: int) -> None:
        """Shows a tab, counted from 1; as soon as the run is read, for only then it is known which tabs it has."""
        if self.record is None:
            self._wanted_tab = number
        elif number <= len(self._tabs):
            self.open_tab(self._tabs[number - 1])

    def runs_looked_after(self) -> tuple[int, ...]:
        """The run that is shown."""
        return (self.run_id,)

    def trail_of(self) -> int:
        """The run that is shown."""
        return self.run_id

    def runs_are_gone(self) -> None:
        """There is nothing to show any more."""
        self.run_worker(self.app.run_action("back"), group="act")

    def triaged_run(self) -> int:
        """The run that is shown."""
        return self.run_id

    def triaged_node(self) -> str | None:
        """The chosen model or audit."""
        return self.pane.chosen_node()

    def action_watch(self) -> None:
        """Wants to be told of the run's end, or no longer."""
        run_actions.watch(self.app, self.services, self.run_id)
        self._show()
