"""How the code of a run looks, with its web pages: a changed picture fails. `make snapshots` makes them again."""

import asyncio

import pytest
from textual.pilot import Pilot

from tests.tui.conftest import WorldMaker
from tests.tui.run.test_code import checked_out
from tests.tui.staging import staged_app, until_shown, until_still


@pytest.mark.parametrize("size", ["80x24", "120x40"])
def test_code(size: str, make_world: WorldMaker, snap_compare: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failed run of a pull request."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    world = make_world("failed")
    run_id = asyncio.run(checked_out(world))

    async def stage(pilot: Pilot[None]) -> None:
        await until_shown(pilot, "pull/7@a1b2c3d")
        await until_still(pilot)
        await pilot.press("at")
        await until_shown(pilot, "Name the tail number")
        await until_still(pilot)

    width, height = map(int, size.split("x"))
    assert callable(snap_compare)
    assert snap_compare(staged_app(world, run_id), terminal_size=(width, height), run_before=stage)
