"""Runs are looked after in the app: acknowledged, archived, deleted and brought back, renamed."""

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from engine.errors import RunroomError
from tests.tui.conftest import WorldMaker
from tests.tui.staging import StagedEngine, staged_app, text_of, until, until_shown, until_still, until_told
from tests.worlds import World
from tui.screens.run import RunScreen

SIZE = (100, 30)


@pytest.fixture
def world(make_world: WorldMaker) -> World:
    return make_world("failed")


async def opened(pilot: Pilot[None]) -> None:
    await until_shown(pilot, "int_delays took down")


async def test_a_failure_is_acknowledged_with_a_note(world: World) -> None:
    failed = world.runs["failed"]
    async with staged_app(world, failed).run_test(size=SIZE, notifications=True) as pilot:
        await opened(pilot)
        await pilot.press("K")
        await until_shown(pilot, f"Acknowledge #{failed} nightly")
        pilot.app.screen.query_one(TextArea).text = "upstream **renamed** it"
        await pilot.press("ctrl+s")
        wanted = ("acknowledge", failed, "upstream **renamed** it")
        await until(pilot, lambda: world.actions.calls == [wanted], "the engine to be asked")
        await until_shown(pilot, f"#{failed} acknowledged.")


async def test_escape_leaves_a_failure_as_it_is(world: World) -> None:
    async with staged_app(world, world.runs["failed"]).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("K")
        await until_shown(pilot, "may stay empty")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, RunScreen), "the dialog to close")
        assert world.actions.calls == []


async def test_what_the_engine_refuses_is_not_said_to_be_done(world: World) -> None:
    world.actions.problem = RunroomError("The record cannot be written: No space left on device.")
    async with staged_app(world, world.runs["failed"]).run_test(size=SIZE, notifications=True) as pilot:
        await opened(pilot)
        for keys in (("K", "ctrl+s"), ("Z",), ("D", "y")):
            await pilot.press(*keys)
            await until_told(pilot, "No space left on device.")
            pilot.app.clear_notifications()
        await until_still(pilot)
        assert not list(pilot.app._notifications)
        assert isinstance(pilot.app.screen, RunScreen)


async def test_what_went_well_cannot_be_acknowledged(world: World) -> None:
    run_id = world.runs["completed"]
    async with staged_app(world, run_id).run_test(size=SIZE, notifications=True) as pilot:
        await until_shown(pilot, "completed")
        await pilot.press("K")
        await until_shown(pilot, f"#{run_id}: not failed.")
        assert world.actions.calls == []


async def test_a_run_is_deleted_after_asking_and_brought_back(world: World) -> None:
    failed = world.runs["failed"]
    async with staged_app(world, failed, StagedEngine()).run_test(size=SIZE, notifications=True) as pilot:
        await opened(pilot)
        await pilot.press("D")
        await until_shown(pilot, f"Delete #{failed}?")
        await pilot.press("y")
        await until(pilot, lambda: world.actions.calls == [("delete", failed)], "the engine to be asked")
        await until(pilot, lambda: not isinstance(pilot.app.screen, RunScreen), "home to be back")
        await pilot.press("U")
        await until(pilot, lambda: world.actions.calls[-1] == ("undelete", failed, None), "it to be brought back")
        await pilot.press("U")
        await until_shown(pilot, "Nothing was deleted")


async def test_a_run_is_archived_and_renamed(world: World) -> None:
    failed = world.runs["failed"]
    async with staged_app(world, failed).run_test(size=SIZE, notifications=True) as pilot:
        await opened(pilot)
        await pilot.press("Z")
        await until(pilot, lambda: world.actions.calls == [("archive", failed, None)], "the archive")
        await pilot.press("T")
        await until_shown(pilot, f"What shall #{failed} be called?")
        await pilot.press("end", *"!", "enter")
        await until(pilot, lambda: world.actions.calls[-1] == ("rename", failed, "nightly!"), "the new name")


async def test_the_link_and_the_hosts_are_copied(world: World) -> None:
    failed = world.runs["failed"]
    async with staged_app(world, failed).run_test(size=SIZE, notifications=True) as pilot:
        await opened(pilot)
        await pilot.press("I")
        await until_shown(pilot, "Copied")
        assert pilot.app.clipboard == f"runroom watch {failed} -w {world.paths.folder}"
        await pilot.press("X")
        await until_shown(pilot, f"Hosts that #{failed} used")
        await pilot.press("y")
        await until(pilot, lambda: pilot.app.clipboard == "lab-1", "the host")


async def test_the_hosts_of_marked_runs_are_saved_to_a_file_that_was_not_there(world: World, tmp_path: Path) -> None:
    target = tmp_path / "hosts.txt"
    async with staged_app(world, engine=StagedEngine()).run_test(size=SIZE, notifications=True) as pilot:
        await until_shown(pilot, f"#{world.runs['failed']}")
        await pilot.press("space", "space", "X")
        await until_shown(pilot, "Hosts that 2 runs used")
        await pilot.press("s")
        await until_shown(pilot, "Save hosts-of-2-runs.txt as")
        target.write_text("mine")
        pilot.app.screen.query_one(Input).value = str(target)
        await pilot.press("enter")
        await until_shown(pilot, "exists already")
        assert target.read_text() == "mine"
        target.unlink()
        await pilot.press("enter")
        await until(pilot, target.exists, "the file")
        await until_told(pilot, f"Saved as {target}.")
        assert target.read_text() == "lab-1\n"
        assert "2 runs marked" in text_of(pilot)


async def test_marked_runs_are_looked_after_together(world: World) -> None:
    failed, before = world.runs["failed"], world.runs["completed"]
    async with staged_app(world, engine=StagedEngine()).run_test(size=SIZE, notifications=True) as pilot:
        await until_shown(pilot, f"#{failed}")
        await pilot.press("space", "space")
        await until_shown(pilot, "2 runs marked")
        await pilot.press("Z")
        wanted = [("archive", failed, None), ("archive", before, None)]
        await until(pilot, lambda: world.actions.calls == wanted, "both to be archived")
        await until(pilot, lambda: "marked" not in text_of(pilot), "the marks to go")


async def test_all_that_the_filter_lets_through_is_marked_and_escape_unmarks(world: World) -> None:
    async with staged_app(world, engine=StagedEngine()).run_test(size=SIZE, notifications=True) as pilot:
        await until_shown(pilot, f"#{world.runs['failed']}")
        await pilot.press("a")
        await until_shown(pilot, f"{len(world.runs)} runs marked")
        await pilot.press("r")
        await until_shown(pilot, "flights/prod, flights_mesh/prod are PRODUCTION.")
        assert text_of(pilot).count("dbt build --target prod") == 4
        assert "more runs, each with its own commands" in text_of(pilot)
        await pilot.press("n", "escape")
        await until(pilot, lambda: "marked" not in text_of(pilot), "the marks to go")
        assert world.actions.calls == []


async def test_marked_runs_are_compared(world: World) -> None:
    async with staged_app(world, engine=StagedEngine()).run_test(size=SIZE, notifications=True) as pilot:
        await until_shown(pilot, f"#{world.runs['failed']}")
        await pilot.press("space", "c")
        await until_shown(pilot, "Two, three or four runs can be compared")
        await pilot.press("space", "c")
        await until_shown(pilot, f"Compare #{world.runs['completed']} · #{world.runs['failed']}")


async def test_readonly_refuses(world: World) -> None:
    app = staged_app(world, world.runs["failed"])
    object.__setattr__(app.services, "readonly", True)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await opened(pilot)
        for key in ("K", "Z", "D", "T"):
            await pilot.press(key)
        await until_shown(pilot, "--readonly")
        assert world.actions.calls == []


@pytest.mark.snapshot
@pytest.mark.parametrize("size", ["80x24", "120x40"])
@pytest.mark.parametrize(("scene", "key"), [("acknowledge", "K"), ("delete", "D"), ("rename", "T"), ("hosts", "X")])
def test_triage(
    scene: str, key: str, size: str, world: World, snap_compare: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)

    async def stage(pilot: Pilot[None]) -> None:
        await opened(pilot)
        await until_still(pilot)
        await pilot.press(key)
        await until(pilot, lambda: not isinstance(pilot.app.screen, RunScreen), scene)
        for line in pilot.app.screen.query(Input):
            line.cursor_blink = False
        for area in pilot.app.screen.query(TextArea):
            area.cursor_blink = False
        await until_still(pilot)

    width, height = map(int, size.split("x"))
    assert callable(snap_compare)
    assert snap_compare(staged_app(world, world.runs["failed"]), terminal_size=(width, height), run_before=stage)
