"""SQLMesh's whole road: from a client through engine, worker and bridge into the store."""

import asyncio
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from engine.client.launch import ensure_engine
from engine.errors import UsageError
from engine.protocol import RepairRun
from store.events import AnyEvent, Notice
from store.models import Run, TornRun
from store.status import RunStatus, StepStatus
from tests.integration.sqlmesh.mesh_workspace import FIRST_PLAN, MeshProject, new_project
from tests.support.against_sqlmesh import compare_loaded, compare_run, compare_state, sqlmesh_says
from tests.support.live_workspace import LiveWorkspace
from tests.support.waiting import until

pytestmark = [
    pytest.mark.real_tool,
    pytest.mark.timeout(300),
    pytest.mark.xdist_group("sqlmesh through the engine"),
]

DAILY, TOTAL, LATEST, NOISY = (f'"warehouse"."lab"."{name}"' for name in ("daily", "total", "latest", "noisy"))
STANDALONE = """
AUDIT (name some_total, standalone true);

SELECT * FROM lab.total WHERE total < 0
"""
ROWS = "SELECT day::VARCHAR, amount::INT FROM lab.daily ORDER BY day"
LOADED = [("2026-01-01", 500), ("2026-01-02", 10)]
CANCELLED_WITHIN_S = 2.0 + 1.5
"""Two seconds for the database, the bridge's grace for what does not listen."""


@dataclass(frozen=True)
class Planned:
    """The project whose first plan was applied, that plan, and what SQLMesh alone says of the same."""

    project: MeshProject
    run: Run
    said: dict[str, Any]


@pytest.fixture(scope="module")
def planned(bridge: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planned]:
    """Planned once through the engine, and once by SQLMesh alone, in a copy."""
    folder = tmp_path_factory.mktemp("mesh")
    live = LiveWorkspace(folder / "workspace")
    try:
        project = new_project(live, bridge, "first")
        project.lab.execute("UPDATE raw.sales SET amount = '500' WHERE day = '2026-01-01'")
        project.lab.write("audits/some_total.sql", STANDALONE)
        alone = project.lab.copy_to(folder / "alone").folder
        run = asyncio.run(project.plan("prod", steps=(FIRST_PLAN,), apply=True))
        yield Planned(project, run, sqlmesh_says(alone, "plan", "prod", "2026-01-03"))
    finally:
        live.end()


@pytest.fixture
def project(planned: Planned, bridge: Path, request: pytest.FixtureRequest) -> MeshProject:
    """A project of its own for the test: production is loaded to the end of 2 January."""
    name = request.node.name.removeprefix("test_")[:40]
    return new_project(planned.project.live, bridge, name, planned.project.lab)


# -- plans ------------------------------------------------------------------------------------------------------


async def test_a_plan_that_is_applied_is_recorded_as_sqlmesh_says(planned: Planned) -> None:
    shown = await planned.project.shown(planned.run)
    state = sqlmesh_says(planned.project.lab.folder, "state")

    compared = compare_run(shown, planned.said)
    assert compared.differences == []
    assert compared.counts == {"model succeeded": 4, "audit passed": 3, "audit warned": 1, "interval": 4}
    assert compare_state(await planned.project.environments(), state).differences == []
    assert compare_loaded(shown, state["prod"]) == []

    assert (shown["kind"], shown["status"], shown["tool"]) == ("plan", "partial", "sqlmesh")
    assert shown["status_reason"] == "1 audit warned: few_sales"
    assert {change["change"] for change in shown["changes"]} == {"added"}
    (warned,) = (audit for audit in shown["audits"] if audit["status"] == "warned")
    assert (warned["name"], warned["blocking"], warned["failures"]) == ("few_sales", False, 1)
    (alone,) = (audit for audit in shown["audits"] if audit["model"] is None)
    assert (alone["name"], alone["status"], alone["blocking"]) == ("some_total", "passed", False)
    assert shown["plan"]["tests"]["passed"] == 1
    phases = {
        phase.phase: (phase.state, phase.done == phase.total) for phase in await planned.project.phases(planned.run)
    }
    # Tables are created with their first rows: nothing is left to create before.
    assert phases == dict.fromkeys(("evaluation", "promotion"), ("succeeded", True))


async def test_a_plan_is_shown_then_refused_when_it_is_stale_then_applied(project: MeshProject) -> None:
    before = project.tables()
    project.lab.replace("models/total.sql", "SUM(amount)", "1 + SUM(amount)")
    project.lab.replace(
        "models/latest.sql", "SELECT MAX(day)::DATE AS day", "select  max(day)::DATE as day /* the last */"
    )
    preview = await project.plan("dev_ann", skip_tests=True)
    shown = await project.shown(preview)
    changes = {change["model"]: change["change"] for change in shown["changes"]}
    assert (preview.status, preview.counts.models_total) == (RunStatus.COMPLETED, 0)
    assert changes == {
        "lab.total": "directly_modified",
        "lab.latest": "formatting",
        "some_total": "indirectly_modified",
    }
    assert "1 + CAST(SUM(amount) AS BIGINT) AS total" in next(
        each["text_diff"] for each in shown["plan"]["changes"] if each["model"] == TOTAL
    )
    assert shown["plan"]["new_environment"]
    assert project.tables() == before, "a plan that is only shown changes nothing"

    project.lab.replace("models/total.sql", "1 + SUM(amount)", "2 + SUM(amount)")
    stale = await project.plan("dev_ann", skip_tests=True, apply=True, expect=shown["plan"]["fingerprint"])
    assert stale.status is RunStatus.FAILED
    assert stale.status_reason is not None
    assert "no longer the one that was shown" in stale.status_reason
    assert project.tables() == before

    project.lab.replace("models/total.sql", "2 + SUM(amount)", "1 + SUM(amount)")
    applied = await project.plan("dev_ann", skip_tests=True, apply=True, expect=shown["plan"]["fingerprint"])
    assert applied.status in (RunStatus.COMPLETED, RunStatus.PARTIAL), applied.status_reason
    state = sqlmesh_says(project.lab.folder, "state")
    environments = await project.environments()
    assert compare_state({"dev_ann": environments["dev_ann"]}, {"dev_ann": state["dev_ann"]}).differences == []
    assert environments["dev_ann"].difference == {"added": 0, "removed": 0, "modified": 2, "same": 2}
    assert environments["dev_ann"].expires_at is not None


# -- runs -------------------------------------------------------------------------------------------------------


async def test_a_run_loads_what_is_due_and_then_says_what_is_next(project: MeshProject) -> None:
    alone = project.lab.copy_to(project.live.folder.parent / "alone_run").folder
    ran = await project.done(steps=["run"])
    shown = await project.shown(ran)
    assert compare_run(shown, sqlmesh_says(alone, "run", "prod")).differences == []
    daily = next(model for model in shown["models"] if model["unique_name"] == DAILY)
    assert (ran.status, daily["rows"], len(daily["intervals"])) == (RunStatus.COMPLETED, 4, 2)
    assert compare_state(await project.environments(), sqlmesh_says(project.lab.folder, "state")).differences == []

    idle = await project.done(steps=["run"])
    assert (idle.status, idle.counts.models_total) == (RunStatus.COMPLETED, 0)
    assert idle.status_reason is not None
    assert idle.status_reason.startswith("nothing due; next: lab.")


async def test_a_failing_model_skips_its_children_and_leaves_its_statement(project: MeshProject) -> None:
    project.lab.execute("UPDATE raw.sales SET amount = 'many' WHERE day = '2026-01-05'")
    ran = await project.done(steps=["run"])
    shown = await project.shown(ran)
    models = {model["unique_name"]: model for model in shown["models"]}

    assert (ran.status, ran.status_reason) == (RunStatus.FAILED, "1 model failed: warehouse.lab.daily")
    assert {name: model["status"] for name, model in models.items()} == {
        DAILY: "failed",
        TOTAL: "skipped",
        LATEST: "skipped",
        NOISY: "succeeded",
    }
    assert "Could not convert string 'many'" in models[DAILY]["error"]
    (alone,) = (audit for audit in shown["audits"] if audit["model"] is None)
    assert (alone["name"], alone["status"], alone["cause"]) == ("some_total", "skipped", "lab.daily")
    assert models[TOTAL]["cause"] == models[LATEST]["cause"] == "lab.daily"
    statement = project.live.files(ran.id).folder / "target/failed/warehouse.lab.daily.sql"
    assert "INSERT INTO" in statement.read_text()


async def test_an_environment_that_a_dead_plan_left_is_explained(project: MeshProject) -> None:
    project.lab.execute("UPDATE sqlmesh._environments SET finalized_ts = NULL WHERE name = 'prod'")
    ran = await project.done(steps=["run"])
    assert ran.status is RunStatus.FAILED
    assert ran.status_reason is not None
    assert "did not end. Apply a plan to heal it." in ran.status_reason
    assert (await project.environments())["prod"].unfinalised


async def test_other_commands_are_sqlmeshs_own(project: MeshProject) -> None:
    ran = await project.done(steps=["test", "lint"])
    shown = await project.shown(ran)
    assert ran.status is RunStatus.COMPLETED
    assert [(step["name"], step["status"]) for step in shown["steps"]] == [
        ("test", StepStatus.SUCCEEDED),
        ("lint", StepStatus.SUCCEEDED),
    ]
    assert "Successfully Ran `1` Tests" in Path(shown["steps"][0]["log"]).read_text()


async def test_other_commands_wait_for_a_database_that_is_in_use(project: MeshProject) -> None:
    with duckdb.connect(str(project.lab.folder / "warehouse.duckdb")):
        started = await project.start(steps=["audit"])
        log = project.live.files(started.id).logs / "01-audit.log"
        await until(lambda: log.is_file() and "Waits for " in log.read_text(), "the audit waits")
    assert (await project.ended(started)).status is RunStatus.COMPLETED


# -- stopping, waiting, repairing -------------------------------------------------------------------------------


async def test_a_cancelled_restatement_loses_rows_and_a_repair_brings_them_back(project: MeshProject) -> None:
    assert project.lab.query(ROWS) == LOADED
    project.lab.make_slow()
    restated = await project.start(
        kind="plan",
        options={"apply": True, "restate": ["lab.daily"], "start": "2026-01-01", "end": "2026-01-02"},
    )
    await project.in_a_long_batch(restated)
    asked = time.monotonic()
    await project.live.cancel(restated.id)
    cancelled = await project.ended(restated)
    took = time.monotonic() - asked

    assert cancelled.status is RunStatus.CANCELLED
    assert took < CANCELLED_WITHIN_S
    assert project.process_groups(restated)
    for group in project.process_groups(restated):
        with pytest.raises(ProcessLookupError):
            os.killpg(group, 0)
    assert project.lab.query(ROWS) == [], "the rows are really lost"
    (broken,) = await project.interrupted(restated)
    assert (broken.model, f"{broken.start:%d}", f"{broken.end:%d}", broken.repaired_by) == (DAILY, "01", "03", None)
    assert cancelled.started_at is not None
    assert await project.torn() == (TornRun(run_id=restated.id, models=("lab.daily",)),)
    await project.read_since(cancelled.started_at)

    project.lab.make_fast()
    repaired = await project.repair(restated)
    assert repaired.status in (RunStatus.COMPLETED, RunStatus.PARTIAL), repaired.status_reason
    assert project.lab.query(ROWS)[:2] == LOADED
    (mended,) = await project.interrupted(restated)
    assert mended.repaired_by == repaired.id
    assert await project.torn() == ()
    async with await ensure_engine(project.live.folder) as client:
        with pytest.raises(UsageError, match="needs no repair: everything that it left half-written was repaired"):
            await client.repair(restated.id, RepairRun(author="ann"))


async def test_a_killed_restatement_lists_what_it_left_half_written(project: MeshProject) -> None:
    project.lab.make_slow()
    restated = await project.start(
        kind="plan",
        options={"apply": True, "restate": ["lab.daily"], "start": "2026-01-01", "end": "2026-01-02"},
    )
    await project.in_a_long_batch(restated)
    (await project.live.tool(restated.id)).kill()
    ended = await project.ended(restated)
    assert ended.status is RunStatus.FAILED
    assert project.lab.query(ROWS) == [], "the rows are really lost"
    (broken,) = await project.interrupted(restated)
    assert (broken.model, f"{broken.start:%d}", f"{broken.end:%d}") == (DAILY, "01", "03")


async def test_while_a_run_works_a_second_plan_waits_and_no_environment_is_read(project: MeshProject) -> None:
    project.lab.make_slow()
    first = await project.start(steps=["run"])
    await project.in_a_long_batch(first)
    second = await project.start(kind="plan", new_environment=True)
    assert (second.status, second.waits_for) == (RunStatus.QUEUED, first.id)
    assert second.status_reason == f"waits for #{first.id}, which works in {project.name}/prod"
    with pytest.raises(UsageError, match=f"Run #{first.id} works in {project.name}"):
        await project.refresh()
    await project.live.cancel(first.id)
    assert (await project.ended(first)).status is RunStatus.CANCELLED
    assert await project.interrupted(first) == [], "what a plain run did not load is missing, and loaded next time"
    assert (await project.ended(second)).status is RunStatus.COMPLETED

    refreshed = await project.refresh()
    assert (refreshed.projects, refreshed.environments) == ((project.name,), 1)
    state = sqlmesh_says(project.lab.folder, "state")
    assert compare_state(await project.environments(), state).differences == []


async def test_two_environments_of_one_database_file_take_turns(project: MeshProject) -> None:
    """DuckDB's file admits one process: who comes second waits for it, and does not fail."""
    project.lab.replace("models/latest.sql", "MAX(day)", "MIN(day)")
    project.lab.make_slow()
    first = await project.start(steps=["run"])
    await project.in_a_long_batch(first)
    second = await project.start("dev_ben", kind="plan", new_environment=True)

    def has_to_wait(events: list[AnyEvent]) -> bool:
        return any(isinstance(event, Notice) and event.text.startswith("Waits for ") for event in events)

    await project.live.journaled(second.id, has_to_wait, "that it waits")
    assert (await project.live.run(first.id)).status is RunStatus.RUNNING
    await project.live.cancel(first.id)
    await project.ended(first)
    assert (await project.ended(second)).status is RunStatus.COMPLETED


# -- what is refused --------------------------------------------------------------------------------------------


async def test_a_run_makes_no_environment(project: MeshProject) -> None:
    with pytest.raises(UsageError, match=f'There is no environment "{project.name}/nowhere"'):
        await project.start("nowhere", steps=["run"])


async def test_a_dbt_project_that_sqlmesh_runs_is_refused(project: MeshProject) -> None:
    project.lab.write("dbt_project.yml", "name: shop\nprofile: shop\n")
    with pytest.raises(UsageError):
        await project.start(steps=["run"])
    async with await ensure_engine(project.live.folder) as client:
        problem = (await client.hello()).configuration_problem
    assert problem is not None
    assert "is a dbt project that SQLMesh runs" in problem
    (project.lab.folder / "dbt_project.yml").unlink()
