"""How the parts of a run's page look in their other states: reading, empty, wrong, offline, chosen otherwise.

A changed picture fails. `make snapshots` makes them again.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from store.errors import StoreError
from store.reads import StoreReader
from tests.tui.conftest import WorldMaker
from tests.tui.staging import StagedEngine, staged_app, until_shown, until_still
from tests.worlds import World

SIZES = ("80x24", "120x40")


@dataclass(frozen=True)
class Scene:
    """A run in a world, the keys, and what is seen when all is there.

    `first` is what is waited for before any key. `change` alters the world beforehand.
    """

    world: str
    role: str
    keys: tuple[str, ...]
    seen: str
    first: str = " · flights/"
    change: Callable[[World], World] = field(default=lambda world: world)
    refusal: str = ""


@asynccontextmanager
async def _never() -> AsyncIterator[StoreReader]:
    await asyncio.Event().wait()
    yield StoreReader.__new__(StoreReader)


@asynccontextmanager
async def _broken() -> AsyncIterator[StoreReader]:
    raise StoreError("The record cannot be read: database disk image is malformed.")
    yield StoreReader.__new__(StoreReader)


def _reading(world: World) -> World:
    return replace(world, services=replace(world.services, reads=_never))


def _unreadable(world: World) -> World:
    return replace(world, services=replace(world.services, reads=_broken))


def _without_files(world: World) -> World:
    for file in world.paths.run(world.runs["failed"]).target.rglob("*.sql"):
        file.unlink()
    return world


def _readonly(world: World) -> World:
    return replace(world, services=replace(world.services, readonly=True))


SCENES = {
    "reading": Scene("failed", "failed", (), "Reading the run", first="Reading the run", change=_reading),
    "unreadable": Scene("failed", "failed", (), "cannot be read", first="cannot be read", change=_unreadable),
    "offline": Scene("running", "running", (), "what is shown may be old", refusal="The engine does not answer."),
    "watched": Scene("running", "running", ("w",), "watched  ● running"),
    "models-none": Scene("queued", "queued", (), "once the tool has read the project"),
    "models-never": Scene("queued", "error", (), "before it reached a model"),
    "models-by-schema": Scene("completed", "completed", ("t", "t"), "marts"),
    "models-by-duration": Scene("completed", "completed", ("o", "o"), "↓ duration"),
    "models-without-sql": Scene("failed", "failed", ("enter", "G"), "is not there any more", change=_without_files),
    "audits-none": Scene("queued", "error", ("2",), "No audit ran in this run."),
    "audits-to-come": Scene("queued", "queued", ("2",), "Audits appear here"),
    "audits-by-model": Scene("failed", "failed", ("2", "o"), "↓ model"),
    "audit": Scene("failed", "failed", ("2", "enter"), "failing rows, 5 of 2,512"),
    "timeline-none": Scene("queued", "queued", ("4",), "when the first model is executed"),
    "timeline-slowest": Scene("completed", "completed", ("4", "o"), "↓ slowest"),
    "timeline-closer": Scene("completed", "completed", ("4", "j", "plus", "plus", "right"), "critical path"),
    "timeline-live": Scene("running", "running", ("4",), "critical path"),
    "steps-none": Scene("queued", "queued", ("5",), "when the run begins"),
    "artifacts-to-come": Scene("queued", "queued", ("6",), "Files appear here"),
    "artifacts-search": Scene("failed", "failed", ("6", "slash", *"delays sql"), "int_delays.sql"),
    "artifacts-not-found": Scene("failed", "failed", ("6", "slash", *"nowhere"), "has this in its name"),
    "artifact": Scene("failed", "failed", ("6", "enter"), "-- int_aircraft_rotations"),
    "artifact-gone": Scene("failed", "failed", ("6",), "any more.", change=_without_files),
    "artifact-search": Scene("failed", "failed", ("6", "enter", "slash", *"select", "enter"), "1 line with /select"),
    "save": Scene("failed", "failed", ("6", "s"), "Save int_aircraft_rotations.sql as"),
    "palette": Scene("failed", "failed", ("colon",), "Run it again"),
    "readonly": Scene("failed", "failed", ("r",), "--readonly", change=_readonly),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SCENES)
def test_run_state(
    name: str, size: str, make_world: WorldMaker, snap_compare: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = SCENES[name]
    monkeypatch.delenv("NO_COLOR", raising=False)
    world = make_world(scene.world)
    engine = StagedEngine() if scene.refusal else None
    if engine is not None:
        engine.refusal = scene.refusal

    async def stage(pilot: Pilot[None]) -> None:
        await until_shown(pilot, scene.first)
        if scene.first == Scene.first:
            await until_still(pilot)
        for key in scene.keys:
            await pilot.press(key)
        await until_shown(pilot, scene.seen)
        await until_still(pilot)
        for box in pilot.app.screen.query(Input):
            box.cursor_blink = False

    width, height = map(int, size.split("x"))
    app = staged_app(scene.change(world), world.runs[scene.role], engine)
    assert callable(snap_compare)
    assert snap_compare(app, terminal_size=(width, height), run_before=stage)
