"""How changes, files as they were, and the dialogs about them look: a changed picture fails.

`make snapshots` makes them again.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.conftest import WorldMaker
from tests.tui.staging import staged_app, until_shown, until_still
from tests.version_worlds import FILES, change_files, give_versions, stage_answers
from tests.worlds import World

SIZES = ("80x24", "120x40")
SCENES: dict[str, tuple[str, tuple[str, ...], str]] = {
    # The scene: the part that the run plays in the world, the keys, what is seen when all is there.
    "changes": ("failed", ("7",), "tail_number,"),
    "changes-diff": ("failed", ("7", "enter"), "+where arrival_delay"),
    "commit": ("failed", ("7", "j", "j", "j", "j"), "51d07ee"),
    "last-good": ("failed", ("7", "b"), "(the last good run)"),
    "files": ("failed", ("7", "i", "j"), "tailnum"),
    "same-version": ("failed", (), "same version as now"),
    "rerun-failed": ("failed", ("R",), "bound to fail"),
    "rerun-latest": ("failed", ("r",), "Count delays"),
    "restore": ("completed", ("7", "B"), "14 files change"),
    "restore-over-edits": ("completed", ("7", "B"), "Stash the edits"),
    "create-job": ("completed", ("7", "J"), "nightly-"),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scene", SCENES)
def test_version(
    scene: str, size: str, make_world: WorldMaker, snap_compare: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    role, keys, seen = SCENES[scene]
    monkeypatch.delenv("NO_COLOR", raising=False)
    world = make_world("failed")
    _prepare(world, scene)

    async def stage(pilot: Pilot[None]) -> None:
        await until_shown(pilot, "Changes")
        await until_shown(pilot, "same version as now" if scene != "rerun-latest" else "differ from now")
        await until_still(pilot)
        for key in keys:
            await pilot.press(key)
            await until_still(pilot)
        await until_shown(pilot, seen)
        await until_still(pilot)
        for box in pilot.app.screen.query(Input):
            box.cursor_blink = False

    width, height = map(int, size.split("x"))
    assert callable(snap_compare)
    app = staged_app(world, world.runs[role])
    assert snap_compare(app, terminal_size=(width, height), run_before=stage)


def _prepare(world: World, scene: str) -> None:
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(give_versions(world))).result()
    stage_answers(world)
    if scene == "rerun-latest":
        change_files(world, {"models/new.sql": "select 1", "models/other.sql": "select 2"})
    if SCENES[scene][0] == "completed":
        change_files(world, FILES)
    if scene == "restore-over-edits":
        assert world.actions.restoration is not None
        edited = {"uncommitted": ("models/intermediate/int_delays.sql", "models/marts/new_mart.sql")}
        world.actions.restoration = world.actions.restoration.model_copy(update=edited)
