"""What the command line can do with runs, over HTTP."""

import json
from typing import Any

import pytest

from store.run_json import whole_run
from store.status import RunStatus
from tests.engine.api.conftest import Api
from tests.engine.api.test_gate import problem
from tests.engine.played_worker import finish


async def ids(api: Api, token: str, query: str = "") -> list[int]:
    """The numbers of the runs that are listed."""
    response = await api.ask("GET", f"/v1/runs?{query}", token)
    assert response.status == 200, await response.text()
    return [run["id"] for run in (await response.json())["runs"]]


async def test_a_run_that_was_started_says_by_what_and_by_whom(api: Api) -> None:
    token = await api.token("run", "airflow")
    started = await api.ask("POST", "/v1/runs", token, {"job": "flights/nightly", "name": "backfill"})
    assert (started.status, started.headers["Location"]) == (201, "/v1/runs/1")
    told = await started.json()
    assert (told["trigger"], told["author"], told["name"]) == ("api", "airflow", "backfill")
    outside = await api.ask("POST", "/v1/runs", token, {"job": "check", "trigger": "external"})
    assert (await outside.json())["trigger"] == "external"
    assert [(each.action, each.author) for each in await api.engine.reader.triage.actions(9)][:2] == [
        ("start", "airflow"),
        ("start", "airflow"),
    ]


async def test_a_run_is_shown_as_the_command_line_shows_it(api: Api) -> None:
    token = await api.token("run")
    run_id = await api.run_to_end(token)
    shown = await (await api.ask("GET", f"/v1/runs/{run_id}", token)).json()
    assert shown == json.loads(json.dumps(await whole_run(api.engine.reader, api.engine.paths, run_id, api.clock())))
    assert shown["status"] == "completed"
    assert await (await api.ask("GET", "/v1/runs/latest", token)).json() == shown
    assert await (await api.ask("GET", "/v1/runs/latest:nightly", token)).json() == shown
    await problem(await api.ask("GET", "/v1/runs/latest:check", token), 404)
    await problem(await api.ask("GET", f"/v1/runs/{run_id}:nightly", token), 404)


async def test_runs_are_listed_by_filters_and_pages(api: Api) -> None:
    token = await api.token("run")
    for job, how in (("nightly", "completed"), ("hourly", "failed"), ("nightly", "failed"), ("check", "completed")):
        await api.run_to_end(token, job, how)
    assert await ids(api, token) == [4, 3, 2, 1]
    assert await ids(api, token, "status=failed") == [3, 2]
    assert await ids(api, token, "status=failed&job=nightly") == [3]
    assert await ids(api, token, "environment=flights/dev") == [4]
    assert await ids(api, token, "status=failed,completed&order=oldest&limit=2") == [1, 2]
    assert await ids(api, token, "q=hourly") == [2]
    assert await ids(api, token, "trigger=schedule") == []
    first = await (await api.ask("GET", "/v1/runs?limit=3", token)).json()
    assert first["next"] == 2
    last = await (await api.ask("GET", "/v1/runs?limit=3&after=2", token)).json()
    assert ([run["id"] for run in last["runs"]], last["next"]) == ([1], None)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("stauts=failed", 'stauts is no parameter here; did you mean "status"?'),
        ("status=broken", "status.0: input should be"),
        ("limit=0", "limit: input should be greater than or equal to 1."),
        ("environment=flights/prod&job=other/nightly", "No run is of project flights and of project other."),
    ],
)
async def test_a_filter_that_cannot_be_is_refused(api: Api, query: str, says: str) -> None:
    told = await problem(await api.ask("GET", f"/v1/runs?{query}", await api.token()), 422)
    assert told["detail"].startswith(says)


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ({"job": "nigthly"}, 422, 'There is no job "nigthly"; did you mean "nightly"?'),
        ({"job": "nightly", "jop": 1}, 422, "jop: extra inputs are not permitted."),
        ({"job": "nightly", "trigger": "schedule"}, 422, "trigger: input should be 'api' or 'external'."),
        ({"process_environment": {"PATH": "/"}, "job": "nightly"}, 422, "process_environment: extra inputs"),
        ({}, 422, "Say which environment"),
        ([], 422, "the body: input should be an object."),
    ],
)
async def test_a_run_that_cannot_be_is_refused(api: Api, body: Any, status: int, says: str) -> None:
    told = await problem(await api.ask("POST", "/v1/runs", await api.token("run"), body), status)
    assert told["detail"].startswith(says)
    assert await api.engine.reader.active_runs() == []


async def test_a_body_that_is_no_json_is_refused(api: Api) -> None:
    headers = {"Authorization": f"Bearer {await api.token('run')}"}
    response = await api.client.post("/v1/runs", data="job=nightly", headers=headers)
    assert (await problem(response, 400))["type"] == "urn:runroom:problem:not-json"


async def test_a_run_is_stopped_once(api: Api) -> None:
    token = await api.token("run", "ci")
    await api.ask("POST", "/v1/runs", token, {"job": "nightly"})
    await api.engine.when(1, RunStatus.RUNNING)
    assert (await api.ask("POST", "/v1/runs/1/cancel", token)).status == 200
    run = await api.engine.when(1, RunStatus.CANCELLED)
    assert run.status_reason == "stopped by ci"
    told = await problem(await api.ask("POST", "/v1/runs/1/cancel", token), 409)
    assert told["type"] == "urn:runroom:problem:conflict"
    await problem(await api.ask("POST", "/v1/runs/7/cancel", token), 404)


async def test_a_run_is_done_again(api: Api) -> None:
    token = await api.token("run", "ci")
    await api.run_to_end(token, how="failed")
    again = await api.ask("POST", "/v1/runs/1/rerun", token)
    told = await again.json()
    assert (again.status, told["rerun_of"], told["trigger"], told["author"]) == (201, 1, "rerun", "ci")
    finish(api.engine.paths.run(2))
    await problem(await api.ask("POST", "/v1/runs/1/rerun", token, {"mode": "failed"}), 409)
    await problem(await api.ask("POST", "/v1/runs/1/rerun", token, {"mode": "same"}), 409)
    await problem(await api.ask("POST", "/v1/runs/1/rerun", token, {"mode": "other"}), 422)


async def test_a_run_is_looked_after(api: Api) -> None:
    token = await api.token("admin", "anna")
    await api.run_to_end(token, how="failed")
    await api.run_to_end(token, "check")
    renamed = await api.ask("PATCH", "/v1/runs/1", token, {"name": "the bad one"})
    assert (await renamed.json())["name"] == "the bad one"
    told = await (await api.ask("POST", "/v1/runs/1/acknowledge", token, {"note": "known"})).json()
    assert (told["handling"], told["acknowledged_by"], told["acknowledgement"]) == ("acknowledged", "anna", "known")
    await problem(await api.ask("POST", "/v1/runs/2/acknowledge", token), 409)
    assert (await (await api.ask("POST", "/v1/runs/1/unacknowledge", token)).json())["handling"] == "new"
    assert (await (await api.ask("POST", "/v1/runs/1/archive", token)).json())["archived"]
    assert await ids(api, token) == [2]
    assert await ids(api, token, "archived=only") == [1]
    assert (await api.ask("POST", "/v1/runs/1/unarchive", token)).status == 200
    assert await ids(api, token, "archived=too") == [2, 1]


async def test_a_deleted_run_comes_back(api: Api) -> None:
    token = await api.token("admin")
    await api.ask("POST", "/v1/runs", token, {"job": "nightly"})
    await problem(await api.ask("DELETE", "/v1/runs/1", token), 409)
    finish(api.engine.paths.run(1))
    await api.engine.when(1, RunStatus.COMPLETED)
    assert (await api.ask("DELETE", "/v1/runs/1", token)).status == 204
    await problem(await api.ask("GET", "/v1/runs/1", token), 404)
    assert (await (await api.ask("POST", "/v1/runs/1/undelete", token)).json())["id"] == 1
    await problem(await api.ask("POST", "/v1/runs/2/undelete", token), 409)


async def test_the_stream_tells_of_runs(api: Api) -> None:
    token = await api.token("run")
    stream = await api.ask("GET", "/v1/changes?since=0", token)
    assert stream.content_type == "application/x-ndjson"
    assert json.loads(await stream.content.readline())["runs"] == []
    await api.ask("POST", "/v1/runs", token, {"job": "nightly"})
    assert json.loads(await stream.content.readline())["runs"] == [1]
    await problem(await api.ask("GET", "/v1/changes?since=now", token), 422)
    api.stop.set()


async def test_jobs_are_paused_and_resumed(api: Api) -> None:
    token = await api.token("run", "anna")
    jobs = (await (await api.ask("GET", "/v1/jobs", token)).json())["jobs"]
    assert [job["name"] for job in jobs][:3] == ["nightly", "hourly", "check"]
    path = "/v1/jobs/flights/nightly"
    await problem(await api.ask("POST", f"{path}/pause", token, {}), 422)
    paused = await (await api.ask("POST", f"{path}/pause", token, {"reason": "migration"})).json()
    assert (paused["author"], paused["reason"]) == ("anna", "migration")
    assert (await (await api.ask("GET", path, token)).json())["paused"] == paused
    assert (await (await api.ask("POST", f"{path}/resume", token)).json())["resumed"]
    await problem(await api.ask("POST", f"{path}/resume", token), 409)
    await problem(await api.ask("POST", "/v1/jobs/flights/other/pause", token, {"reason": "x"}), 404)


async def test_environments_say_how_they_fared(api: Api) -> None:
    token = await api.token("run")
    await api.run_to_end(token)
    found = (await (await api.ask("GET", "/v1/environments", token)).json())["environments"]
    last = {each["name"]: each["last_run"] and each["last_run"]["status"] for each in found}
    assert last == {"prod": "completed", "dev": None, "test": None}


async def test_what_would_run_is_told_before_it_does(api: Api) -> None:
    token = await api.token("run")
    await api.run_to_end(token)
    reader = await api.token("read")
    again = await api.ask("POST", "/v1/runs/1/rerun/preview", reader, {"mode": "latest"})
    told = await again.json()
    assert (again.status, told["run"], told["mode"]) == (200, 1, "latest")
    assert "build" in told["commands"][0]
    wanted = await (await api.ask("POST", "/v1/runs/preview", reader, {"job": "nightly"})).json()
    assert "build" in wanted["commands"][0]
    assert await ids(api, reader) == [1]
    await problem(await api.ask("POST", "/v1/runs/1/restore/preview", reader), 409)
    await problem(await api.ask("POST", "/v1/runs/1/restore", token), 403)


async def test_who_did_what_is_told(api: Api) -> None:
    token = await api.token("admin", "anna")
    await api.run_to_end(token)
    await api.ask("POST", "/v1/runs/1/archive", token)
    await problem(await api.ask("POST", "/v1/runs/1/repair", token), 409)
    told = (await (await api.ask("GET", "/v1/actions?run=1", token)).json())["actions"]
    assert [(each["action"], each["author"], each["run_id"]) for each in told] == [
        ("archive", "anna", 1),
        ("start", "anna", 1),
    ]
    everything = (await (await api.ask("GET", "/v1/actions", token)).json())["actions"]
    assert everything[-1]["action"] == "create_token"
