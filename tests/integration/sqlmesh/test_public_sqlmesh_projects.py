"""SQLMesh projects that nobody here wrote, planned and run through Runroom and held against what SQLMesh says itself.

They are kept outside of the repository: RUNROOM_PUBLIC_SQLMESH_PROJECTS names a folder that has one project in each of
its folders, ready to run on DuckDB. Beside a project's configuration, a file `gateway` may name the gateway to use, and
a file `moments` two execution times, that of the plan and that of the run: years of single days take hours.
"""

import os
import shutil
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from store.clock import system_clock
from store.models import Run, RunOptions
from store.reads import StoreReader
from store.run_json import whole_run
from store.status import RunStatus
from tests.support.against_sqlmesh import compare_loaded, compare_run, compare_state, sqlmesh_says
from tests.support.live_workspace import LiveWorkspace

VARIABLE = "RUNROOM_PUBLIC_SQLMESH_PROJECTS"
_GIVEN = os.environ.get(VARIABLE)
_CONFIGURATIONS = ("config.py", "config.yaml", "config.yml")
PROJECTS = (
    sorted({file.parent for name in _CONFIGURATIONS for file in Path(_GIVEN).glob(f"*/{name}")}) if _GIVEN else []
)
_LIMIT_S = 300.0

pytestmark = [
    pytest.mark.real_tool,
    pytest.mark.timeout(3 * _LIMIT_S),
    pytest.mark.skipif(not PROJECTS, reason=f"{VARIABLE} names no folder with SQLMesh projects"),
]


async def _shown(live: LiveWorkspace, run: Run) -> dict[str, Any]:
    async with StoreReader.open(live.paths.database) as reader:
        return await whole_run(reader, live.paths, run.id, system_clock())


async def _done(live: LiveWorkspace, **wanted: object) -> dict[str, Any]:
    run = await live.start(job=None, environment="mesh/prod", **wanted)
    return await _shown(live, await live.ended(run.id, _LIMIT_S))


def _moments(project: Path) -> tuple[str, str]:
    """When the plan is made and when the run: between them something becomes due."""
    told = project / "moments"
    if told.exists():
        planning, running = told.read_text().split()
        return planning, running
    now = system_clock()
    # Not in the past: models without a start of their own begin yesterday.
    return f"{now:%Y-%m-%d}", f"{now + timedelta(days=1):%Y-%m-%d}"


def _expected(shown: Mapping[str, Any]) -> RunStatus:
    statuses = {model["status"] for model in shown["models"]}
    if "failed" in statuses:
        return RunStatus.FAILED
    warned = any(audit["status"] == "warned" for audit in shown["audits"])
    return RunStatus.PARTIAL if warned else RunStatus.COMPLETED


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.name)
async def test_plan_and_run_are_as_sqlmesh_says(
    project: Path, live: LiveWorkspace, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    chosen = project / "gateway"
    gateway = chosen.read_text().strip() if chosen.exists() else None
    # The same name: SQLMesh may call a project's catalog after its file.
    alone, ours = tmp_path / "alone" / "mesh", live.folder / "mesh"
    shutil.copytree(project, alone)
    shutil.copytree(project, ours)
    named = f'gateway = "{gateway}"\n' if gateway else ""
    (live.folder / "runroom.toml").write_text(
        '[projects.mesh]\ntool = "sqlmesh"\npath = "./mesh"\n'
        f'[environments.prod]\nproject = "mesh"\ntarget = "prod"\ntype = "production"\n{named}'
    )

    planning, running = _moments(project)
    planned = await _done(
        live, kind="plan", steps=[f"plan --execution-time {planning}"], options=RunOptions(apply=True, skip_tests=True)
    )
    said = sqlmesh_says(alone, "plan", "prod", planning, gateway=gateway)
    plan = compare_run(planned, said)
    record_property("plan", f"{planned['status']}, {planned['status_reason']}; {dict(sorted(plan.counts.items()))}")
    assert plan.differences == []
    assert plan.counts.total() > 0
    assert planned["status"] == _expected(planned)

    loaded = compare_loaded(planned, sqlmesh_says(ours, "state", gateway=gateway)["prod"])
    assert loaded == []

    ran = await _done(live, kind="run", steps=[f"run --execution-time {running}"])
    run = compare_run(ran, sqlmesh_says(alone, "run", "prod", running, gateway=gateway))
    record_property("run", f"{ran['status']}, {ran['status_reason']}; {dict(sorted(run.counts.items()))}")
    assert run.differences == []
    assert run.counts.total() > 0
    assert ran["status"] == _expected(ran)

    state = sqlmesh_says(ours, "state", gateway=gateway)
    async with StoreReader.open(live.paths.database) as reader:
        reported = await reader.environment_states("mesh")
    of_state = compare_state(reported, state)
    record_property("state", dict(sorted(of_state.counts.items())))
    assert of_state.differences == []
