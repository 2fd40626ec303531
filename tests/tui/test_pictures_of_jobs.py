"""How the jobs look: a changed picture fails. `make snapshots` makes them again."""

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.conftest import WorldMaker
from tests.tui.jobs_world import with_rich_jobs
from tests.tui.staging import StagedEngine, staged_app, until_shown, until_still

SIZES = ("80x24", "120x40")
PROBLEM = 'runroom.toml: jobs.nightly.shedule is not a known key; did you mean "schedule"?'
SCENES: dict[str, tuple[str, tuple[str, ...], str, str | None]] = {
    # The scene: its world, the keys, what is seen when all is there, what is wrong with the configuration.
    "list": ("failed", (), "one run for all missed fires", None),
    "paused": ("failed", ("j",), "the source is being moved", None),
    "pipeline": ("failed", ("j", "j"), "build --select marts", None),
    "pause": ("failed", ("p",), "why?", None),
    "pause-reason": ("failed", ("p", "enter"), "wants to know why", None),
    "run-now": ("failed", ("r",), "dbt build", None),
    "invalid": ("failed", (), "shedule", PROBLEM),
    "never-ran": ("empty", (), "one run for all", None),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scene", SCENES)
def test_jobs(
    scene: str, size: str, make_world: WorldMaker, snap_compare: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, keys, seen, problem = SCENES[scene]
    monkeypatch.delenv("NO_COLOR", raising=False)
    engine = StagedEngine()
    engine.configuration_problem = problem

    async def stage(pilot: Pilot[None]) -> None:
        await until_shown(pilot, "▲ configuration" if problem else "● engine")
        await until_shown(pilot, "Nothing ran" if name == "empty" else "#1")
        await pilot.press("J")
        await until_shown(pilot, "nightly")
        await until_still(pilot)
        for key in keys:
            await pilot.press(key)
        await until_shown(pilot, seen)
        await until_still(pilot)
        for box in pilot.app.screen.query(Input):
            box.cursor_blink = False

    width, height = map(int, size.split("x"))
    assert callable(snap_compare)
    app = staged_app(with_rich_jobs(make_world(name)), engine=engine)
    assert snap_compare(app, terminal_size=(width, height), run_before=stage)


@pytest.mark.parametrize("size", SIZES)
def test_upcoming(size: str, make_world: WorldMaker, snap_compare: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Home, narrowed to what schedules start."""
    monkeypatch.delenv("NO_COLOR", raising=False)

    async def stage(pilot: Pilot[None]) -> None:
        await until_shown(pilot, "● engine")
        await until_shown(pilot, "#1")
        for _ in range(4):
            await pilot.press("t")
        await until_shown(pilot, "in 11h")
        await until_still(pilot)

    width, height = map(int, size.split("x"))
    assert callable(snap_compare)
    app = staged_app(with_rich_jobs(make_world("failed"), None), engine=StagedEngine())
    assert snap_compare(app, terminal_size=(width, height), run_before=stage)
