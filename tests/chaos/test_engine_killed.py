"""`kill -9` of the engine while a run goes on: nothing that the worker journals is lost or counted twice."""

import asyncio
import random

import pytest

from engine.client.launch import ensure_engine
from store.status import RunStatus
from tests.support.gated_project import GatedProject
from tests.support.live_workspace import LiveWorkspace
from tests.support.processes import is_running
from tests.support.records import COUNTERS, OF_THE_MOMENT, Rows, record_of
from tests.support.waiting import until

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(180)]

GATES = 5


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """The record of a run that nobody disturbed."""
    folder = tmp_path_factory.mktemp("undisturbed") / "workspace"
    project = GatedProject(folder, GATES)
    project.write()
    project.open_all()
    workspace = LiveWorkspace(folder)

    async def run() -> Rows:
        ended = await workspace.run_to_end()
        assert ended.status is RunStatus.COMPLETED
        return await record_of(workspace.paths.database, ended.id, OF_THE_MOMENT | COUNTERS)

    try:
        return asyncio.run(run())
    finally:
        workspace.end()


async def look_again(live: LiveWorkspace) -> None:
    """What any next command does first."""
    async with await ensure_engine(live.folder):
        pass


async def has_journaled(live: LiveWorkspace, run_id: int, count: int) -> None:
    await live.journaled(run_id, lambda events: len(events) >= count, f"{count} events")


async def test_a_run_whose_engine_is_killed_again_and_again_has_the_record_of_an_undisturbed_one(
    live: LiveWorkspace, undisturbed: Rows
) -> None:
    chance = random.Random(2013)
    project = GatedProject(live.folder, GATES)
    project.write()
    run = await live.start()
    worker = await live.worker(run.id)
    engines = set()
    for gate in range(1, GATES + 1):
        await project.reached(gate)
        engines.add(live.engine().pid)
        before = len(live.events(run.id))
        if chance.random() < 0.5:
            await live.kill_engine()
            project.open(gate)
            await has_journaled(live, run.id, before + chance.randint(0, 3))
        else:
            project.open(gate)
            await has_journaled(live, run.id, before + chance.randint(0, 3))
            await live.kill_engine()
        await look_again(live)
    ended = await live.ended(run.id)

    assert len(engines) == GATES
    await until(lambda: not is_running(worker), "the worker is gone", 5)
    assert await record_of(live.paths.database, ended.id, OF_THE_MOMENT | COUNTERS) == undisturbed
    assert [event.seq for event in live.events(run.id)] == list(range(1, len(live.events(run.id)) + 1))
