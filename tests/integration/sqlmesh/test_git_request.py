"""What a request proposes is planned into an environment of its own, which is gone afterwards."""

from pathlib import Path

import pytest

from engine.client.launch import ensure_engine
from store.filters import RunFilter
from store.reads import StoreReader
from store.status import RunStatus, StepStatus
from tests.integration.sqlmesh.lab import CONFIG
from tests.support.live_workspace import LiveWorkspace
from tests.support.remotes import Remote
from tests.support.waiting import until

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(180), pytest.mark.xdist_group("sqlmesh through the engine")]

PROJECT = {
    "config.yaml": CONFIG,
    "models/totals.sql": "MODEL (name lab.totals, kind FULL);\n\nSELECT 1 AS total\n",
}
CONFIGURATION = """
[projects.lab]
tool = "sqlmesh"
git = "../shop.git"
poll = "1s"

[environments.staging]

[jobs.check]
environment = "staging"
type = "ci"
steps = ["plan"]
"""


async def test_a_request_has_an_environment_while_its_run_lasts(live: LiveWorkspace, tmp_path: Path) -> None:
    remote = Remote(tmp_path)
    remote.make(PROJECT)
    (live.folder / "runroom.toml").write_text(CONFIGURATION)
    async with await ensure_engine(live.folder), StoreReader.open(live.paths.database) as reader:

        async def looked() -> bool:
            return bool(await reader.git.heads("lab"))

        await until(looked, "the remote was looked at")
        remote.push({"models/totals.sql": PROJECT["models/totals.sql"].replace("1", "2")}, "Try", "refs/pull/7/head")

        async def asked() -> bool:
            return bool(await reader.runs(RunFilter(job="check"), limit=1))

        await until(asked, "a run is recorded")
        run = await live.ended((await reader.latest_run("check")).id)
        steps = await reader.steps(run.id)
        environments = await reader.environment_states("lab")

    assert (run.status, run.kind, run.trigger) == (RunStatus.COMPLETED, "plan", "pull_request")
    assert [(step.name, step.status) for step in steps] == [
        (name, StepStatus.SUCCEEDED) for name in ("checkout", "plan", "tear-down")
    ]
    assert steps[-1].command == ("sqlmesh", "invalidate", "ci_7", "--sync")
    assert "lab__ci_7" in live.files(run.id).logs.joinpath("02-plan.log").read_text()
    assert "ci_7" not in environments
