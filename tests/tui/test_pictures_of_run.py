"""How the page of a run looks: a changed picture fails. `make snapshots` makes them again."""

import pytest
from textual.pilot import Pilot

from tests.tui.conftest import WorldMaker
from tests.tui.staging import staged_app, until_shown, until_still

SIZES = ("80x24", "120x40")
SCENES = {
    # The scene: its world, the part that the run plays in it, the keys, what is seen when all is there.
    "running": ("running", "running", (), "18/23"),
    "completed": ("completed", "completed", (), "✓ completed"),
    "failed": ("failed", "failed", (), "LINE 14:"),
    "cancelled": ("cancelled", "cancelled", (), "half-updated"),
    "queued": ("queued", "queued", (), "Waits for #19"),
    "skipped": ("queued", "skipped", (), "#19 of the same job"),
    "error": ("queued", "error", (), "could not be started"),
    "detail": ("failed", "failed", ("enter",), "table model"),
    "by-folder": ("completed", "completed", ("t",), "  marts/operations/"),
    "audits": ("failed", "failed", ("2",), "2,512"),
    "timeline": ("completed", "completed", ("4",), "critical path"),
    "timeline-by-thread": ("running", "running", ("4", "t"), "Thread-1"),
    "steps": ("failed", "failed", ("5",), "LINE 14:"),
    "log-search": ("failed", "failed", ("l",), "[int_delays]"),
    "artifacts": ("failed", "failed", ("6",), "-- int_aircraft_rotations"),
    "artifacts-tree": ("failed", "failed", ("6", "t"), "▾ target/"),
    "no-artifacts": ("queued", "error", ("6",), "left no files"),
    "confirm-stop": ("running", "running", ("x",), "Stop it"),
    "confirm-rerun": ("failed", "failed", ("R",), "Run it"),
    "help": ("failed", "failed", ("question_mark",), "Keys"),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scene", SCENES)
def test_run(
    scene: str, size: str, make_world: WorldMaker, snap_compare: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, role, keys, seen = SCENES[scene]
    monkeypatch.delenv("NO_COLOR", raising=False)
    world = make_world(name)

    async def stage(pilot: Pilot[None]) -> None:
        await until_shown(pilot, " · flights/")
        await until_still(pilot)
        for key in keys:
            await pilot.press(key)
        await until_shown(pilot, seen)
        await until_still(pilot)

    width, height = map(int, size.split("x"))
    assert callable(snap_compare)
    assert snap_compare(staged_app(world, world.runs[role]), terminal_size=(width, height), run_before=stage)
