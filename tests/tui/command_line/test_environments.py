"""`runroom environments` of a workspace with SQLMesh: what is half-written stands below the list, with the remedy."""

import asyncio
from pathlib import Path

import pytest

from store.events import RunFinished
from store.status import RunStatus
from tests.tui.command_line.conftest import CommandLine
from tests.worlds import NOW, World, build_world

_CONFIGURATION = """[projects.flights_mesh]
tool = "sqlmesh"
path = "flights_mesh"

[environments.prod]
project = "flights_mesh"
target = "prod"
"""


async def _over(folder: Path) -> World:
    """No run goes on, so that nobody looks for an engine."""
    world = await build_world("mesh", folder)
    for role in ("batches", "applying"):
        await world.happen(world.runs[role], RunFinished(ts=NOW, status=RunStatus.COMPLETED))
    return world


@pytest.fixture
def mesh(tmp_path: Path) -> World:
    world = asyncio.run(_over(tmp_path / "analytics"))
    (world.paths.folder / "flights_mesh").mkdir(exist_ok=True)
    (world.paths.folder / "flights_mesh" / "config.yaml").write_text("gateways: {}\n")
    world.paths.configuration.write_text(_CONFIGURATION)
    return world


def test_what_is_half_written_is_told_with_the_command_that_repairs_it(
    mesh: World, capsys: pytest.CaptureFixture[str]
) -> None:
    command = CommandLine(capsys, mesh.paths.folder)
    torn = mesh.runs["torn"]

    listed = command("environments")
    (line,) = [line for line in listed.out.splitlines() if line.startswith("▲")]
    assert line.startswith("▲ flights_mesh/prod: intervals of 1 model may be torn until")
    assert line.endswith(f"(runroom repair {torn})")
    assert line in command("environments", "flights_mesh/prod").out.splitlines()
    by_name = {item["name"]: item for item in command("environments", "--json").json}
    assert [run["run"] for run in by_name["prod"]["torn"]] == [torn]
    assert by_name["dev_anna"]["torn"] == []
    assert by_name["dev_anna"]["last_plan"]["id"] == mesh.runs["applying"]
