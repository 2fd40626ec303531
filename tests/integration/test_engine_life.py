"""The engine as a process: where it runs, how it is greeted, when it goes, and what goes on without it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from engine.client import launch
from engine.client.api import EngineNotRunning
from engine.client.launch import connect, ensure_engine, find_engine, stop_engine
from engine.errors import EngineStopped
from engine.lock import hold_lock, is_locked
from engine.protocol import API_VERSION, Change, Hello
from store.clock import system_clock
from store.migrate import LATEST
from store.status import RunStatus
from tests.integration.dbt.projects import write_project
from tests.support.gated_project import GatedProject
from tests.support.live_workspace import LiveWorkspace
from tests.support.processes import is_running
from tests.support.waiting import until

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(180)]


async def test_neither_a_deep_folder_nor_names_like_ours_keep_a_run_from_working(live: LiveWorkspace) -> None:
    folder = live.folder.joinpath(*["quite_a_long_name_for_a_folder"] * 7)
    ours = {f"{name}/__init__.py": "raise SystemExit('shadowed')" for name in ("engine", "store", "tui", "dbt")}
    write_project(folder, ours)
    deep = LiveWorkspace(folder)
    assert len(str(folder)) > 200
    run = await deep.run_to_end(job=None, environment="dev", steps=["parse"])

    assert (run.status, run.status_reason) == (RunStatus.COMPLETED, None)
    assert deep.paths.socket.resolve().stat().st_mode & 0o777 == 0o600


async def test_it_goes_when_nobody_needs_it_not_before(live: LiveWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNROOM_IDLE_S", "0.4")
    project = GatedProject(live.folder)
    project.write()
    run = await live.start()
    await project.reached()
    engine = live.engine()
    assert is_running(engine)
    project.open()
    assert (await live.ended(run.id)).status is RunStatus.COMPLETED
    await until(lambda: not is_running(engine), "the engine has gone", 10)

    assert not live.paths.socket.exists()
    with pytest.raises(EngineNotRunning):
        await connect(live.paths)


async def test_runs_go_on_without_it(live: LiveWorkspace) -> None:
    project = GatedProject(live.folder)
    project.write()
    run = await live.start()
    await project.reached()
    worker, engine = await live.worker(run.id), live.engine()
    async with await ensure_engine(live.folder) as client:
        heard: list[Change] = []
        stopping: asyncio.Task[None] | None = None
        async for change in client.changes(0):
            heard.append(change)
            stopping = stopping or asyncio.create_task(stop_engine(live.paths))
        assert stopping is not None
        await stopping
    assert heard[0].runs == (run.id,)
    await until(lambda: not is_running(engine), "the engine has gone", 10)
    assert is_running(worker)

    project.open()
    await until(lambda: not is_running(worker), "the worker is done")
    assert (await live.run(run.id)).is_active
    async with await ensure_engine(live.folder):
        ended = await live.ended(run.id, 5)
    assert (ended.status, ended.counts.models_succeeded) == (RunStatus.COMPLETED, 2)


@pytest.mark.parametrize(("differing", "value"), [("version", lambda _: "99.0"), ("LATEST", LATEST + 1)])
async def test_a_newer_runroom_takes_the_place_of_an_engine_while_a_run_goes_on(
    live: LiveWorkspace, monkeypatch: pytest.MonkeyPatch, differing: str, value: object
) -> None:
    project = GatedProject(live.folder)
    project.write()
    run = await live.start()
    await project.reached()
    worker, older = await live.worker(run.id), live.engine()

    with monkeypatch.context() as upgraded:
        upgraded.setattr(launch, differing, value)
        async with await ensure_engine(live.folder):
            newer = live.engine()
    assert newer.pid != older.pid
    assert not is_running(older)
    assert is_running(worker)
    assert (await live.run(run.id)).status is RunStatus.RUNNING

    project.open()
    ended = await live.ended(run.id)
    assert (ended.status, ended.counts.models_succeeded, ended.pid) == (RunStatus.COMPLETED, 2, worker.pid)
    assert live.engine().pid == newer.pid


@asynccontextmanager
async def engine_of_an_older_runroom(live: LiveWorkspace) -> AsyncIterator[asyncio.Event]:
    """Holds the workspace's lock and answers on its socket until it is asked to stop; gives the event of that."""
    stop = asyncio.Event()

    async def hello(_: web.Request) -> web.Response:
        greeting = Hello(
            api=API_VERSION - 1,
            version="0.0.1",
            pid=1,
            workspace=str(live.folder),
            started_at=system_clock(),
            active_runs=0,
        )
        return web.Response(text=greeting.model_dump_json(), content_type="application/json")

    async def ask_to_stop(_: web.Request) -> web.Response:
        stop.set()
        return web.json_response({})

    application = web.Application()
    application.add_routes([web.get("/v1/hello", hello), web.post("/v1/stop", ask_to_stop)])
    runner = web.AppRunner(application)
    await runner.setup()

    async def serve() -> None:
        with hold_lock(live.paths.engine_lock):
            await web.UnixSite(runner, str(live.paths.socket)).start()
            await stop.wait()
            await runner.cleanup()

    serving = asyncio.create_task(serve())
    await until(live.paths.socket.exists, "the old engine listens")
    yield stop
    stop.set()
    await serving


async def test_an_older_engine_is_replaced(live: LiveWorkspace) -> None:
    write_project(live.folder)
    async with engine_of_an_older_runroom(live) as was_stopped:
        async with await ensure_engine(live.folder) as client:
            hello = await client.hello()
        assert was_stopped.is_set()

    assert (hello.api, hello.pid) == (API_VERSION, live.engine().pid)


async def test_an_engine_that_was_stopped_stays_so_for_whoever_only_listens(live: LiveWorkspace) -> None:
    write_project(live.folder)
    async with await ensure_engine(live.folder):
        pass
    await stop_engine(live.paths)
    with pytest.raises(EngineStopped):
        await find_engine(live.folder)
    assert not is_locked(live.paths.engine_lock)

    async with await ensure_engine(live.folder), await find_engine(live.folder) as client:
        assert (await client.hello()).pid == live.engine().pid
    await live.kill_engine()
    async with await find_engine(live.folder) as client:
        assert (await client.hello()).pid == live.engine().pid


async def test_a_signal_stops_an_engine_as_a_request_does(live: LiveWorkspace) -> None:
    write_project(live.folder)
    async with await ensure_engine(live.folder):
        engine = live.engine()
    engine.terminate()
    await until(lambda: not is_running(engine), "the engine has gone", 10)
    with pytest.raises(EngineStopped):
        await find_engine(live.folder)
