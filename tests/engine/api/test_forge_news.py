"""From a delivery over HTTP to the runs that it starts and stops."""

import pytest
from aiohttp import ClientResponse

from engine.api.webhooks.news_desk import ForgeNews
from engine.git_triggers.desk import GitDesk
from engine.run_files import read_request
from store.models import GitHead, Run
from store.status import RunStatus
from tests.engine.api.conftest import Api
from tests.engine.api.test_webhooks import COMMIT, PUSH, github, gitlab, merge_request, pull_request
from tests.engine.played_worker import finish

_LATER = "b" * 40


@pytest.fixture(autouse=True)
def git(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """What forges tell comes to the desk that starts runs."""
    monkeypatch.setenv("HUB_SECRET", "hub-secret")
    monkeypatch.setenv("LAB_SECRET", "lab-secret")
    engine = api.engine
    api.news.desk = ForgeNews(GitDesk(engine.supervisor, engine.writer, engine.reader))


async def started(api: Api, response: ClientResponse) -> list[Run]:
    """The runs that a delivery started."""
    assert response.status == 200, await response.text()
    return [await api.engine.reader.run(run_id) for run_id in (await response.json())["runs"]]


def head_of(api: Api, run: Run) -> GitHead | None:
    """For which head the worker builds."""
    return read_request(api.engine.paths.run(run.id)).head


async def test_a_push_starts_the_merge_jobs_of_the_branch(api: Api) -> None:
    (run,) = await started(api, await github(api, "push", PUSH))
    assert (run.job, run.trigger) == ("deliver", "merge")
    assert head_of(api, run) == GitHead(ref="refs/heads/main", commit=COMMIT)
    assert run.trigger_note == f"main at {COMMIT[:10]}: push by anna: Fix the delays"
    other = {**PUSH, "ref": "refs/heads/feature", "after": _LATER}
    assert await started(api, await github(api, "push", other, "2")) == []


async def test_a_newer_push_to_a_request_stops_the_older_run(api: Api) -> None:
    (first,) = await started(api, await github(api, "pull_request", pull_request(), "1"))
    assert (first.job, first.trigger) == ("try", "pull_request")
    await api.engine.when(first.id, RunStatus.RUNNING)
    newer = pull_request("synchronize", commit=_LATER)
    (second,) = await started(api, await github(api, "pull_request", newer, "2"))
    stopped = await api.engine.when(first.id, RunStatus.CANCELLED)
    assert stopped.status_reason == "stopped by a newer push to pull/7"
    await api.engine.when(second.id, RunStatus.RUNNING)
    assert head_of(api, second) == GitHead(ref="refs/pull/7/head", commit=_LATER)
    finish(api.engine.paths.run(second.id))
    await api.engine.when(second.id, RunStatus.COMPLETED)


async def test_the_run_of_a_request_that_is_closed_is_stopped(api: Api) -> None:
    (run,) = await started(api, await gitlab(api, "Merge Request Hook", merge_request("open")))
    assert head_of(api, run) == GitHead(ref="refs/merge-requests/8/head", commit=COMMIT)
    await api.engine.when(run.id, RunStatus.RUNNING)
    assert await started(api, await gitlab(api, "Merge Request Hook", merge_request("close"))) == []
    await api.engine.when(run.id, RunStatus.CANCELLED)
