"""The store is an index: whatever becomes of it, the journals bring it back."""

import asyncio
import subprocess
import sys
from datetime import UTC, datetime

import psutil
import pytest

from engine.client.launch import ensure_engine, rebuild_store
from store.filters import RunFilter
from store.paths import WorkspacePaths
from store.reads import StoreReader
from tests.simulated_run import Scenario, run_events
from tests.support.gated_project import GatedProject
from tests.support.live_workspace import LiveWorkspace
from tests.support.processes import is_running, kill
from tests.support.records import COUNTERS, Rows, record_of
from tests.support.waiting import until
from tests.support.written_runs import write_run

pytestmark = pytest.mark.timeout(60)

THEN = datetime(2026, 11, 21, 14, 4, tzinfo=UTC)


def write_history(paths: WorkspacePaths, runs: int) -> None:
    """So many runs, every second of which failed."""
    GatedProject(paths.folder).write()
    for number in range(1, runs + 1):
        errors = {"int_delays": "Runtime Error\n  it broke"} if number % 2 else {}
        write_run(paths, number, THEN, run_events(Scenario(THEN, errors)))


async def records(paths: WorkspacePaths, runs: int) -> list[Rows]:
    return [await record_of(paths.database, number, COUNTERS) for number in range(1, runs + 1)]


def start_engine(live: LiveWorkspace) -> psutil.Process:
    command = [sys.executable, "-I", "-m", "engine.daemon", "--workspace", str(live.folder)]
    return psutil.Popen(command, stderr=subprocess.DEVNULL)


async def test_a_store_that_was_deleted_comes_back_as_it_was(live: LiveWorkspace) -> None:
    write_history(live.paths, 4)
    async with await ensure_engine(live.folder) as client:
        await client.rename(2, "before the release")
        await client.delete(3)
    original = [await record_of(live.paths.database, number, COUNTERS) for number in (1, 2, 4)]
    assert original[1]["run"][0]["name"] == "before the release"
    assert original[0]["run"][0]["counts"]["models_failed"] == 1
    await live.kill_engine()
    for file in live.paths.record.glob("store.db*"):
        file.unlink()
    async with await ensure_engine(live.folder) as client:
        rebuilt = (await client.hello()).rebuilt

    assert rebuilt is not None
    assert (rebuilt.runs, rebuilt.notices) == (3, ())
    assert [await record_of(live.paths.database, number, COUNTERS) for number in (1, 2, 4)] == original


async def test_a_rebuild_that_is_asked_for_gives_the_same_store_and_keeps_the_old_one(live: LiveWorkspace) -> None:
    write_history(live.paths, 2)
    async with await ensure_engine(live.folder):
        pass
    original = await records(live.paths, 2)

    assert (await rebuild_store(live.folder)).runs == 2
    assert await records(live.paths, 2) == original
    assert live.paths.database.with_name("store.db.aside").exists()


async def test_a_rebuild_of_a_workspace_without_runs_is_one_too(live: LiveWorkspace) -> None:
    GatedProject(live.folder).write()
    assert (await rebuild_store(live.folder)).runs == 0


async def test_a_rebuild_that_is_killed_leaves_no_half_of_a_store(live: LiveWorkspace) -> None:
    runs = 60
    write_history(live.paths, runs)
    engine = start_engine(live)
    await until(live.paths.database.with_suffix(".partial").exists, "the rebuild has begun", 30)
    kill(engine)
    await asyncio.to_thread(engine.wait)
    assert not live.paths.database.exists()

    async with await ensure_engine(live.folder), StoreReader.open(live.paths.database) as reader:
        numbers = [run.id for run in await reader.runs(RunFilter(), limit=runs + 1)]
    assert sorted(numbers) == list(range(1, runs + 1))
    assert not is_running(engine)
