"""Logs and artifacts over HTTP; nothing else of the disk."""

import json
from pathlib import Path

import pytest
from aiohttp import ClientPayloadError, ClientResponse

from engine.api.files import last_lines
from engine.api.formats import downloaded
from store.paths import RunPaths
from store.status import RunStatus
from tests.engine.api.conftest import Api
from tests.engine.api.test_gate import problem
from tests.engine.played_worker import finish

_LOG = "".join(f"2026-11-21T03:00:00.000Z INFO line {number} ✓\n" for number in range(1, 201))
_ARTIFACTS = ("target/manifest.json", "target/leads_out", "target/gone.json", "../../store.db", "target")


def _event(seq: int, event: str, **values: object) -> str:
    return json.dumps({"v": 1, "seq": seq, "ts": "2026-11-21T03:00:00Z", "type": event, **values}) + "\n"


def _leave_files(files: RunPaths) -> None:
    """A run's files as a tool left them, some of whose names lead astray."""
    files.logs.mkdir(exist_ok=True)
    (files.logs / "01-build.log").write_text(_LOG, encoding="utf-8")
    files.target.mkdir(exist_ok=True)
    (files.target / "manifest.json").write_text('{"nodes": {}}')
    (files.target / "leads_out").symlink_to("/etc/passwd")
    (files.target / "not_listed.json").write_text("{}")
    with files.journal.open("a") as journal:
        journal.write(_event(90, "step.started", step=1, name="build", command=["dbt"], log="logs/01-build.log"))
        for number, path in enumerate(_ARTIFACTS):
            journal.write(_event(91 + number, "artifact", path=path, kind="other", size=13))


async def a_run_with_files(api: Api, token: str) -> None:
    """Run #1, over, with a log and artifacts."""
    await api.ask("POST", "/v1/runs", token, {"job": "nightly"})
    await api.engine.when(1, RunStatus.RUNNING)
    _leave_files(api.engine.paths.run(1))
    finish(api.engine.paths.run(1))
    await api.engine.when(1, RunStatus.COMPLETED)


async def test_a_log_is_read_whole_in_part_and_from_its_end(api: Api) -> None:
    token = await api.token("run")
    await a_run_with_files(api, token)
    (listed,) = (await (await api.ask("GET", "/v1/runs/1/logs", token)).json())["logs"]
    assert (listed["step"], listed["size"]) == ("build", len(_LOG.encode()))
    for name in ("build", "1", "01-build"):
        whole = await api.ask("GET", f"/v1/runs/1/logs/{name}", token)
        assert await whole.text() == _LOG
    assert whole.headers["Content-Type"] == "text/plain; charset=utf-8"
    part = await api.ask("GET", "/v1/runs/1/logs/build", token, Range="bytes=5-9")
    assert (part.status, await part.read()) == (206, _LOG.encode()[5:10])
    behind = await api.ask("GET", "/v1/runs/1/logs/build", token, Range="bytes=999999-")
    assert (behind.status, behind.headers["Content-Range"]) == (416, f"bytes */{len(_LOG.encode())}")
    tail = await api.ask("GET", "/v1/runs/1/logs/build?tail=2", token)
    assert await tail.text() == "".join(_LOG.splitlines(keepends=True)[-2:])
    await problem(await api.ask("GET", "/v1/runs/1/logs/build?tail=0", token), 422)
    told = await problem(await api.ask("GET", "/v1/runs/1/logs/deps", token), 404)
    assert told["detail"] == 'There is no log of a step "deps"; there are build.'


async def test_an_artifact_is_a_file_to_be_kept(api: Api) -> None:
    token = await api.token("run")
    await a_run_with_files(api, token)
    listed = (await (await api.ask("GET", "/v1/runs/1/artifacts", token)).json())["artifacts"]
    assert {each["path"] for each in listed} == set(_ARTIFACTS)
    got = await api.ask("GET", "/v1/runs/1/artifacts/target/manifest.json", token)
    assert await got.json() == {"nodes": {}}
    assert (
        got.headers["Content-Disposition"] == "attachment; filename=\"manifest.json\"; filename*=UTF-8''manifest.json"
    )
    assert got.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "..%2F..%2Fstore.db",  # an artifact by its name, and outside of the run's folder
        "target/leads_out",  # a link
        "..%2Frun.json",
        "%2Fetc%2Fpasswd",
        "target/..%2F..%2F..%2Fstore.db",
        "target/not_listed.json",
        "target/gone.json",
        "target",
        "run.json",
        "events.jsonl",
    ],
)
async def test_no_path_leads_out_of_what_the_run_left(api: Api, path: str) -> None:
    token = await api.token("run")
    await a_run_with_files(api, token)
    url = api.client.make_url("/").with_path(f"/v1/runs/1/artifacts/{path}", encoded=True)
    response = await api.client.session.get(url, headers={"Authorization": f"Bearer {token}"})
    await problem(response, 404)


async def _following(api: Api, token: str) -> ClientResponse:
    """Follows the log of the first run, which begins to run."""
    starter = await api.token("run")
    await api.ask("POST", "/v1/runs", starter, {"job": "nightly"})
    await api.engine.when(1, RunStatus.RUNNING)
    return await api.ask("GET", "/v1/runs/1/lines?follow=true&step=build", token)


async def test_a_log_is_followed_until_the_run_is_over(api: Api) -> None:
    followed = await _following(api, await api.token("read"))
    files = api.engine.paths.run(1)
    files.logs.mkdir(exist_ok=True)
    (files.logs / "01-deps.log").write_text("not of this step\n")
    with (files.logs / "02-build.log").open("a", buffering=1) as log:
        log.write("2026-11-21T03:00:00.000Z INFO first\n")
        assert await followed.content.readline() == b"2026-11-21T03:00:00.000Z INFO first\n"
        log.write("2026-11-21T03:00:01.000Z INFO second\nand its last words")
        assert await followed.content.readline() == b"2026-11-21T03:00:01.000Z INFO second\n"
    finish(files)
    assert await followed.read() == b"and its last words\n"


async def test_a_revoked_token_follows_nothing_any_more(api: Api) -> None:
    followed = await _following(api, await api.token("read", "former"))
    await api.tokens.revoke("former", "anna")
    with pytest.raises(ClientPayloadError):
        await followed.read()
    finish(api.engine.paths.run(1))


@pytest.mark.parametrize("text", ["", "one", "one\n", "one\ntwo", "one\r\ntwo\n\nfour\n", "x" * 70_000 + "\nlast\n"])
@pytest.mark.parametrize("number", [1, 2, 3, 100])
def test_last_lines_are_the_last_ones(tmp_path: Path, text: str, number: int) -> None:
    file = tmp_path / "log"
    file.write_bytes(text.encode())
    expected = text.encode().splitlines(keepends=True)[-number:] if "\r" not in text else None
    if expected is None:
        expected = [line + b"\n" for line in text.encode().removesuffix(b"\n").split(b"\n")][-number:]
    assert last_lines(file, number) == b"".join(expected)


@pytest.mark.parametrize(
    ("name", "plain", "encoded"),
    [("a-b_1.tar.gz", "a-b_1.tar.gz", "a-b_1.tar.gz"), ('r"ä\n.sql', "r___.sql", "r%22%C3%A4%0A.sql")],
)
def test_a_name_of_a_file_is_said_in_both_forms(name: str, plain: str, encoded: str) -> None:
    assert downloaded(name)["Content-Disposition"] == f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"
