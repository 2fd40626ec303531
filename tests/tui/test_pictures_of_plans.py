"""How plans, batches and SQLMesh's environments look: a changed picture fails. `make snapshots` makes them again."""

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.conftest import WorldMaker
from tests.tui.staging import StagedEngine, staged_app, until_shown, until_still
from tui.widgets.environment_list import EnvironmentList

SIZES = ("80x24", "120x40")
SCENES: dict[str, tuple[str, tuple[str, ...], str]] = {
    # The scene: the part that the run plays in the world (none: home), the keys, what is seen when all is there.
    "before": ("preview", (), "p applies this plan"),
    "confirm": ("preview", ("p",), "Leave it"),
    "uncategorised": ("uncategorised", (), "p says it for"),
    "categories": ("uncategorised", ("p",), "Which changes are breaking"),
    "nothing-to-do": ("idle-plan", (), "is up to date"),
    "during": ("applying", ("1",), "views are switched later"),
    "during-models": ("applying", (), "batch 5/12"),
    "after": ("applied", ("1",), "8/8  views are switched"),
    "batches": ("batches", (), "batch 5/12"),
    "signal": ("batches", ("j", "enter"), "waits for the signal"),
    "half-written": ("torn", (), "as loaded"),
    "repair": ("torn", ("m",), "PRODUCTION"),
    "repaired": ("repaired", (), "repaired by #3"),
    "environment": ("", ("G", "k"), "dev_anna   flights_mesh"),
    "unfinalised": ("", ("G",), "dev_ben   flights_mesh"),
    "torn": ("", ("G", "k", "k"), "may be torn"),
    "intervals": ("", ("G", "k", "i"), "missing 2026-11-19"),
    "new-environment": ("", ("P", *"dev_cleo"), "is not there yet"),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scene", SCENES)
def test_plan(
    scene: str, size: str, make_world: WorldMaker, snap_compare: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    role, keys, seen = SCENES[scene]
    monkeypatch.delenv("NO_COLOR", raising=False)
    world = make_world("mesh")
    run_id = world.runs[role] if role else None

    async def stage(pilot: Pilot[None]) -> None:
        await until_shown(pilot, "Artifacts" if role else "● engine")
        await until_shown(pilot, "flights_mesh/" if role else "dev_anna")
        await until_still(pilot)
        for places in pilot.app.screen.query(EnvironmentList):
            places.focus()
        for key in keys:
            await pilot.press(key)
        await until_shown(pilot, seen)
        await until_still(pilot)
        for box in pilot.app.screen.query(Input):
            box.cursor_blink = False

    width, height = map(int, size.split("x"))
    assert callable(snap_compare)
    app = staged_app(world, run_id, StagedEngine())
    assert snap_compare(app, terminal_size=(width, height), run_before=stage)
