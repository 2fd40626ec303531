"""How a remote that does not answer looks: a changed picture fails. `make snapshots` makes them again."""

import asyncio

import pytest
from textual.pilot import Pilot

from tests.tui.conftest import WorldMaker
from tests.tui.staging import StagedEngine, staged_app, until_shown, until_still
from tests.tui.test_remote_looks import looked

PROBLEM = "ssh: connect to host github.com port 22: Connection refused"


@pytest.mark.parametrize("size", ["80x24", "120x40"])
def test_remotes(size: str, make_world: WorldMaker, snap_compare: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """The jobs, while nobody can see what is pushed."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    world = asyncio.run(looked(make_world("failed"), PROBLEM))

    async def stage(pilot: Pilot[None]) -> None:
        await until_shown(pilot, "● engine")
        await until_shown(pilot, "#18")
        await pilot.press("J")
        await until_shown(pilot, "answered last 1h ago.")
        await until_still(pilot)

    width, height = map(int, size.split("x"))
    assert callable(snap_compare)
    app = staged_app(world, engine=StagedEngine())
    assert snap_compare(app, terminal_size=(width, height), run_before=stage)
