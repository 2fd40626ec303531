"""Who did what, as a page: of the workspace and of one run."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from store.triage import Action
from store.writes import StoreWriter
from tests.tui.conftest import WorldMaker
from tests.tui.staging import StagedEngine, staged_app, text_of, until, until_shown, until_still
from tests.worlds import NOW, World
from tui.screens.environments import EnvironmentsScreen
from tui.screens.run import RunScreen
from tui.screens.trail import TrailScreen, TrailTable

SIZE = (100, 30)
NOTE = "Upstream renamed `tailnum`.\n\n- fix is in **!412**\n- until then: leave it"


def record(world: World, *actions: Action) -> None:
    """People did this."""

    async def write() -> None:
        async with StoreWriter.open(world.paths.database) as writer:
            for action in actions:
                await writer.record_action(action)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, write()).result()


def actions(world: World) -> Iterator[Action]:
    failed, cancelled = world.runs["failed"], world.runs["completed"]
    for minutes, author, name, run_id, detail in (
        (2600, "ben", "start", cancelled, None),
        (2580, "airflow", "create_token", None, "airflow (run)"),
        (1500, "anna", "pause", None, "flights/hourly: the source moves"),
        (1440, "anna", "rename", cancelled, "before the migration"),
        (700, "anna", "delete", 9_999, None),
        (50, "anna", "acknowledge", failed, NOTE),
        (4, "ben", "rerun", failed, "latest"),
    ):
        at = NOW - timedelta(minutes=minutes)
        yield Action.model_validate({"at": at, "author": author, "action": name, "run_id": run_id, "detail": detail})


@pytest.fixture
def world(make_world: WorldMaker) -> World:
    found = make_world("failed")
    record(found, *actions(found))
    return found


async def open_trail(pilot: Pilot[None], seen: str) -> TrailTable:
    await pilot.press("M")
    await until(pilot, lambda: isinstance(pilot.app.screen, TrailScreen), "the trail")
    await until_shown(pilot, seen)
    return pilot.app.screen.query_one(TrailTable)


async def test_home_shows_that_of_the_workspace_and_enter_opens_the_run(world: World) -> None:
    failed = world.runs["failed"]
    async with staged_app(world, engine=StagedEngine()).run_test(size=SIZE, notifications=True) as pilot:
        await until_shown(pilot, f"#{failed}")
        table = await open_trail(pilot, "the source")
        assert table.row_count == 7
        await until_shown(pilot, "2026-11-21 14:00:00  ben  rerun #")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, RunScreen), "the run")
        await pilot.press("escape", "j")
        await until_shown(pilot, "fix is in **!412**")
        await pilot.press("j", "enter")
        await until_shown(pilot, "#9999 is deleted")
        await pilot.press("j", "j", "enter")
        await until_shown(pilot, "This was not done to a run.")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, EnvironmentsScreen), "home")


async def test_a_run_shows_its_own_and_the_whole_workspace_on_request(world: World) -> None:
    failed = world.runs["failed"]
    async with staged_app(world, failed).run_test(size=SIZE) as pilot:
        await until_shown(pilot, "int_delays took down")
        table = await open_trail(pilot, "acknowledge")
        assert table.row_count == 2
        await pilot.press("0")
        await until(pilot, lambda: table.row_count == 7, "the whole workspace")
        await pilot.press("escape")
        await until(pilot, lambda: table.row_count == 2, "the run's own again")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, RunScreen), "the run")


async def test_it_is_filtered_by_what_is_typed_and_by_the_chosen_run(world: World) -> None:
    async with staged_app(world, engine=StagedEngine()).run_test(size=SIZE) as pilot:
        await until_shown(pilot, f"#{world.runs['failed']}")
        table = await open_trail(pilot, "the source")
        await pilot.press("slash", *"anna", "enter")
        await until(pilot, lambda: table.row_count == 4, "what anna did")
        await pilot.press("slash", *" nobody", "enter")
        await until_shown(pilot, "Nobody did anything like that.")
        await pilot.press("escape")
        await until(pilot, lambda: table.row_count == 7, "everything again")
        await until(pilot, lambda: table.cursor_value is not None, "the rows")
        await pilot.press("o")
        await until(pilot, lambda: table.row_count == 2, "what was done to the run")


async def test_what_happens_meanwhile_appears(world: World) -> None:
    failed, engine = world.runs["failed"], StagedEngine()
    async with staged_app(world, failed, engine).run_test(size=SIZE) as pilot:
        await until_shown(pilot, "int_delays took down")
        table = await open_trail(pilot, "acknowledge")
        await until(pilot, lambda: engine.connections, "the engine")
        record(world, Action(at=NOW, author="cleo", action="archive", run_id=failed))
        engine.say(failed)
        await until(pilot, lambda: table.row_count == 3, "what was done now")
        await until_shown(pilot, "cleo")


async def test_what_people_type_is_never_markup(world: World) -> None:
    failed = world.runs["failed"]
    record(world, Action(at=NOW, author="[red]eve", action="rename", run_id=failed, detail="[bold]x\x1b[31m"))
    async with staged_app(world, failed).run_test(size=SIZE) as pilot:
        await until_shown(pilot, "int_delays took down")
        await open_trail(pilot, "[red]eve")
        assert "[bold]x" in text_of(pilot)
        assert "\x1b[31m" not in text_of(pilot)


SCENES: dict[str, tuple[str, tuple[str, ...], str]] = {
    # Where it begins, the keys after it, what is seen when all is there.
    "workspace": ("home", ("M", "j"), "fix is in"),
    "run": ("failed", ("M",), "2026-11-21 14:00:00"),
    "filter": ("home", ("M", "slash", *"anna"), "pause"),
    "empty": ("running", ("M",), "Nobody did anything to"),
}


@pytest.mark.snapshot
@pytest.mark.parametrize("size", ["80x24", "120x40"])
@pytest.mark.parametrize("scene", SCENES)
def test_trail(
    scene: str, size: str, make_world: WorldMaker, snap_compare: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, keys, seen = SCENES[scene]
    world = make_world("running" if where == "running" else "failed")
    if where != "running":
        record(world, *actions(world))
    monkeypatch.delenv("NO_COLOR", raising=False)

    async def stage(pilot: Pilot[None]) -> None:
        await until_still(pilot)
        await until_shown(pilot, "#")
        for key in keys:
            await pilot.press(key)
            await until_still(pilot)
        for line in pilot.app.screen.query(Input):
            line.cursor_blink = False
        await until_shown(pilot, seen)
        await until_still(pilot)

    width, height = map(int, size.split("x"))
    app = staged_app(world, None if where == "home" else world.runs[where], engine=StagedEngine())
    assert callable(snap_compare)
    assert snap_compare(app, terminal_size=(width, height), run_before=stage)
