"""Who is let in, how often, and that nothing is done twice."""

import re
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientResponse

from engine.api.rate import FAILURES_PER_MINUTE
from tests.engine.api.conftest import SETTINGS, Api, OpenApi


async def problem(response: ClientResponse, status: int) -> dict[str, Any]:
    """The problem details of an answer, which has to be one."""
    assert response.status == status, await response.text()
    assert response.content_type == "application/problem+json"
    told: dict[str, Any] = await response.json()
    assert set(told) == {"type", "title", "status", "detail"}
    assert told["status"] == status
    return told


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer rr_made-up", "Basic YTpi", "rr_made-up"])
async def test_nobody_gets_in_without_a_token(api: Api, header: str) -> None:
    await api.token()
    response = await api.ask("GET", "/v1/runs", Authorization=header)
    told = await problem(response, 401)
    assert told["type"] == "urn:runroom:problem:unauthorized"
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


async def test_a_revoked_token_opens_nothing_at_once(api: Api) -> None:
    token = await api.token("read", "ci")
    assert (await api.ask("GET", "/v1/runs", token)).status == 200
    await api.tokens.revoke("ci", "anna")
    told = await problem(await api.ask("GET", "/v1/runs", token), 401)
    assert "revoked" in told["detail"]


async def test_a_revoked_token_ends_its_streams(api: Api) -> None:
    token = await api.token("read", "ci")
    stream = await api.ask("GET", "/v1/changes", token)
    assert (await stream.content.readline()).startswith(b'{"change":')
    await api.tokens.revoke("ci", "anna")
    api.engine.hub.publish(7, [1])
    assert await stream.content.read() == b""


@pytest.mark.parametrize(
    ("scope", "method", "path", "status"),
    [
        ("read", "GET", "/v1/runs", 200),
        ("read", "POST", "/v1/runs", 403),
        ("read", "POST", "/v1/jobs/flights/nightly/pause", 403),
        ("run", "POST", "/v1/runs", 422),
        ("run", "DELETE", "/v1/runs/1", 403),
        ("admin", "DELETE", "/v1/runs/1", 404),
    ],
)
async def test_a_token_does_what_its_scope_allows(api: Api, scope: Any, method: str, path: str, status: int) -> None:
    assert (await api.ask(method, path, await api.token(scope))).status == status


async def test_a_small_scope_is_told_which_one_is_needed(api: Api) -> None:
    told = await problem(await api.ask("POST", "/v1/runs", await api.token("read")), 403)
    assert told["detail"] == 'The token read is of scope "read"; this needs "run".'


async def test_only_the_hash_of_a_token_is_kept(api: Api) -> None:
    token = await api.token()
    assert re.fullmatch(r"rr_[\w-]{43}", token)
    await api.ask("GET", "/v1/runs", token)
    secret = token.removeprefix("rr_").encode()
    files = [file for file in api.engine.paths.record.rglob("*") if file.is_file()]
    assert files
    assert not [file for file in files if secret in file.read_bytes()]


async def test_the_last_use_is_noted_once_a_minute(api: Api) -> None:
    token, first = await api.token("read", "ci"), api.clock()
    seen = []
    for _ in range(3):
        await api.ask("GET", "/v1/runs", token)
        (listed,) = await api.tokens.listed()
        seen.append(listed.last_used_at)
        api.clock.pass_time(seconds=40)
    later = first.timestamp() + 80
    assert [moment.timestamp() for moment in seen if moment] == [first.timestamp(), first.timestamp(), later]


async def test_too_many_requests_have_to_wait(open_api: OpenApi) -> None:
    api = await open_api(replace(SETTINGS, rate_limit=3))
    ci, other = await api.token("read", "ci"), await api.token("read", "other")
    assert [(await api.ask("GET", "/v1/runs", ci)).status for _ in range(3)] == [200] * 3
    response = await api.ask("GET", "/v1/runs", ci)
    await problem(response, 429)
    assert response.headers["Retry-After"] == "20"
    assert (await api.ask("GET", "/v1/runs", other)).status == 200
    api.clock.pass_time(seconds=19)
    assert (await api.ask("GET", "/v1/runs", ci)).status == 429
    api.clock.pass_time(seconds=1)
    assert (await api.ask("GET", "/v1/runs", ci)).status == 200


async def test_an_address_that_shows_too_many_wrong_tokens_has_to_wait(api: Api) -> None:
    token = await api.token("read", "ci")
    shown = [(await api.ask("GET", "/v1/runs", f"rr_{number}")).status for number in range(FAILURES_PER_MINUTE)]
    assert shown == [401] * FAILURES_PER_MINUTE
    response = await api.ask("GET", "/v1/runs", "rr_more")
    told = await problem(response, 429)
    assert told["type"] == "urn:runroom:problem:too-many-requests"
    assert response.headers["Retry-After"] == "2"
    assert (await api.ask("GET", "/v1/runs", token)).status == 429, "nobody knows yet that it is right"
    assert (await api.ask("GET", "/v1/runs")).status == 429
    api.clock.pass_time(seconds=2)
    assert (await api.ask("GET", "/v1/runs", token)).status == 200


async def test_wrong_tokens_lock_nobody_out_who_was_let_in_before(api: Api) -> None:
    token = await api.token("read", "ci")
    assert (await api.ask("GET", "/v1/runs", token)).status == 200
    for number in range(FAILURES_PER_MINUTE + 1):
        last = await api.ask("GET", "/v1/runs", f"rr_{number}")
    assert last.status == 429
    assert (await api.ask("GET", "/v1/runs", token)).status == 200
    await api.tokens.revoke("ci", "anna")
    assert (await api.ask("GET", "/v1/runs", token)).status == 429, "a revoked one is as wrong as others"


async def test_a_body_that_is_too_large_is_refused(api: Api) -> None:
    token = await api.token("run")
    told = await problem(await api.ask("POST", "/v1/runs", token, {"name": "n" * 10_000}), 413)
    assert told["type"] == "urn:runroom:problem:too-large"
    keyed = await api.ask("POST", "/v1/runs", token, {"name": "n" * 10_000}, Idempotency_Key="a")
    await problem(keyed, 413)


async def test_the_same_request_with_the_same_key_is_carried_out_once(api: Api) -> None:
    token, wanted = await api.token("run"), {"job": "nightly"}
    first = await api.ask("POST", "/v1/runs", token, wanted, Idempotency_Key="a1")
    again = await api.ask("POST", "/v1/runs", token, wanted, Idempotency_Key="a1")
    assert (first.status, again.status) == (201, 201)
    assert await first.text() == await again.text()
    assert first.headers["Location"] == again.headers["Location"] == "/v1/runs/1"
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert [run.id for run in await api.engine.reader.active_runs()] == [1]


async def test_a_key_is_for_one_request_of_one_token(api: Api) -> None:
    token, other = await api.token("run"), await api.token("admin")
    await api.ask("POST", "/v1/runs", token, {"job": "nightly"}, Idempotency_Key="a1")
    told = await problem(await api.ask("POST", "/v1/runs", token, {"job": "hourly"}, Idempotency_Key="a1"), 422)
    assert told["type"] == "urn:runroom:problem:key-of-another"
    second = await api.ask("POST", "/v1/runs", other, {"job": "check"}, Idempotency_Key="a1")
    assert (second.status, (await second.json())["id"]) == (201, 2)


async def test_a_refused_request_leaves_its_key_free(api: Api) -> None:
    token = await api.token("run")
    await problem(await api.ask("POST", "/v1/runs", token, {"job": "nigthly"}, Idempotency_Key="a1"), 422)
    assert (await api.ask("POST", "/v1/runs", token, {"job": "nightly"}, Idempotency_Key="a1")).status == 201


async def test_a_request_that_was_never_answered_is_not_carried_out_again(api: Api) -> None:
    token = await api.token("run")
    await api.ask("POST", "/v1/runs", token, {"job": "nightly"}, Idempotency_Key="a1")
    await api.engine.writer._connection.execute("UPDATE kept_answers SET status = NULL")
    told = await problem(await api.ask("POST", "/v1/runs", token, {"job": "nightly"}, Idempotency_Key="a1"), 409)
    assert told["type"] == "urn:runroom:problem:not-answered"


async def test_keys_are_forgotten_after_a_day(api: Api) -> None:
    token = await api.token("run")
    await api.ask("POST", "/v1/runs", token, {"job": "nightly"}, Idempotency_Key="a1")
    api.clock.pass_time(hours=25)
    later = await api.ask("POST", "/v1/runs", token, {"job": "check"}, Idempotency_Key="a1")
    assert (await later.json())["id"] == 2


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/nothing", 404), ("GET", "/", 404), ("PUT", "/v1/runs", 405), ("GET", "/v1/runs/99", 404)],
)
async def test_what_is_not_there_is_a_problem_too(api: Api, method: str, path: str, status: int) -> None:
    await problem(await api.ask(method, path, await api.token()), status)
