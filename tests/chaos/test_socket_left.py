"""What an engine that was killed leaves at the place where it listened."""

from pathlib import Path

import pytest

from engine.client.launch import ensure_engine, stop_engine
from tests.support.gated_project import GatedProject
from tests.support.live_workspace import LiveWorkspace

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
def deep(live: LiveWorkspace) -> LiveWorkspace:
    """The same workspace, deeper than a socket's address may be long."""
    folder = live.folder.joinpath(*["quite_a_long_name_for_a_folder"] * 8)
    folder.mkdir(parents=True)
    GatedProject(folder).write()
    return LiveWorkspace(folder)


async def test_the_next_engine_clears_the_place_of_a_killed_one(deep: LiveWorkspace) -> None:
    places: list[Path] = []
    for _ in range(2):
        async with await ensure_engine(deep.folder) as client:
            assert (await client.hello()).workspace == str(deep.folder)
        places.append(deep.paths.socket.readlink().parent)
        await deep.kill_engine()

    assert [place.exists() for place in places] == [False, True]
    async with await ensure_engine(deep.folder):
        last = deep.paths.socket.readlink().parent
    await stop_engine(deep.paths)
    assert not last.exists()
    assert not deep.paths.socket.is_symlink()
