"""What the command palette finds: every action of the place, every environment, job and run of the workspace."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from textual.binding import ActiveBinding
from textual.command import DiscoveryHit, Hit, Hits, Provider

from store.errors import RunNotFound, StoreError
from store.filters import RunFilter
from store.models import Run
from store.reads import StoreReader
from tui import keymap, themes
from tui.activity_filter import ActivityFilter
from tui.keymap import Key, spelled
from tui.overview import Place
from tui.remapping import keys_now
from tui.screens.narrowing import NarrowingActions
from tui.services import Services

_RUNS_FOUND = 8
_MODELS_FOUND = 5
_FIRST = 1_000.0
"""The score of what was named exactly: no match by parts of a name comes near."""


@dataclass(frozen=True, slots=True)
class Command:
    """Something to do, found by its name."""

    name: str
    help: str
    do: Callable[[], Any]
    meant: bool = False
    """Whether it was named exactly, so that it comes first."""


class ActionCommands(Provider):
    """The actions of the screen in front, those of everywhere, and the themes."""

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for command in self._commands():
            yield DiscoveryHit(command.name, command.do, help=command.help)

    async def search(self, query: str) -> Hits:
        """Those that match."""
        matcher = self.matcher(query)
        for command in self._commands():
            if (score := matcher.match(command.name)) > 0:
                yield Hit(score, matcher.highlight(command.name), command.do, text=command.name, help=command.help)

    def _commands(self) -> list[Command]:
        found = {active.binding.id: active for active in self.screen.active_bindings.values() if active.enabled}
        keys = sorted((key for key in keymap.KEYS if key.id in found and _offered(key)), key=_is_about_tabs)
        commands = [Command(_sentence(key), spelled(self._keys_of(key)), self._runs(found[key.id])) for key in keys]
        commands += self._saved_filters()
        return commands + [
            Command(f"Theme: {name}", "how Runroom looks", self._takes_theme(name)) for name in themes.OFFERED
        ]

    def _saved_filters(self) -> list[Command]:
        page = self.screen
        if not isinstance(page, NarrowingActions):
            return []
        saved: dict[str, ActivityFilter] = page.app.remembered.saved_filters()  # type: ignore[attr-defined]
        return [
            Command(f"Filter: {name}", f"list {kept}", partial(page.activity.narrow, kept))
            for name, kept in saved.items()
        ]

    def _keys_of(self, key: Key) -> str:
        return keys_now(key, getattr(self.app, "keys", {}))

    def _runs(self, active: ActiveBinding) -> Callable[[], Awaitable[object]]:
        app = self.app
        return lambda: app.run_action(active.binding.action, active.node)

    def _takes_theme(self, name: str) -> Callable[[], None]:
        app = self.app

        def take() -> None:
            app.theme = name

        return take


class WorkspaceCommands(Provider):
    """Goes to environments, jobs and runs by part of their name."""

    async def search(self, query: str) -> Hits:
        """Those that match, as the store has them now."""
        services: Services | None = getattr(self.app, "services", None)
        if services is None:
            return
        matcher = self.matcher(query)
        try:
            async for command in self._found(services, query):
                if (score := _FIRST if command.meant else matcher.match(command.name)) > 0:
                    yield Hit(score, matcher.highlight(command.name), command.do, text=command.name, help=command.help)
        except StoreError:
            return  # The page behind says what is wrong with the store.

    async def _found(self, services: Services, query: str) -> AsyncIterator[Command]:
        async with services.reads() as reader:
            for environment in await reader.environments():
                place = Place(environment.project, environment.name)
                yield Command(f"{place.project}/{place.environment}", "go to the environment", self._goes_to(place))
            for job in await reader.jobs():
                for run in await reader.runs(RunFilter(project=job.project, job=job.name), limit=1):
                    yield Command(
                        f"{job.project}/{job.name}", f"open the job's last run, #{run.id}", self._opens(run.id)
                    )
            async for command in self._models(reader, query):
                yield command
            numbered = await _run_numbered(reader, query)
            if numbered is not None:
                yield self._run(numbered, meant=True)
            for run in await reader.runs(RunFilter(words=tuple(query.split())), limit=_RUNS_FOUND):
                if numbered is None or run.id != numbered.id:
                    yield self._run(run)

    def _run(self, run: Run, meant: bool = False) -> Command:
        name = f"#{run.id} {run.name} · {run.project}/{run.environment} · {run.status}"
        return Command(name, "open the run", self._opens(run.id), meant)

    async def _models(self, reader: StoreReader, query: str) -> AsyncIterator[Command]:
        """Models by part of their name, each in the last run of each environment that had it."""
        for environment in await reader.environments():
            where = f"{environment.project}/{environment.name}"
            for found in await reader.models_named(environment.project, environment.name, query.strip(), _MODELS_FOUND):
                name, run = f"{found.name} · {where}", found.run_id
                yield Command(name, f"open the model in #{run}", self._opens_model(run, found.model))

    def _opens_model(self, run_id: int, model: str) -> Callable[[], None]:
        app = self.app
        return lambda: app.open_model(run_id, model)  # type: ignore[attr-defined]

    def _goes_to(self, place: Place) -> Callable[[], None]:
        app = self.app
        return lambda: app.open_place(place)  # type: ignore[attr-defined]

    def _opens(self, run_id: int) -> Callable[[], None]:
        app = self.app
        return lambda: app.open_run(run_id)  # type: ignore[attr-defined]


async def _run_numbered(reader: StoreReader, query: str) -> Run | None:
    """The run whose number was typed, `18` or `#18`."""
    number = re.fullmatch(r"#?([0-9]{1,18})", query.strip())
    if number is None:
        return None
    with suppress(RunNotFound):
        return await reader.run(int(number[1]))
    return None


def _offered(key: Key) -> bool:
    # Going about in a list is quicker by its keys than by their names.
    return key.scope != "lists" and key.action not in ("command_palette", "app.focus_next", "app.focus_previous")


def _is_about_tabs(key: Key) -> bool:
    """There are many of these, and a digit is quicker: they come last."""
    return key.action.startswith("show_tab")


def _sentence(key: Key) -> str:
    return key.help[0].upper() + key.help[1:]
