"""`kill -9` of the worker of a ci run: its schema and its copy of the profile are taken away all the same."""

from pathlib import Path

import duckdb
import psutil
import pytest

from engine.client.launch import ensure_engine
from store.events import AnyEvent, StepStarted
from store.models import Run
from store.reads import StoreReader
from store.status import RunStatus, StepStatus
from tests.integration.sqlmesh import test_git_request as mesh
from tests.integration.test_git_projects import PROJECT, REQUEST, SLOW, begin, nth_run
from tests.support.live_workspace import LiveWorkspace
from tests.support.processes import is_running, kill
from tests.support.remotes import Remote
from tests.support.waiting import until

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(240)]

PROMISED_S = 5.0


async def building(live: LiveWorkspace, tmp_path: Path) -> tuple[Run, psutil.Process, Remote]:
    """A ci run in the middle of a model, in its own schema, and its worker."""
    remote = Remote(tmp_path)
    remote.make(PROJECT)
    await begin(live)
    remote.push({"dbt/models/slow.py": SLOW}, "Try", REQUEST)
    run = await nth_run(live, "check", 1)
    await until((database(live).parent / "slow.reached").exists, "the slow model is being built")
    worker = await live.worker(run.id)
    assert (live.files(run.id).folder / "isolation" / "profiles.yml").is_file()
    return run, worker, remote


def database(live: LiveWorkspace) -> Path:
    return live.paths.default_checkout("shop") / "dbt" / "test.duckdb"


def schemas_in(file: Path) -> set[str]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return {
            name for (name,) in connection.execute("SELECT schema_name FROM information_schema.schemata").fetchall()
        }


async def until_put_away(live: LiveWorkspace, run_id: int) -> None:
    async def done() -> bool:
        async with StoreReader.open(live.paths.database) as reader:
            last = (await reader.steps(run_id))[-1]
        return last.name == "tear-down" and last.status is not StepStatus.RUNNING

    await until(done, "the tear-down is over")
    async with StoreReader.open(live.paths.database) as reader:
        *_, last = await reader.steps(run_id)
    files = live.files(run_id)
    assert last.status is StepStatus.SUCCEEDED
    assert "Dropping schema ci_7" in (files.folder / str(last.log)).read_text()
    assert not (files.folder / "isolation").exists()
    await until(lambda: not files.to_put_away.exists() and not files.checkout.exists(), "all is put away")
    assert "ci_7" not in schemas_in(database(live))


async def test_with_its_worker_a_check_does_not_lose_its_tear_down(live: LiveWorkspace, tmp_path: Path) -> None:
    run, worker, remote = await building(live, tmp_path)
    kill(worker)
    ended = await live.ended(run.id, PROMISED_S)
    assert (ended.status, ended.status_reason) == (
        RunStatus.ERROR,
        f"worker (pid {worker.pid}) was killed by signal 9 before the run was over",
    )

    # A newer push at once: its run waits until the place is empty.
    remote.push({"dbt/models/slow.py": SLOW.replace("while not", "while False and not")}, "Mend", REQUEST)
    newer = await live.ended((await nth_run(live, "check", 2)).id)
    await until_put_away(live, run.id)

    assert newer.status is RunStatus.COMPLETED
    async with StoreReader.open(live.paths.database) as reader:
        (first, second) = ((await reader.steps(run.id))[-1], (await reader.steps(newer.id))[0])
    assert first.finished_at is not None
    assert first.finished_at <= second.started_at


async def test_the_next_engine_tears_down_what_nobody_was_left_to(live: LiveWorkspace, tmp_path: Path) -> None:
    run, worker, _ = await building(live, tmp_path)
    tool = await live.tool(run.id)
    await live.kill_engine()
    kill(worker)
    kill(tool)
    await until(lambda: not is_running(tool), "dbt is dead")

    async with await ensure_engine(live.folder):
        assert (await live.ended(run.id)).status is RunStatus.ERROR
        await until_put_away(live, run.id)


async def test_an_engine_that_dies_during_the_tear_down_leaves_the_rest_to_the_next(
    live: LiveWorkspace, tmp_path: Path
) -> None:
    run, worker, _ = await building(live, tmp_path)
    kill(worker)
    await live.journaled(run.id, tears_down, "that the tear-down has begun")
    await live.kill_engine()

    async with await ensure_engine(live.folder):
        await until_put_away(live, run.id)
    numbers = [event.seq for event in live.events(run.id)]
    assert numbers == list(range(1, len(numbers) + 1))


def tears_down(events: list[AnyEvent]) -> bool:
    return any(isinstance(event, StepStarted) and event.name == "tear-down" for event in events)


async def test_an_environment_of_sqlmesh_is_taken_away_too(live: LiveWorkspace, tmp_path: Path) -> None:
    remote = Remote(tmp_path)
    remote.make(mesh.PROJECT)
    (live.folder / "runroom.toml").write_text(mesh.CONFIGURATION)
    async with await ensure_engine(live.folder), StoreReader.open(live.paths.database) as reader:

        async def looked() -> bool:
            return bool(await reader.git.heads("lab"))

        await until(looked, "the remote was looked at")
        changed = mesh.PROJECT["models/totals.sql"].replace("1", "2")
        remote.push({"models/totals.sql": changed}, "Try", REQUEST)
        run = await nth_run(live, "check", 1)
        await live.tool(run.id)
        kill(await live.worker(run.id))

        async def torn_down() -> bool:
            return [(step.name, step.status) for step in await reader.steps(run.id)] == [
                ("checkout", StepStatus.SUCCEEDED),
                ("plan", StepStatus.CANCELLED),
                ("tear-down", StepStatus.SUCCEEDED),
            ]

        await until(torn_down, "the tear-down is over")
        await until(lambda: not live.files(run.id).to_put_away.exists(), "all is put away")
    assert (await live.run(run.id)).status is RunStatus.ERROR
    assert not live.files(run.id).checkout.exists()
