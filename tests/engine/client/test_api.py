"""Whatever an engine answers, or does not, becomes a value or one typed error."""

import socket
from pathlib import Path

import pytest
from aiohttp import web

from engine.client.api import EngineClient, EngineNotRunning
from engine.errors import EngineUnavailable, RunroomError, UsageError
from engine.protocol import Change, StartRun
from store.paths import WorkspacePaths
from tests.engine.client.conftest import answering


async def test_nobody_listens(paths: WorkspacePaths) -> None:
    async with EngineClient(paths) as client:
        with pytest.raises(EngineNotRunning):
            await client.hello()


async def test_a_socket_that_a_dead_engine_left_behind(paths: WorkspacePaths) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(paths.socket))
    async with EngineClient(paths) as client:
        with pytest.raises(EngineNotRunning):
            await client.hello()


async def test_a_link_to_a_socket_elsewhere(paths: WorkspacePaths, tmp_path: Path) -> None:
    elsewhere = tmp_path / "s"
    paths.socket.symlink_to(elsewhere)
    elsewhere_paths = WorkspacePaths(tmp_path / "other")
    elsewhere_paths.record.mkdir(parents=True)
    async with answering(elsewhere_paths, "POST", "/v1/runs", _refuse), EngineClient(paths) as client:
        elsewhere_paths.socket.rename(elsewhere)
        with pytest.raises(UsageError):
            await client.start_run(StartRun(job="x"))
        elsewhere.rename(elsewhere_paths.socket)


async def _refuse(_: web.Request) -> web.Response:
    return web.json_response({"error": "There is no job.", "exit_code": 2}, status=400)


async def test_a_refusal_is_a_usage_error_in_the_engines_words(paths: WorkspacePaths) -> None:
    async with answering(paths, "POST", "/v1/runs", _refuse), EngineClient(paths) as client:
        with pytest.raises(UsageError, match=r"^There is no job\.$"):
            await client.start_run(StartRun(job="x"))


async def test_a_failure_inside_is_no_usage_error(paths: WorkspacePaths) -> None:
    async def fail(_: web.Request) -> web.Response:
        return web.json_response({"error": "The engine failed.", "exit_code": 3}, status=500)

    async with answering(paths, "POST", "/v1/stop", fail), EngineClient(paths) as client:
        with pytest.raises(RunroomError, match="The engine failed") as caught:
            await client.stop()
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(("status", "body"), [(500, "<html>"), (200, "<html>"), (200, '{"api": "new"}')])
async def test_an_answer_that_nobody_understands(paths: WorkspacePaths, status: int, body: str) -> None:
    async def babble(_: web.Request) -> web.Response:
        return web.Response(text=body, status=status)

    async with answering(paths, "GET", "/v1/hello", babble), EngineClient(paths) as client:
        with pytest.raises(RunroomError) as caught:
            await client.hello()
    assert caught.value.exit_code == 3


async def test_an_answer_that_breaks_off(paths: WorkspacePaths) -> None:
    async def break_off(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async with answering(paths, "GET", "/v1/hello", break_off), EngineClient(paths) as client:
        with pytest.raises(EngineUnavailable, match=r"broke off its answer; its log is .*engine\.log"):
            await client.hello()


async def test_a_run_gets_the_callers_variables(paths: WorkspacePaths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAREHOUSE_PASSWORD_OF_TEST", "hunter2")
    heard: list[StartRun] = []

    async def hear(request: web.Request) -> web.Response:
        heard.append(StartRun.model_validate_json(await request.read()))
        return await _refuse(request)

    async with answering(paths, "POST", "/v1/runs", hear), EngineClient(paths) as client:
        for wanted in (StartRun(job="x"), StartRun(job="x", process_environment={"A": "b"})):
            with pytest.raises(UsageError):
                await client.start_run(wanted)
    first, second = (start.process_environment or {} for start in heard)
    assert first["WAREHOUSE_PASSWORD_OF_TEST"] == "hunter2"
    assert second == {"A": "b"}


async def test_changes_come_one_by_one_however_the_bytes_are_cut(paths: WorkspacePaths) -> None:
    many = tuple(range(100_000))
    sent = [Change(change=1), Change(change=2, runs=many), Change(change=3, runs=(7,), workspace=True)]

    async def stream(request: web.Request) -> web.StreamResponse:
        assert request.query["since"] == "41"
        response = web.StreamResponse()
        await response.prepare(request)
        content = b"\n\n".join(change.model_dump_json().encode() for change in sent) + b"\n"
        for start in range(0, len(content), 9_973):
            await response.write(content[start : start + 9_973])
        return response

    async with answering(paths, "GET", "/v1/changes", stream), EngineClient(paths) as client:
        assert [change async for change in client.changes(41)] == sent


async def test_a_stream_that_breaks_off_says_so(paths: WorkspacePaths) -> None:
    async def stream(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b'{"change": 1}\n')
        assert request.transport is not None
        request.transport.abort()
        return response

    async with answering(paths, "GET", "/v1/changes", stream), EngineClient(paths) as client:
        with pytest.raises(EngineUnavailable, match="broke off"):
            [change async for change in client.changes(0)]
