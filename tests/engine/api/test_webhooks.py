"""Forges over HTTP: only what is genuine, and each delivery once."""

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import ClientResponse

from engine.api.rate import FAILURES_PER_MINUTE
from engine.api.webhooks.delivery import News
from engine.errors import RunroomError
from tests.engine.api.conftest import Api
from tests.engine.api.test_gate import problem

COMMIT, _NONE = "a1b2c3d4" * 5, "0" * 40
PUSH: dict[str, Any] = {
    "ref": "refs/heads/main",
    "after": COMMIT,
    "sender": {"login": "anna"},
    "head_commit": {"message": "Fix the \x1b[31mdelays\n\nat last"},
}
_OWN, _FORK = {"full_name": "shop/flights"}, {"full_name": "eve/flights"}


def pull_request(action: str = "opened", commit: str = COMMIT, repo: dict[str, str] | None = None) -> dict[str, Any]:
    """What GitHub says of a pull request."""
    return {
        "action": action,
        "number": 7,
        "pull_request": {
            "title": "New delays",
            "user": {"login": "bert"},
            "head": {"ref": "delays", "sha": commit, "repo": repo or _OWN},
            "base": {"ref": "main", "sha": _NONE, "repo": _OWN},
        },
    }


def merge_request(action: str | None, **more: Any) -> dict[str, Any]:
    """What GitLab says of a merge request."""
    request = {"iid": 8, "title": "New delays", "action": action, "last_commit": {"id": COMMIT}, **more}
    return {
        "user": {"username": "bert"},
        "object_attributes": {"source_project_id": 1, "target_project_id": 1, **request},
    }


def signed(body: bytes, secret: str) -> str:
    """GitHub's signature."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variables that the configuration names."""
    monkeypatch.setenv("HUB_SECRET", "hub-secret")
    monkeypatch.setenv("OPEN_HUB_SECRET", "open-hub-secret")
    monkeypatch.setenv("LAB_SECRET", "lab-secret")


async def github(
    api: Api, event: str, payload: Any, number: str = "1", secret: str = "hub-secret", **headers: str
) -> ClientResponse:
    """Delivers as GitHub does."""
    body = json.dumps(payload).encode()
    sent = {
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": number,
        "X-Hub-Signature-256": signed(body, secret),
        "Content-Type": "application/json",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    return await api.client.post("/v1/webhooks/github", data=body, headers=sent)


async def gitlab(api: Api, event: str, payload: Any, **headers: str) -> ClientResponse:
    """Delivers as GitLab does."""
    sent = {
        "X-Gitlab-Event": event,
        "X-Gitlab-Token": "lab-secret",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    return await api.client.post("/v1/webhooks/gitlab", data=json.dumps(payload), headers=sent)


async def test_a_push_is_taken_with_what_a_person_wants_to_know(api: Api) -> None:
    assert (await github(api, "push", PUSH)).status == 200
    assert api.news.heard == [("hub", News(COMMIT, "push by anna: Fix the delays", branch="main"))]


async def test_a_form_with_the_payload_in_it_is_taken_too(api: Api) -> None:
    body = urlencode({"payload": json.dumps(PUSH)}).encode()
    headers = {
        "X-GitHub-Event": "push",
        "X-Hub-Signature-256": signed(body, "hub-secret"),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    assert (await api.client.post("/v1/webhooks/github", data=body, headers=headers)).status == 200
    assert [news.branch for _, news in api.news.heard] == ["main"]


@pytest.mark.parametrize(
    "signature",
    [signed(json.dumps(PUSH).encode(), "another secret"), "sha256=", "", "sha1=abc", "sha256=" + "0" * 64, "ünicode"],
)
async def test_a_wrong_signature_is_refused(api: Api, signature: str) -> None:
    told = await problem(await github(api, "push", PUSH, X_Hub_Signature_256=signature), 401)
    assert told["type"] == "urn:runroom:problem:not-genuine"
    assert api.news.heard == []


async def test_an_address_that_brings_too_much_that_is_not_genuine_has_to_wait(api: Api) -> None:
    for _ in range(FAILURES_PER_MINUTE):
        assert (await github(api, "push", PUSH, secret="made-up")).status == 401
    response = await gitlab(api, "Push Hook", PUSH, X_Gitlab_Token="made-up")
    await problem(response, 429)
    assert response.headers["Retry-After"] == "2"
    api.clock.pass_time(seconds=2)
    assert (await github(api, "push", PUSH)).status == 200


async def test_a_body_that_was_changed_is_refused(api: Api) -> None:
    signature = signed(json.dumps(PUSH).encode(), "hub-secret")
    changed = {**PUSH, "after": "e" * 40}
    await problem(await github(api, "push", changed, X_Hub_Signature_256=signature), 401)
    assert api.news.heard == []


@pytest.mark.parametrize("secret", ["", None])
async def test_without_a_secret_nothing_is_genuine(
    api: Api, monkeypatch: pytest.MonkeyPatch, secret: str | None
) -> None:
    for name in ("HUB_SECRET", "LAB_SECRET"):
        monkeypatch.delenv(name) if secret is None else monkeypatch.setenv(name, secret)
    await problem(await github(api, "push", PUSH, secret=""), 401)
    await problem(await gitlab(api, "Push Hook", PUSH, X_Gitlab_Token=""), 401)
    assert api.news.heard == []


async def test_a_delivery_that_is_replayed_is_refused(api: Api) -> None:
    assert (await github(api, "push", PUSH, "1")).status == 200
    told = await problem(await github(api, "push", PUSH, "1"), 409)
    assert told["type"] == "urn:runroom:problem:replayed"
    # The number is not signed: with another one, the same body is the same delivery.
    await problem(await github(api, "push", PUSH, "2"), 409)
    assert (await github(api, "push", {**PUSH, "after": "b" * 40}, "3")).status == 200
    assert len(api.news.heard) == 2


async def test_a_delivery_of_which_nothing_came_may_come_again(api: Api) -> None:
    api.news.problem = RunroomError("The disk is full.")
    await problem(await github(api, "push", PUSH), 500)
    api.news.problem = None
    assert (await github(api, "push", PUSH)).status == 200
    assert len(api.news.heard) == 1


async def test_a_body_that_is_too_large_is_refused(api: Api) -> None:
    await problem(await github(api, "push", {**PUSH, "commits": "c" * 10_000}), 413)


@pytest.mark.parametrize("payload", [{}, [], {"ref": 1}, "x"])
async def test_what_the_forge_does_not_say_is_refused(api: Api, payload: Any) -> None:
    await problem(await github(api, "push", payload), 400)


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("ping", {"zen": "Keep it simple."}),
        ("push", {**PUSH, "ref": "refs/tags/v1"}),
        ("pull_request", pull_request("labeled")),
        ("issues", {"action": "opened"}),
    ],
)
async def test_what_is_no_news_is_answered_and_that_is_all(api: Api, event: str, payload: Any) -> None:
    response = await github(api, event, payload)
    assert (response.status, await response.json()) == (200, {"runs": []})
    assert api.news.heard == []


async def test_a_pull_request_is_told_of_until_it_is_closed(api: Api) -> None:
    for number, action in enumerate(("opened", "synchronize", "closed")):
        payload = pull_request(action, commit=str(number) * 40)
        assert (await github(api, "pull_request", payload, f"n{number}")).status == 200
    note = "pull request 7 by bert: New delays"
    assert [news for _, news in api.news.heard] == [
        News("0" * 40, note, request=7),
        News("1" * 40, note, request=7),
        News(None, note, request=7),
    ]


async def test_nobody_runs_code_here_from_a_fork_unless_that_is_allowed(api: Api) -> None:
    assert (await github(api, "pull_request", pull_request(repo=_FORK), "n1")).status == 200
    assert api.news.heard == []
    response = await github(api, "pull_request", pull_request(repo=_FORK), "n2", secret="open-hub-secret")
    assert response.status == 200
    assert [(webhook, news.from_fork) for webhook, news in api.news.heard] == [("open_hub", True)]


async def test_a_branch_that_was_deleted_is_gone(api: Api) -> None:
    await github(api, "push", {**PUSH, "after": _NONE, "head_commit": None})
    assert [(news.branch, news.commit) for _, news in api.news.heard] == [("main", None)]


async def test_gitlab_shows_its_token(api: Api) -> None:
    push = {
        "ref": "refs/heads/main",
        "after": COMMIT,
        "user_username": "anna",
        "commits": [{"id": "x", "message": "not this"}, {"id": COMMIT, "message": "Fix\nit"}],
    }
    await problem(await gitlab(api, "Push Hook", push, X_Gitlab_Token="another"), 401)
    assert (await gitlab(api, "Push Hook", push, X_Gitlab_Event_UUID="u1")).status == 200
    await problem(await gitlab(api, "Push Hook", push, X_Gitlab_Event_UUID="u1"), 409)
    assert api.news.heard == [("lab", News(COMMIT, "push by anna: Fix", branch="main"))]


async def test_an_old_gitlab_does_not_number_its_deliveries(api: Api) -> None:
    opened = merge_request("open")
    assert (await gitlab(api, "Merge Request Hook", opened)).status == 200
    await problem(await gitlab(api, "Merge Request Hook", opened), 409)


@pytest.mark.parametrize(
    ("payload", "heard"),
    [
        (merge_request("open"), [COMMIT]),
        (merge_request("update", oldrev=_NONE), [COMMIT]),
        (merge_request("update"), []),
        (merge_request("approved"), []),
        (merge_request("merge"), [None]),
        (merge_request("close"), [None]),
        (merge_request("open", source_project_id=2), []),
    ],
)
async def test_a_merge_request_is_told_of_when_its_commits_change(
    api: Api, payload: Any, heard: list[str | None]
) -> None:
    assert (await gitlab(api, "Merge Request Hook", payload)).status == 200
    assert [news.commit for _, news in api.news.heard] == heard
    assert all(news.note == "merge request 8 by bert: New delays" for _, news in api.news.heard)


async def test_forges_wait_too_when_they_call_too_often(api: Api) -> None:
    statuses = [(await github(api, "ping", {"zen": number})).status for number in range(121)]
    assert statuses == [200] * 120 + [429]
