"""A project that comes from a bare repository on disk: what is pushed there starts runs."""

from pathlib import Path

import duckdb
import pytest

from engine.client.launch import ensure_engine
from store.filters import RunFilter
from store.models import Run
from store.reads import StoreReader
from store.status import RunStatus, StepStatus
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


# Runs inside dbt, which works in the folder of the default branch.
SLOW = """
import time
from pathlib import Path


def model(dbt, session):
    dbt.config(materialized="table")
    rows = dbt.ref("orders")
    Path("slow.reached").touch()
    while not Path("slow.open").exists():
        time.sleep(0.01)
    return rows
"""


async def test_a_request_is_built_apart_and_put_away_and_a_newer_push_stops_its_older_run(
    live: LiveWorkspace, remote: Remote
) -> None:
    await begin(live)
    folder = live.paths.default_checkout("shop") / "dbt"
    remote.push({"dbt/models/slow.py": SLOW}, "Try", REQUEST)
    older = await nth_run(live, "check", 1)
    await until((folder / "slow.reached").exists, "the slow model is being built")

    sha = remote.push({"dbt/models/slow.py": SLOW.replace("while not", "while False and not")}, "Mend", REQUEST)

    stopped = await live.ended(older.id)
    newer = await live.ended((await nth_run(live, "check", 2)).id)
    assert stopped.status is RunStatus.CANCELLED
    assert (stopped.status_reason or "").startswith("stopped by a newer push to pull/7")
    assert (newer.status, newer.trigger, newer.branch) == (RunStatus.COMPLETED, "pull_request", "pull/7")
    assert (newer.commit, newer.commit_message) == (sha, "Mend")
    async with StoreReader.open(live.paths.database) as reader:
        steps = {run.id: await reader.steps(run.id) for run in (stopped, newer)}
        models = await reader.models(newer.id)
    assert [step.name for step in steps[newer.id]] == ["checkout", "profile", "deps", "isolate", "run", "tear-down"]
    assert [steps[run.id][-1].name for run in (stopped, newer)] == ["tear-down"] * 2
    assert [steps[run.id][-1].status for run in (stopped, newer)] == [StepStatus.SUCCEEDED] * 2
    assert {model.schema_name for model in models} == {"ci_7"}
    assert not (live.files(newer.id).folder / "isolation").exists()
    assert await runs_of(live, "deliver") == []
    assert own_schemas_in(folder / "test.duckdb") == []


def own_schemas_in(database: Path) -> list[str]:
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute("SELECT DISTINCT schema_name FROM information_schema.schemata").fetchall()
    return [name for (name,) in rows if name.startswith("ci_")]


async def test_what_a_request_does_not_build_is_production_s(live: LiveWorkspace, remote: Remote) -> None:
    # One database for both: a request's own schema is beside those of production.
    beside = {"dbt/profiles.yml": PROJECT["dbt/profiles.yml"].replace("test.duckdb", "prod.duckdb")}
    await begin(live, CONFIGURATION.replace('type = "ci"\nsteps = ["run"]', 'type = "ci"\nsteps = ["run -s totals"]'))
    remote.push(beside, "Use one database")
    production = await live.ended((await nth_run(live, "deliver", 1)).id)
    assert production.status is RunStatus.COMPLETED

    remote.push({"dbt/models/totals.sql": "select count(*) as n from {{ ref('orders') }}"}, "Count", REQUEST)
    run = await live.ended((await nth_run(live, "check", 1)).id)

    assert run.status is RunStatus.COMPLETED, run.status_reason
    compiled = next(live.files(run.id).target.glob("compiled/**/totals.sql")).read_text()
    assert '"prod"."main"."orders"' in compiled
    assert own_schemas_in(live.paths.default_checkout("shop") / "dbt/prod.duckdb") == []
