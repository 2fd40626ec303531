"""Runs beside and after one another; where files are looked for."""

import asyncio
import subprocess
from pathlib import Path

import pytest

from store.events import (
    ArtifactWritten,
    Graph,
    ModelFinished,
    ModelProgress,
    ModelQueued,
    PlanSummary,
    StepFinished,
    ToolIdentified,
)
from store.models import RunOptions
from store.status import AuditStatus, ModelStatus, RunStatus
from tests.integration.dbt.harness import PYTHON, Workspace
from tests.integration.dbt.projects import write_project, write_shop
from tests.integration.dbt.test_failures import write_executable

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(180)]


async def test_two_runs_at_once_keep_their_artifacts_apart(workspace: Workspace, tmp_path: Path) -> None:
    project = write_project(tmp_path / "shop", {"models/second.sql": "select 2 as id"})

    (one, first), (two, second) = await asyncio.gather(
        workspace.run(project, "build", target="dev", options=RunOptions(select=("orders",))),
        workspace.run(project, "build", target="other", options=RunOptions(select=("second",))),
    )

    assert (first.status, second.status) == (RunStatus.COMPLETED, RunStatus.COMPLETED)
    assert set(one.results) == {"model.shop.orders"}
    assert set(two.results) == {"model.shop.second"}
    assert (project / "shop.duckdb").is_file()
    assert (project / "other.duckdb").is_file()


async def test_the_second_run_need_not_parse_again(workspace: Workspace, tmp_path: Path) -> None:
    project = write_project(tmp_path / "shop")

    first, _ = await workspace.run(project, "build")
    second, _ = await workspace.run(project, "build")

    assert "Starting full parse" in first.log("build")
    assert "Starting full parse" not in second.log("build")


async def test_deps_runs_only_for_packages(workspace: Workspace, tmp_path: Path) -> None:
    write_project(
        tmp_path / "helpers",
        {
            "dbt_project.yml": "name: helpers\nmodel-paths: [none]\n",
            "macros/one.sql": "{% macro one() %}1{% endmacro %}",
        },
    )
    project = write_project(
        tmp_path / "shop",
        {
            "packages.yml": "packages:\n  - local: ../helpers\n",
            "models/orders.sql": "select {{ helpers.one() }} as id",
        },
    )

    run, verdict = await workspace.run(project, "build --select shop")

    assert verdict.status is RunStatus.COMPLETED
    assert [path.name for path in sorted(run.paths.logs.iterdir())] == ["01-profile.log", "02-deps.log", "03-build.log"]
    assert "helpers" in run.log("deps")

    again, verdict = await workspace.run(project, "build --select shop")

    assert verdict.status is RunStatus.COMPLETED
    assert "has not changed" in again.log("deps")


async def test_a_checkout_is_read_but_databases_stay_where_they_are(workspace: Workspace, tmp_path: Path) -> None:
    project = write_project(tmp_path / "shop")
    commit(project)
    (project / "models" / "uncommitted.sql").write_text("select 2 as id")

    run, verdict = await workspace.run(project, "build", branch="main")

    assert verdict.status is RunStatus.COMPLETED
    assert set(run.models) == {"orders"}
    assert (project / "shop.duckdb").is_file()


def commit(project: Path) -> None:
    """Makes the folder a git repository with one commit on main."""
    author = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"]
    for command in (["init", "-q", "-b", "main"], ["add", "."], [*author, "commit", "-qm", "one"]):
        subprocess.run(["git", *command], cwd=project, check=True)


async def test_several_steps_share_one_graph(workspace: Workspace, tmp_path: Path) -> None:
    run, verdict = await workspace.run(write_shop(tmp_path / "shop"), "seed", "run --select stg_orders totals")

    assert verdict.status is RunStatus.COMPLETED
    chosen = {node.model for node in run.of(Graph)[-1].nodes if node.selected}
    assert chosen == {"seed.shop.raw_orders", "model.shop.stg_orders", "model.shop.totals"}
    assert len(run.of(StepFinished)) == 3
    kinds = {event.path: event.kind for event in run.of(ArtifactWritten)}
    assert kinds["target/run_results.1.json"] == "run_results"
    assert "raw_orders" in (run.paths.target / "run_results.1.json").read_text()


async def test_options_of_the_run_go_before_those_of_the_job(workspace: Workspace, tmp_path: Path) -> None:
    files = {"models/named.sql": "select '{{ var(\"who\") }}' as who", "models/other.sql": "select 1 as id"}
    project = write_project(tmp_path / "shop", files)
    options = RunOptions(select=("named", "other"), exclude=("other",), variables={"who": "Ann"}, threads=1)

    run, verdict = await workspace.run(project, "build --select orders", options=options)

    assert verdict.status is RunStatus.COMPLETED
    assert set(run.models) == {"named"}
    compiled = run.paths.folder / str(run.models["named"].compiled_file)
    assert "Ann" in compiled.read_text()


async def test_a_model_in_batches(workspace: Workspace, tmp_path: Path) -> None:
    hours = "select timestamp '2026-01-01' + interval 12 hour * i as seen from range(6) t(i)"
    events = "{{ config(event_time='seen') }} " + hours
    batched = (
        "{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='seen', "
        "begin='2026-01-01', batch_size='day') }} select * from {{ ref('happenings') }}"
    )
    project = write_project(tmp_path / "shop", {"models/happenings.sql": events, "models/daily.sql": batched})
    options = RunOptions(start="2026-01-01", end="2026-01-04")

    run, verdict = await workspace.run(project, "build", options=options)

    if "'microbatch' is not valid" in run.log("build") or run.of(ToolIdentified)[0].version.startswith("1.8"):
        pytest.skip("this dbt has no microbatch models on DuckDB")
    assert verdict.status is RunStatus.COMPLETED
    ends = [event for event in run.of(ModelFinished) if event.model == "model.shop.daily"]
    assert {event.status for event in ends} == {ModelStatus.SUCCEEDED}
    assert [interval.start.day for interval in ends[-1].intervals] == [1, 2, 3]
    assert [(e.batch, e.batches) for e in run.of(ModelProgress) if e.finished] == [(1, 3), (2, 3), (3, 3)]


async def test_compiling_reports_no_models(workspace: Workspace, tmp_path: Path) -> None:
    run, verdict = await workspace.run(write_project(tmp_path / "shop"), "compile")

    assert verdict.status is RunStatus.COMPLETED
    assert run.of(ModelQueued) == []
    assert run.of(ModelFinished) == []


async def test_a_plan_tells_what_would_run(workspace: Workspace, tmp_path: Path) -> None:
    project = write_shop(tmp_path / "shop")

    run, verdict = await workspace.run(project, "build --select stg_orders+1 --full-refresh", kind="plan")

    assert verdict.status is RunStatus.COMPLETED
    (step,) = run.of(PlanSummary)[-1].details["steps"]
    assert "model.shop.broken" in step["models"]
    assert "test.shop.not_null_stg_orders_amount.2546645448" in step["audits"]
    assert {node.model for node in run.graph.nodes if node.selected} == {
        node for node in step["models"] if node != "model.shop.only_inside"
    }
    assert run.of(ModelQueued) == []
    assert not (project / "shop.duckdb").exists()


async def test_a_dbt_without_python_interface(workspace: Workspace, tmp_path: Path) -> None:
    """Where the interpreter cannot import dbt, the command beside it tells the same through its JSON log."""
    python = write_executable(tmp_path / "bin" / "python", "#!/bin/sh\nexit 97\n")
    write_executable(tmp_path / "bin" / "dbt", f'#!/bin/sh\nexec "{PYTHON}" -m dbt.cli.main "$@"\n')

    run, verdict = await workspace.run(write_shop(tmp_path / "shop"), "build", python=str(python))

    assert verdict.status is RunStatus.FAILED
    assert verdict.reason is not None
    assert verdict.reason.startswith("1 model failed: broken; 2 blocking audits failed: ")
    assert len(run.of(ModelQueued)) == 9
    assert len(run.of(ToolIdentified)) == 1
    assert run.models["behind_the_gate"].cause == run.audits["total_is_41"].audit
    assert run.models["stg_orders"].status is ModelStatus.SUCCEEDED
    assert run.audits["not_null_stg_orders_amount"].status is AuditStatus.WARNED
    assert "OK created sql table model main.stg_orders" in run.log("build")
    assert '{"data"' not in run.log("build")
