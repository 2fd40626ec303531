"""The full-screen app: wires screens, engine and terminal together."""

import asyncio
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, tzinfo
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.screen import Screen
from textual.theme import Theme

from store.errors import StoreError
from store.paths import WorkspacePaths
from store.readers import reads_of
from store.status import BAD
from tui import keymap, themes
from tui.absence import read_absence
from tui.actions import EngineActions, EngineConnection
from tui.activity_filter import ActivityFilter
from tui.app_reads import app_reads
from tui.enduring import EnduringApp
from tui.feed import Connect, EngineState, Feed, RunsChanged, Standing
from tui.overview import EVERYWHERE, Place
from tui.reaching import only_if_it_runs, to_act, to_listen
from tui.remapping import keys_of, remap
from tui.remembered import Remembered, recall, remember
from tui.screens.environments import EnvironmentsScreen
from tui.services import Services
from tui.terminal.driver import TerminalDriver
from tui.terminal.notification import notification
from tui.terminal.signals import end_on_signals
from tui.times import FollowsTimes, other_zone
from tui.travel import TravelApp
from tui.watched import end_sentence
from tui.widgets.activity import Activity

if TYPE_CHECKING:
    from textual.command import Provider

    from tui.search.place import LogPlace

_STILL_HERE_S = 60
_ABSENCE_SHOWN_S = 15
_LOADED_LATER = (
    "tui.screens.run",
    "tui.screens.environment",
    "tui.screens.new_plan",
    "tui.screens.new_run",
    "tui.screens.confirm",
    "tui.screens.help",
    "tui.palette",
)
"""Modules that a first picture can do without; loaded in a thread so that the first use does not wait for them."""


def _action_commands() -> "type[Provider]":
    from tui.palette import ActionCommands  # Home does not wait for it.

    return ActionCommands


def _workspace_commands() -> "type[Provider]":
    from tui.palette import WorkspaceCommands  # Home does not wait for it.

    return WorkspaceCommands


class RunroomApp(EnduringApp, TravelApp):
    """Home is the environments screen; with `start_run`, the page of that run lies on top of it."""

    TITLE = "Runroom"
    CSS_PATH = Path(__file__).with_name("app.tcss")
    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("everywhere")
    COMMANDS = frozenset({_action_commands, _workspace_commands})  # type: ignore[assignment]

    def __init__(
        self,
        services: Services,
        start_run: int | None = None,
        *,
        connect: Connect | None = None,
        theme: str = themes.DEFAULT,
        keys: Mapping[str, str] | None = None,
        remembered: Remembered | None = None,
    ) -> None:
        """Without `connect` there is no engine to hear from: the screens show what the store says.

        `theme` is for who never chose one. `keys` are a user's own keys by id. `remembered` is what was put away the
        last time. Raises UsageError for an id that no key has.
        """
        super().__init__(driver_class=TerminalDriver)
        self.services = services
        self.remembered = remembered or Remembered()
        self.zone: tzinfo | None = UTC if self.remembered.utc else None
        self.keys = remap(keys or {})
        self._start_run = start_run
        self._connect = connect
        self._standing: Standing | None = None
        self._first_theme = theme
        self.ansi_theme_dark, self.ansi_theme_light = themes.ANSI_DARK, themes.ANSI_LIGHT

    def on_load(self) -> None:
        """Before the terminal is taken over."""
        if not self.is_headless:
            end_on_signals(self)

    def on_mount(self) -> None:
        """Shows home, then lets the engine be found."""
        for theme in themes.OWN_THEMES:
            self.register_theme(theme)
        self.theme = self.remembered.theme if self.remembered.theme in self.available_themes else self._first_theme
        self.theme_changed_signal.subscribe(self, self._remember_theme)
        self.set_keymap(self.keys)
        self.push_screen(EnvironmentsScreen(self.services, self.remembered.chosen_filter()))
        if self._start_run is not None:
            self.open_run(self._start_run)
        self.set_interval(_STILL_HERE_S, self._remember)
        self.screen.call_after_refresh(self._begin_beside)

    def _begin_beside(self) -> None:
        """What would only make the first picture wait, as it shares the interpreter with it."""
        if self._connect is not None:
            self.run_worker(Feed(self._connect, self.post_message).run(), group="feed")
        self.run_worker(self._tell_absence(), group="load")
        self.run_worker(_load_the_rest(), group="load")

    async def on_unmount(self) -> None:
        """However it ends: when that was is worth knowing the next time."""
        await asyncio.to_thread(self.services.sql.close)
        await self._put_away()

    # -- what is remembered -------------------------------------------------------------------------------------

    def on_activity_filter_changed(self, event: Activity.FilterChanged) -> None:
        """The list was narrowed otherwise."""
        self.remembered = self.remembered.with_filter(event.chosen)
        self._remember()

    def keep_filters(self, filters: Mapping[str, ActivityFilter]) -> None:
        """These are the filters that have a name."""
        self.remembered = self.remembered.with_saved(filters)
        self._remember()

    def _remember_theme(self, theme: Theme) -> None:
        self.remembered = replace(self.remembered, theme=theme.name)
        self._remember()

    def _remember(self) -> None:
        self.run_worker(self._put_away(), group="remember", exclusive=True)

    async def _put_away(self) -> None:
        if self.services.readonly:
            return
        self.remembered = replace(self.remembered, left_at=self.services.clock())
        # A folder that is not there, or cannot be written: then nothing is remembered, which harms nobody.
        with suppress(OSError):
            await remember(self.services.paths, self.remembered)

    async def _tell_absence(self) -> None:
        left_at, now = self.remembered.left_at, self.services.clock()
        if left_at is None:
            return
        try:
            async with self.services.reads() as reader:
                absence = await read_absence(reader, left_at, now)
        except StoreError:
            return  # Home says what is wrong with the store.
        if absence is not None:
            self.notify(
                absence.sentence(now),
                severity="warning" if absence.failed else "information",
                timeout=_ABSENCE_SHOWN_S,
                markup=False,
            )

    # -- what the engine says -----------------------------------------------------------------------------------

    def on_runs_changed(self, event: RunsChanged) -> None:
        """Every screen hears of it, those in the background as well."""
        self._tell(lambda: RunsChanged(event.runs, event.workspace, event.everything))
        if self.services.watched.may_have_ended(event):
            self.run_worker(self._tell_ends(), group="watched")

    async def _tell_ends(self) -> None:
        try:
            ended = await self.services.watched.ended(self.services.reads)
        except StoreError:
            return  # The page in front says what is wrong with the store; the next nudge looks again.
        for run in ended:
            sentence = end_sentence(run, self.services.clock())
            self.notify(sentence, severity="error" if run.status in BAD else "information", markup=False)
            if self._driver is not None:
                self._driver.write(notification(sentence, os.environ))

    def on_engine_state(self, event: EngineState) -> None:
        """Every screen hears of it."""
        before, self._standing = self._standing, event.standing
        self._tell(lambda: EngineState(event.standing, event.sentence))
        if event.standing is Standing.STOPPED and before is not Standing.STOPPED:
            self.notify(event.sentence, markup=False)

    def action_start_engine(self) -> None:
        """Starts the engine, where somebody stopped it."""
        from tui.engine_actions import start_engine  # Home does not wait for it.

        self.run_worker(start_engine(self, self.services), group="act")

    def _tell(self, message: Callable[[], Message]) -> None:
        for screen in self.screen_stack:
            screen.post_message(message())

    @property
    def _background_screens(self) -> list[Screen[Any]]:
        """The screens that are seen behind the front one: none behind a page, which is opaque.

        Textual counts the one behind always, and paints the whole of the front one whenever that changes. A dialog
        counts as one from the beginning: its styles, which let the page behind shine through, come a moment later.
        """
        behind: list[Screen[Any]] = super()._background_screens
        return behind if self.screen.is_modal else []

    # -- going about --------------------------------------------------------------------------------------------

    def open_run(self, run_id: int, place: "LogPlace | None" = None) -> None:
        """Goes to the page of a run, at a place in its logs where one is named."""
        from tui.screens.run import RunScreen  # Home does not wait for it.

        self.open_page(RunScreen(self.services, run_id, log_place=place))

    def open_model(self, run_id: int, model: str) -> None:
        """Goes to a model in the page of a run."""
        from tui.screens.run import RunScreen, at_model

        self.open_page(RunScreen(self.services, run_id, at_model(model)))

    def replace_run(self, run_id: int) -> None:
        """Shows the page of a run in place of the page in front."""
        from tui.screens.run import RunScreen

        self.replace_page(RunScreen(self.services, run_id))

    def open_place(self, place: Place) -> None:
        """Goes home, to an environment, a project or the whole workspace."""
        self.go_home()
        if isinstance(self.screen, EnvironmentsScreen):
            self.screen.show_place(place)

    def list_runs(self, text: str) -> None:
        """Goes home, to the runs of the whole workspace that the text of a filter lets through."""
        self.open_place(EVERYWHERE)
        if isinstance(self.screen, EnvironmentsScreen):
            self.screen.list_runs(text)

    def action_help(self) -> None:
        """Shows the keys of the screen in front."""
        from tui.screens.help import HelpScreen  # Home does not wait for it.

        self.push_screen(HelpScreen(scopes_of(self.screen), self.keys))

    def action_toggle_utc(self) -> None:
        """Shows times in UTC, or in the machine's zone."""
        self.zone = other_zone(self.zone)
        self.remembered = replace(self.remembered, utc=self.zone is UTC)
        self._remember()
        for screen in self.screen_stack:
            if isinstance(screen, FollowsTimes):
                screen.times_changed()

    def action_next_theme(self) -> None:
        """Takes the next of the offered themes."""
        place = themes.OFFERED.index(self.theme) if self.theme in themes.OFFERED else -1
        self.theme = themes.OFFERED[(place + 1) % len(themes.OFFERED)]


def scopes_of(screen: Screen[Any]) -> tuple[keymap.Scope, ...]:
    """The scopes of keys that work on a screen."""
    scopes: tuple[keymap.Scope, ...] = getattr(screen, "HELP_SCOPES", ())
    return scopes


def open_app(workspace_folder: Path, run: int | None = None, readonly: bool = False, watched: bool = False) -> int:
    """Shows the workspace until the person leaves; returns the exit code.

    With `run` it opens on that run's page, `watched` to be told of its end.

    128 + n when signal n ended it. With `readonly` it shows and never acts. Raises UsageError for keys that cannot be.
    """
    paths = WorkspacePaths(workspace_folder.absolute())
    reads = app_reads(reads_of(paths))
    actions = EngineActions(paths, only_if_it_runs if readonly else to_act)
    services = Services(paths, reads, actions, readonly=readonly)
    reaches = (only_if_it_runs,) if readonly else (to_act, to_listen)
    if watched and run is not None:
        services.watched.add(run)
    app = RunroomApp(
        services,
        run,
        connect=EngineConnection(paths, reads, reaches).connect,
        theme=themes.default_theme(os.environ),
        keys=keys_of(paths.folder),
        remembered=recall(paths),
    )
    app.run()
    return app.return_code or 0


async def _load_the_rest() -> None:
    for name in _LOADED_LATER:
        # One at a time: the page in front comes first.
        await asyncio.to_thread(import_module, name)
