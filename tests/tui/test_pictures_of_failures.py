"""How a run with several failures looks, and the runs that failed like it. `make snapshots` makes them again."""

import pytest
from textual.pilot import Pilot

from tests.tui.conftest import WorldMaker
from tests.tui.staging import staged_app, until_shown, until_still

SIZES = ("80x24", "120x40")
SCENES = {
    # The scene: the keys, what is seen when all is there.
    "causes": ((), "3 failures = 2 causes"),
    "alike": (("A",), "cause:39"),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scene", SCENES)
def test_failures(
    scene: str, size: str, make_world: WorldMaker, snap_compare: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys, seen = SCENES[scene]
    monkeypatch.delenv("NO_COLOR", raising=False)
    world = make_world("recurring")

    async def stage(pilot: Pilot[None]) -> None:
        await until_shown(pilot, "3 failures = 2 causes")
        await until_still(pilot)
        await pilot.press(*keys)
        await until_shown(pilot, seen)
        await until_still(pilot)

    width, height = map(int, size.split("x"))
    assert callable(snap_compare)
    assert snap_compare(staged_app(world, world.runs["failed"]), terminal_size=(width, height), run_before=stage)
