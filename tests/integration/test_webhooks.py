"""A forge tells a real engine of a push and of a request: what was pushed is what runs."""

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from engine.client.launch import ensure_engine
from store.status import RunStatus
from tests.integration.test_api import free_port
from tests.integration.test_git_projects import PROJECT
from tests.support.live_workspace import LiveWorkspace
from tests.support.remotes import Remote
from tests.support.waiting import until

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(240)]

_SECRET = "s3cret"
_CONFIGURATION = """
[projects.shop]
tool = "dbt"
git = "../shop.git"
path = "dbt"

[environments.prod]
branch = "main"

[environments.test]

[jobs.deliver]
environment = "prod"
type = "merge"
steps = ["run"]

[jobs.check]
environment = "test"
type = "ci"
steps = ["run"]

[webhooks.hub]
provider = "github"
secret_env = "SHOP_HOOK"
"""


async def deliver(url: str, event: str, payload: Any, number: str, secret: str = _SECRET) -> tuple[int, Any]:
    """Posts as GitHub does; the status of the answer and what it says."""
    body = json.dumps(payload).encode()
    headers = {
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": number,
        "X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest(),
    }
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{url}/v1/webhooks/github", data=body, headers=headers) as answer,
    ):
        return answer.status, await answer.json()


async def test_what_was_pushed_is_what_runs(
    live: LiveWorkspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_HOOK", _SECRET)
    remote = Remote(tmp_path)
    remote.make(PROJECT)
    port = free_port()
    live.folder.mkdir(exist_ok=True)
    listen = f'\n[api]\nlisten = "127.0.0.1:{port}"\n'
    (live.folder / "runroom.toml").write_text(_CONFIGURATION + listen, encoding="utf-8")
    url = f"http://127.0.0.1:{port}"
    async with await ensure_engine(live.folder) as client:

        async def is_open() -> bool:
            return (await client.hello()).listens_on == url

        await until(is_open, "the API is open", 60)

    pushed = remote.push({"dbt/models/orders.sql": "select 2 as id"}, "Sell two")
    push = {"ref": "refs/heads/main", "after": pushed, "sender": {"login": "anna"}}
    assert (await deliver(url, "push", push, "1", "wrong"))[0] == 401
    assert await deliver(url, "push", push, "1") == (200, {"runs": [1]})
    assert (await deliver(url, "push", push, "2"))[0] == 409
    run = await live.ended(1)
    assert (run.status, run.job, run.trigger, run.commit) == (RunStatus.COMPLETED, "deliver", "merge", pushed)

    wanted = remote.push({"dbt/models/orders.sql": "select 3 as id"}, "Sell three", "refs/pull/7/head")
    repo = {"full_name": "anna/shop"}
    request = {
        "action": "opened",
        "number": 7,
        "pull_request": {
            "title": "Sell three",
            "head": {"ref": "three", "sha": wanted, "repo": repo},
            "base": {"ref": "main", "sha": pushed, "repo": repo},
        },
    }
    assert await deliver(url, "pull_request", request, "3") == (200, {"runs": [2]})
    run = await live.ended(2)
    assert (run.status, run.job, run.trigger, run.commit) == (RunStatus.COMPLETED, "check", "pull_request", wanted)
