"""Puts the app on a stage: over a world, with an engine that says what the test wants, at a known time and zone."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC
from typing import Any

from textual.pilot import Pilot
from textual.strip import Strip

from engine.errors import EngineUnavailable
from engine.protocol import Change
from tests.worlds import World
from tui.app import RunroomApp

PATIENCE_S = 30.0
_STILL_ROUNDS = 8
_ROUND_S = 0.03


class StagedEngine:
    """An engine that the app connects to. `refusal` makes the next connections fail."""

    def __init__(self) -> None:
        self.connections = 0
        self.refusal: str | None = None
        self.configuration_problem: str | None = None
        self._says: asyncio.Queue[Change | None] | None = None

    @asynccontextmanager
    async def connect(self) -> AsyncIterator["StagedEngine"]:
        """Raises EngineUnavailable while there is a refusal."""
        if self.refusal is not None:
            raise EngineUnavailable(self.refusal)
        self.connections += 1
        self._says = asyncio.Queue()
        yield self

    async def problem(self) -> str | None:
        """What is wrong with the configuration."""
        return self.configuration_problem

    async def changes(self) -> AsyncIterator[Change]:
        """What the test says."""
        assert self._says is not None
        while (change := await self._says.get()) is not None:
            yield change

    def say(self, *runs: int, workspace: bool = False) -> None:
        """These runs changed."""
        assert self._says is not None, "nobody is connected"
        self._says.put_nowait(Change(change=1, runs=runs, workspace=workspace))

    def go(self) -> None:
        """Ends the stream."""
        assert self._says is not None, "nobody is connected"
        self._says.put_nowait(None)


class StagedApp(RunroomApp):
    """The app as it is, but that what it still reads is forgotten at the end of a test.

    Whoever leaves the app ends its workers first; Textual's `run_test` takes the screens down under them.
    """

    @asynccontextmanager
    async def run_test(self, **options: Any) -> AsyncIterator[Pilot[None]]:
        """As Textual's."""
        async with super().run_test(**options) as pilot:
            try:
                yield pilot
            finally:
                self.workers.cancel_all()
                await asyncio.sleep(0)


def staged_app(
    world: World, start_run: int | None = None, engine: StagedEngine | None = None, **options: Any
) -> RunroomApp:
    """The app over a world; connected, where there is an engine on the stage. `options` are those of `RunroomApp`."""
    app = StagedApp(world.services, start_run, connect=engine.connect if engine else None, **options)
    app.zone = UTC
    app.animation_level = "none"
    return app


async def until(pilot: Pilot[None], condition: Callable[[], object], what: str) -> None:
    """Lets the app go on until the condition holds, or fails naming what was waited for."""
    deadline = asyncio.get_running_loop().time() + PATIENCE_S
    while not condition():
        assert asyncio.get_running_loop().time() < deadline, f"waited for {what}; the screen shows:\n{text_of(pilot)}"
        await pilot.pause(0.01)


async def until_shown(pilot: Pilot[None], text: str) -> None:
    """Lets the app go on until the screen shows a text."""
    await until(pilot, lambda: text in text_of(pilot), repr(text))


async def until_told(pilot: Pilot[None], text: str) -> None:
    """Lets the app go on until a notification says this; on the screen its lines break wherever a path is long."""
    await until(pilot, lambda: any(text in told.message for told in pilot.app._notifications), f"to be told {text!r}")


def _is_reading(pilot: Pilot[None]) -> bool:
    """Whether any worker is on that will end by itself; those that listen or wait for people do not."""
    return any(worker.group not in ("feed", "follow", "act") for worker in pilot.app.workers)


async def until_still(pilot: Pilot[None]) -> None:
    """Lets the app go on until nothing is read any more and the picture stays as it is through several idle rounds.

    The line of keys, for one, follows the focus a moment later than the rest.
    """
    seen: list[Strip] = []
    still = 0
    while still < _STILL_ROUNDS:
        await until(pilot, lambda: not _is_reading(pilot), "all reading to end")
        await pilot.pause(_ROUND_S)
        before, seen = seen, pilot.app.screen._compositor.render_strips()  # with colours: a focus may come late
        still = still + 1 if seen == before else 0


def text_of(pilot: Pilot[None]) -> str:
    """What the screen shows."""
    lines = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in line) for line in lines)
