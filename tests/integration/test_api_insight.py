"""What the API of a real engine concludes from real runs, and that the engine goes on meanwhile."""

import asyncio
import json
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from engine.client.launch import ensure_engine
from engine.demo.workspace import make_demo
from store.models import Run, Scope
from store.status import RunStatus
from tests.integration.dbt.projects import write_project
from tests.integration.test_api import PROJECT, answers, configure, free_port, token, until_answers
from tests.support.live_workspace import LiveWorkspace
from tests.support.processes import is_running, reading_for
from tests.support.waiting import until

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(480)]

_LIMIT_S = 240.0
_RUNROOM = [sys.executable, "-P", "-m", "tui.command_line.main"]
_LOOKS = 20
_PATIENCE_S = 20.0


@asynccontextmanager
async def opened(live: LiveWorkspace, scope: Scope = "read") -> AsyncIterator[aiohttp.ClientSession]:
    """The API of the workspace, to who may do so much."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    with (live.folder / "runroom.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[api]\nlisten = "127.0.0.1:{port}"\n')
    secret = await token(live, "caller", scope)
    await until_answers(url, secret, 200)
    async with aiohttp.ClientSession(url, headers={"Authorization": f"Bearer {secret}"}) as session:
        yield session


async def got(session: aiohttp.ClientSession, path: str) -> Any:
    """What the API answers."""
    async with session.get(f"/v1/{path}") as response:
        assert response.status == 200, await response.text()
        return await response.json()


async def printed(live: LiveWorkspace, *arguments: str) -> Any:
    """What the command line prints as JSON."""
    command = [*_RUNROOM, "-w", str(live.folder), *arguments, "--json"]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo as it is shipped."""
    return make_demo(tmp_path_factory.mktemp("demo") / "workspace").folder


@pytest.fixture
def flights(demo: Path, live: LiveWorkspace) -> LiveWorkspace:
    """A workspace with the demo in it."""
    shutil.copytree(demo, live.folder, dirs_exist_ok=True)
    return live


async def _is_told_alike(session: aiohttp.ClientSession, live: LiveWorkspace, model: str, column: str) -> None:
    """The only run there is, by all that is to be read of it."""
    for path, arguments in (
        ("runs/1", ["show", "1"]),
        ("runs/1/causes", ["causes", "1"]),
        (f"runs/1/lineage?model={model}", ["lineage", "1", model]),
        (f"runs/latest/models/{model}", ["model", "latest", model]),
        (f"runs/1/models/{model}?column={column}", ["model", "1", model, "--column", column]),
        ("runs/1/changes", ["changes", "1"]),
        ("search?pattern=error", ["search", "error"]),
    ):
        assert await got(session, path) == await printed(live, *arguments), path
    lines = await got(session, "runs/1/lines?level=warn&limit=100000")
    assert lines == {"lines": await printed(live, "logs", "1", "--level", "warn"), "complete": True}
    for name, path, arguments in (
        ("files", "runs/1/files", ["files", "1"]),
        ("artifacts", "runs/1/artifacts", ["artifacts", "1"]),
        ("hosts", "hosts?run=1", ["hosts", "1"]),
        ("runs", "runs", ["runs"]),
        ("jobs", "jobs", ["jobs"]),
        ("environments", "environments", ["environments"]),
        ("failures", "failures", ["failures"]),
        ("actions", "actions", ["actions"]),
    ):
        assert (await got(session, path))[name] == await printed(live, *arguments), path
    async with session.get("/v1/runs/1/bundle") as bundle:
        assert (await bundle.read())[:2] == b"\x1f\x8b"


async def _ended(session: aiohttp.ClientSession, live: LiveWorkspace, wanted: Mapping[str, object]) -> Run:
    """Has the API start the first run, and gives it once it is over."""
    async with session.post("/v1/runs", json=wanted) as started:
        assert started.status == 201, await started.text()
    return await live.ended(1, _LIMIT_S)


async def test_a_failed_run_of_dbt_is_told_as_the_command_line_tells_it(flights: LiveWorkspace) -> None:
    async with opened(flights, "run") as session:
        run = await _ended(session, flights, {"job": "demo-failure"})
        assert run.status is RunStatus.FAILED
        await _is_told_alike(session, flights, "fleet_cruise_speeds", "tail_number")


async def test_a_plan_of_sqlmesh_is_told_as_the_command_line_tells_it(flights: LiveWorkspace) -> None:
    wanted = {
        "environment": "flights_mesh/prod",
        "kind": "plan",
        "steps": ["plan --empty-backfill"],
        "options": {"apply": True, "skip_tests": True},
    }
    async with opened(flights, "run") as session:
        run = await _ended(session, flights, wanted)
        assert run.status is RunStatus.COMPLETED, run.status_reason
        assert (await got(session, "runs/1"))["plan"]
        await _is_told_alike(session, flights, "marts.carrier_daily", "carrier_name")


async def _answered_meanwhile(session: aiohttp.ClientSession, live: LiveWorkspace) -> None:
    """The engine answers others, over TCP and on its socket, each in a moment."""
    async with await ensure_engine(live.folder) as client:
        for _ in range(_LOOKS):
            begun = time.monotonic()
            assert (await got(session, "runs"))["runs"]
            assert (await client.hello()).active_runs == 0
            assert time.monotonic() - begun < _PATIENCE_S / 4


async def test_the_engine_goes_on_while_logs_are_searched(live: LiveWorkspace) -> None:
    write_project(live.folder, PROJECT)
    configure(live.folder)
    run = await live.run_to_end("nightly")
    log = live.files(run.id).logs / "02-large.log"
    line = f"2026-11-21T03:00:00.000Z INFO [orders] {'row ' * 20}found\n"
    with log.open("w") as file:
        for _ in range(200):
            file.write(line * 5_000)
        # On this, an expression with a repetition in a repetition works for ever.
        file.write(f"{'a' * 60}b\n")
    async with opened(live) as session:
        # A large answer that is taken slowly.
        async with session.get("/v1/search?pattern=found&limit=100000") as found:
            assert found.status == 200
            await _answered_meanwhile(session, live)
            told = json.loads(await found.read())
        assert (len(told["lines"]), told["complete"]) == (100_000, False)
        # All of it, with nothing found.
        searched = asyncio.create_task(got(session, "search?pattern=nowhere"))
        await _answered_meanwhile(session, live)
        assert (await searched)["bytes_searched"] >= log.stat().st_size
        # And one without an end.
        async with session.get(r"/v1/search?pattern=(a%2B)%2B$&regex=true") as endless:
            assert endless.status == 200
            assert reading_for(live.engine())
            await _answered_meanwhile(session, live)
            endless.close()
        await until(lambda: not reading_for(live.engine()), "nothing is searched for nobody", _PATIENCE_S)


async def test_an_engine_with_an_api_stays_for_whoever_may_call(
    live: LiveWorkspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNROOM_IDLE_S", "0.4")
    write_project(live.folder, PROJECT)
    url = f"http://127.0.0.1:{(port := free_port())}"
    configure(live.folder, f'listen = "127.0.0.1:{port}"')
    secret = await token(live, "ci", "read")
    engine = live.engine()
    # Another one, which starts later and that nobody may call, has waited for long enough when it goes.
    other = LiveWorkspace(tmp_path / "other")
    try:
        write_project(other.folder, PROJECT)
        async with await ensure_engine(other.folder):
            idle = other.engine()
        await until(lambda: not is_running(idle), "the engine that nobody may call has gone", 30)
    finally:
        other.end()
    assert is_running(engine)
    await until_answers(url, secret, 200)
    assert live.engine() == engine
    # Without an API it is like that one.
    configure(live.folder)
    await until(lambda: not is_running(engine), "the engine has gone, too", 30)
    assert await answers(url, secret) == 0
