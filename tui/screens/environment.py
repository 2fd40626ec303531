"""The page of one environment: what is loaded and missing of each of its models."""

import asyncio
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.widgets import Static

from store.errors import StoreError
from store.models import RunOptions
from tui import formats, keymap, plan_actions
from tui.app_reads import unreadable
from tui.build_freshness import BuildFreshness
from tui.environment_view import environment_lines
from tui.feed import RunsChanged
from tui.journey import Spot
from tui.overview import EnvironmentGlance, Place, read_overview
from tui.services import Services
from tui.times import zone_of
from tui.widgets.key_line import KeyLine
from tui.widgets.reading_state import ReadingState
from tui.widgets.searched import Searched
from tui.widgets.styled_lines import StyledLines


class EnvironmentScreen(Screen[None]):
    """Reads the record again whenever the feed says that the workspace changed."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("environment")
    HELP_SCOPES: ClassVar[tuple[keymap.Scope, ...]] = ("environment", "lists")
    CSS = """
    EnvironmentScreen #title { height: 1; padding: 0 1; margin: 0 0 1 0; background: $panel; }
    EnvironmentScreen StyledLines { padding: 0 1; }
    """

    def __init__(self, services: Services, place: Place) -> None:
        super().__init__()
        self.services = services
        self._place = place
        self._stale = asyncio.Event()
        self._freshness = BuildFreshness()
        self._is_unreadable = False

    def compose(self) -> ComposeResult:
        """Name, lines, search, keys."""
        yield Static(f"{self._place.project}/{self._place.environment}", id="title", markup=False)
        yield ReadingState()
        yield Searched(StyledLines(), "search the models")
        yield KeyLine()

    def on_mount(self) -> None:
        """Reads without making the first paint wait for it."""
        self._begin_to_read()
        self.run_worker(self._follow(), group="follow")

    def spot(self) -> Spot:
        """The page of this environment."""
        return Spot(self._place, lambda: EnvironmentScreen(self.services, self._place))

    def on_runs_changed(self, _: RunsChanged) -> None:
        """A nudge: read again, as soon as the reading that goes on has ended."""
        self._stale.set()

    def _begin_to_read(self) -> None:
        self.query_one(Searched).display = False
        self.query_one(ReadingState).begin("Reading the environment …")
        self._stale.set()

    async def _follow(self) -> None:
        while True:
            await self._stale.wait()
            self._stale.clear()
            try:
                async with self.services.reads() as reader:
                    known = await read_overview(reader)
                    overview = await self._freshness.added(reader, known, self.services.clock())
            except StoreError as error:
                self._say_unreadable(unreadable(error))
            else:
                self._show(self._lines_of(overview.within(self._place)))

    def _lines_of(self, found: tuple[EnvironmentGlance, ...]) -> list[Text]:
        if not found:
            return [formats.styled("This environment is not there any more. esc goes back.", formats.BAD)]
        return environment_lines(found[0], self.services.clock(), zone_of(self))

    def _show(self, lines: list[Text]) -> None:
        # The parts of a page that is being left are gone before its workers are.
        for view in self.query(StyledLines):
            self._is_unreadable = False
            self.query_one(ReadingState).done()
            self.query_one(Searched).display = True
            view.show(lines)
            if self.focused is None:
                view.focus()

    def _say_unreadable(self, sentence: str) -> None:
        for state in self.query(ReadingState):
            self._is_unreadable = True
            self.query_one(Searched).display = False
            state.fail(sentence)

    def action_plan(self) -> None:
        """Has the environment planned and shows the plan."""
        self.run_worker(self._plan(), group="act")

    async def _plan(self) -> None:
        reference = f"{self._place.project}/{self._place.environment}"
        run = await plan_actions.make_plan(self.app, self.services, reference, RunOptions())
        if run is not None:
            self.app.open_run(run.id)  # type: ignore[attr-defined]

    def action_refresh_environments(self) -> None:
        """Has SQLMesh asked again; where the record cannot be read, reads that again."""
        if self._is_unreadable:
            self._begin_to_read()
            return
        work = plan_actions.refresh_environments(self.app, self.services, self._place.project)
        self.run_worker(work, group="act")
