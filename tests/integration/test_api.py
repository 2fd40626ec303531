"""The API of a real engine, opened and closed as the configuration says, used with real tokens."""

import asyncio
import json
import socket
import ssl
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from engine.client.launch import ensure_engine
from engine.errors import UsageError
from engine.protocol import CreateToken
from store.models import Scope
from store.reads import StoreReader
from store.status import RunStatus
from tests.integration.dbt.projects import write_project
from tests.support.certificate_files import make_certificate, needs_openssl
from tests.support.live_workspace import LiveWorkspace
from tests.support.waiting import until

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(240)]

PROJECT = {
    "dbt_project.yml": "name: shop\nprofile: shop\nflags: {send_anonymous_usage_stats: false}\n",
    "profiles.yml": "shop: {target: dev, outputs: {dev: {type: duckdb, path: shop.duckdb}}}\n",
    "models/orders.sql": "select 1 as id",
}
_JOBS = """
[projects.shop]
tool = "dbt"
path = "."

[jobs.nightly]
environment = "dev"
steps = ["build"]
"""


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def configure(folder: Path, *lines: str) -> None:
    """Writes the workspace's file, with these lines about the API."""
    text = _JOBS + ("\n[api]\n" + "\n".join(lines) + "\n" if lines else "")
    (folder / "runroom.toml").write_text(text, encoding="utf-8")


async def token(live: LiveWorkspace, name: str, scope: Scope) -> str:
    """Has the engine make one."""
    async with await ensure_engine(live.folder) as client:
        return (await client.create_token(CreateToken(name=name, scope=scope, author="anna"))).token


async def answers(url: str, secret: str, **more: Any) -> int:
    """The status of an answer, 0 where nobody listens."""
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{url}/v1/runs", headers={"Authorization": f"Bearer {secret}"}, **more) as response,
        ):
            return response.status
    except aiohttp.ClientConnectorError:
        return 0


async def until_answers(url: str, secret: str, status: int, **more: Any) -> None:
    """Waits until it does."""

    async def look() -> bool:
        return await answers(url, secret, **more) == status

    await until(look, f"{url} answers {status}", 60)


async def test_a_run_is_started_and_read_over_tcp(live: LiveWorkspace) -> None:
    write_project(live.folder, PROJECT)
    url = f"http://127.0.0.1:{(port := free_port())}"
    configure(live.folder, f'listen = "127.0.0.1:{port}"')
    secret = await token(live, "airflow", "run")
    await until_answers(url, secret, 200)
    headers = {"Authorization": f"Bearer {secret}"}
    async with aiohttp.ClientSession(url, headers=headers) as session:
        async with session.post("/v1/runs", json={"job": "nightly", "trigger": "external"}) as started:
            assert started.status == 201
        run = await live.ended(1)
        assert (run.status, run.trigger, run.author) == (RunStatus.COMPLETED, "external", "airflow")
        async with session.get("/v1/runs/1") as shown:
            assert [model["name"] for model in (await shown.json())["models"]] == ["orders"]
        async with session.get("/v1/runs/1/logs/build?tail=500") as log:
            assert "Completed successfully" in await log.text()
        async with session.get("/v1/runs/1/artifacts/target/manifest.json") as artifact:
            assert "model.shop.orders" in json.loads(await artifact.read())["nodes"]


async def test_the_api_moves_and_closes_as_the_file_says(live: LiveWorkspace) -> None:
    write_project(live.folder, PROJECT)
    first, second = (f"127.0.0.1:{free_port()}" for _ in range(2))
    configure(live.folder)
    secret = await token(live, "ci", "read")
    assert await answers(f"http://{first}", secret) == 0
    configure(live.folder, f'listen = "{first}"')
    await until_answers(f"http://{first}", secret, 200)
    configure(live.folder, f'listen = "{second}"')
    await until_answers(f"http://{second}", secret, 200)
    assert await answers(f"http://{first}", secret) == 0
    # What cannot be read changes nothing.
    configure(live.folder, 'listen = "0.0.0.0:1"')
    async with await ensure_engine(live.folder) as client:
        with pytest.raises(UsageError, match="would send tokens in the clear"):
            await client.reload()
    assert await answers(f"http://{second}", secret) == 200
    configure(live.folder)
    await until_answers(f"http://{second}", secret, 0)


async def test_an_address_that_is_taken_is_taken_later(live: LiveWorkspace) -> None:
    write_project(live.folder, PROJECT)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        configure(live.folder, f'listen = "127.0.0.1:{port}"')
        secret = await token(live, "ci", "read")
        async with await ensure_engine(live.folder) as client:

            async def is_told() -> bool:
                return (await client.hello()).listening_problem is not None

            await until(is_told, "the engine says why it does not listen")
            hello = await client.hello()
    assert hello.listens_on is None
    assert str(hello.listening_problem).startswith(f"The API cannot listen on http://127.0.0.1:{port}: ")
    await until_answers(f"http://127.0.0.1:{port}", secret, 200)
    async with await ensure_engine(live.folder) as client:
        hello = await client.hello()
    assert (hello.listens_on, hello.listening_problem) == (f"http://127.0.0.1:{port}", None)


async def test_tokens_outlive_the_store(live: LiveWorkspace) -> None:
    write_project(live.folder, PROJECT)
    url = f"http://127.0.0.1:{(port := free_port())}"
    configure(live.folder, f'listen = "127.0.0.1:{port}"')
    kept, revoked = await token(live, "kept", "read"), await token(live, "revoked", "read")
    async with await ensure_engine(live.folder) as client:
        await client.revoke_token("revoked", "anna")
        await client.stop()
    await until(lambda: not live.paths.socket.exists(), "the engine has gone")
    for file in live.paths.record.glob("store.db*"):
        file.unlink()
    async with await ensure_engine(live.folder) as client:
        assert [each.name for each in await client.tokens()] == ["kept"]
    await until_answers(url, kept, 200)
    assert await answers(url, revoked) == 401


@needs_openssl
async def test_tls_is_spoken_where_there_are_files_for_it(live: LiveWorkspace) -> None:
    write_project(live.folder, PROJECT)
    await asyncio.to_thread(make_certificate, live.folder, "first")
    port = free_port()
    configure(live.folder, f'listen = "127.0.0.1:{port}"', 'certificate = "cert.pem"', 'key = "key.pem"')
    secret = await token(live, "ci", "read")
    await until_answers(f"https://127.0.0.1:{port}", secret, 200, ssl=False)
    await asyncio.to_thread(make_certificate, live.folder, "renewed")

    async def is_renewed() -> bool:
        shown = await asyncio.to_thread(ssl.get_server_certificate, ("127.0.0.1", port))
        return shown.strip() == (live.folder / "cert.pem").read_text().strip()

    await until(is_renewed, "the renewed certificate is shown", 60)
    async with StoreReader.open(live.paths.database) as reader:
        assert [action.action for action in await reader.triage.actions(5)] == ["create_token"]
