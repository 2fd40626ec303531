"""A project that comes from a bare repository on disk: what is pushed there starts runs."""

from pathlib import Path

import pytest

from engine.client.launch import ensure_engine
from store.filters import RunFilter
from store.models import Run
from store.reads import StoreReader
from store.status import RunStatus
from tests.support.live_workspace import LiveWorkspace
from tests.support.remotes import Remote
from tests.support.waiting import until

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(180)]

PROJECT = {
    "dbt/dbt_project.yml": "name: shop\nprofile: shop\nflags: {send_anonymous_usage_stats: false}\n",
    "dbt/profiles.yml": """
shop:
  target: prod
  outputs:
    prod: {type: duckdb, path: prod.duckdb, threads: 1}
    test: {type: duckdb, path: test.duckdb, threads: 1}
""",
    "dbt/models/orders.sql": "select 1 as id",
}
CONFIGURATION = """
[projects.shop]
tool = "dbt"
git = "../shop.git"
path = "dbt"
poll = "1s"

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
"""
REQUEST = "refs/pull/7/head"


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    """The remote, with the project on its default branch."""
    found = Remote(tmp_path)
    found.make(PROJECT)
    return found


async def runs_of(live: LiveWorkspace, job: str) -> list[Run]:
    async with StoreReader.open(live.paths.database) as reader:
        return await reader.runs(RunFilter(job=job, order="oldest"), limit=50)


async def nth_run(live: LiveWorkspace, job: str, number: int) -> Run:
    async def there() -> bool:
        return len(await runs_of(live, job)) >= number

    await until(there, f"run {number} of {job} is recorded")
    return (await runs_of(live, job))[number - 1]


async def begin(live: LiveWorkspace, configuration: str = CONFIGURATION) -> None:
    """Starts the engine, and waits until the first look at the remote is over."""
    (live.folder / "runroom.toml").write_text(configuration)
    async with await ensure_engine(live.folder), StoreReader.open(live.paths.database) as reader:

        async def looked() -> bool:
            return bool(await reader.git.heads("shop"))

        await until(looked, "the remote was looked at")


async def test_a_pushed_branch_starts_the_merge_job_and_only_once(live: LiveWorkspace, remote: Remote) -> None:
    await begin(live)
    assert await runs_of(live, "deliver") == []

    sha = remote.push({"dbt/models/orders.sql": "select 2 as id"}, "Count to two")
    run = await live.ended((await nth_run(live, "deliver", 1)).id)

    assert (run.status, run.trigger, run.environment) == (RunStatus.COMPLETED, "merge", "prod")
    assert (run.branch, run.commit, run.commit_author, run.commit_message) == ("main", sha, "Anna", "Count to two")
    assert run.trigger_note == f"main at {sha[:10]}"
    assert run.remote == str(remote.path)
    assert not live.files(run.id).checkout.exists()
    await live.kill_engine()

    later = remote.push({"dbt/models/orders.sql": "select 3 as id"}, "Count to three")
    async with await ensure_engine(live.folder):
        second = await live.ended((await nth_run(live, "deliver", 2)).id)
    assert [each.commit for each in await runs_of(live, "deliver")] == [sha, later]
    assert second.trigger_note == f"main at {later[:10]}"


async def test_a_request_is_built_apart_from_all_else_and_put_away(live: LiveWorkspace, remote: Remote) -> None:
    await begin(live)

    sha = remote.push({"dbt/models/orders.sql": "select 2 as id"}, "Try", REQUEST)
    run = await live.ended((await nth_run(live, "check", 1)).id)

    assert (run.status, run.trigger, run.branch, run.commit) == (RunStatus.COMPLETED, "pull_request", "pull/7", sha)
    async with StoreReader.open(live.paths.database) as reader:
        steps = [step.name for step in await reader.steps(run.id)]
        models = await reader.models(run.id)
    assert steps == ["checkout", "profile", "deps", "isolate", "run", "tear-down"]
    assert [model.schema_name for model in models] == ["ci_7"]
    assert not (live.files(run.id).folder / "isolation").exists()
    assert await runs_of(live, "deliver") == []
