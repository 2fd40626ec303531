"""A build with one of everything, against dbt's own record of it."""

import asyncio
from pathlib import Path

import pytest

from store.events import (
    ArtifactWritten,
    AuditFinished,
    Graph,
    GraphNode,
    ModelFinished,
    ModelQueued,
    ModelStarted,
    PackagesFound,
    ToolIdentified,
)
from store.status import AuditStatus, ModelStatus, RunStatus
from tests.integration.dbt.harness import PYTHON, DbtRun, Workspace
from tests.integration.dbt.projects import write_shop

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(180)]

MODELS = {"success": ModelStatus.SUCCEEDED, "error": ModelStatus.FAILED, "skipped": ModelStatus.SKIPPED}
AUDITS = {
    "pass": AuditStatus.PASSED,
    "warn": AuditStatus.WARNED,
    "fail": AuditStatus.FAILED,
    "skipped": AuditStatus.SKIPPED,
}


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> DbtRun:
    folder = tmp_path_factory.mktemp("build")
    project = write_shop(folder / "shop")

    async def run() -> DbtRun:
        started, verdict = await Workspace(folder / "record", PYTHON).run(project, "build")
        assert verdict.status is RunStatus.FAILED
        assert verdict.reason is not None
        assert verdict.reason.startswith("1 model failed: broken; 2 blocking audits failed: ")
        return started

    return asyncio.run(run())


def test_every_node_ends_as_in_run_results(build: DbtRun) -> None:
    ours = {event.model: event.status for event in build.of(ModelFinished)}
    checked = {event.audit: event.status for event in build.of(AuditFinished)}
    theirs = {node: status for node, status in build.results.items() if node.split(".")[0] != "operation"}
    tests = {node for node in theirs if node.split(".")[0] in ("test", "unit_test")}
    models = set(theirs) - tests - {"exposure.shop.board"}

    assert ours == {node: MODELS[theirs[node]] for node in models}
    assert checked == {node: AUDITS[theirs[node]] for node in tests}


def test_each_node_is_told_once_and_in_order(build: DbtRun) -> None:
    queued = [event.model for event in build.of(ModelQueued)]
    started = [event.model for event in build.of(ModelStarted)]
    finished = [event.model for event in build.of(ModelFinished)]
    first_start = build.of(ModelStarted)[0].seq

    assert len(set(queued)) == len(queued) == 9
    assert sorted(queued) == sorted(finished)
    assert all(event.seq < first_start for event in build.of(ModelQueued))
    assert set(started) == {event.model for event in build.of(ModelFinished) if event.status is not ModelStatus.SKIPPED}


def test_skips_name_the_nearest_failure(build: DbtRun) -> None:
    gate = build.audits["total_is_41"].audit

    assert build.models["child"].cause == "model.shop.broken"
    assert build.models["grandchild"].cause == "model.shop.broken"
    assert build.audits["not_null_child_id"].cause == "model.shop.broken"
    assert build.models["behind_the_gate"].cause == gate
    assert build.models["totals"].cause is None


def test_models_carry_what_dbt_reports(build: DbtRun) -> None:
    seed, staged, broken = build.models["raw_orders"], build.models["stg_orders"], build.models["broken"]

    assert seed.rows == 3
    assert staged.duration_s is not None
    assert staged.duration_s > 0
    assert [timing.name for timing in staged.timings] == ["compile", "execute"]
    assert staged.compiled_file == "target/compiled/shop/models/stg_orders.sql"
    assert (build.paths.folder / staged.compiled_file).is_file()
    assert broken.error is not None
    assert 'Referenced column "nope" not found' in broken.error
    assert len(broken.error.splitlines()) > 1


def test_audits_carry_severity_failures_and_sql(build: DbtRun) -> None:
    warned, gate, own = (build.audits[name] for name in ("not_null_stg_orders_amount", "total_is_41", "orders_are_few"))

    assert (warned.status, warned.blocking, warned.failures) == (AuditStatus.WARNED, False, 1)
    assert warned.model == "model.shop.stg_orders"
    assert warned.sql is not None
    assert "where amount is null" in warned.sql
    assert warned.error == "Got 1 result, configured to warn if != 0"
    assert (gate.status, gate.blocking, gate.failures) == (AuditStatus.FAILED, True, 1)
    assert gate.arguments == {"values": [41], "column_name": "total"}
    assert own.model == "snapshot.shop.orders_history"
    assert build.audits["amounts_are_kept"].status is AuditStatus.PASSED
    assert build.audits["amounts_are_kept"].model == "model.shop.stg_orders"


def test_the_graph_has_lineage_and_columns(build: DbtRun) -> None:
    nodes = {node.model: node for node in build.graph.nodes}
    staged, board = nodes["model.shop.stg_orders"], nodes["exposure.shop.board"]

    assert len(build.of(Graph)) == 1
    assert staged.parents == ("seed.shop.raw_orders",)
    assert staged.owner == "sales"
    assert (staged.file, staged.schema_name, staged.materialized) == ("models/stg_orders.sql", "main", "table")
    assert [(column.name, column.type) for column in staged.columns] == [("id", "integer"), ("amount", None)]
    assert nodes["model.shop.totals"].parents == ("model.shop.only_inside",)
    assert (board.owner, board.selected) == ("Ann", False)
    assert selected(nodes) == {event.model for event in build.of(ModelQueued)}
    assert {audit.audit for audit in build.graph.audits if audit.selected} == {
        event.audit for event in build.of(AuditFinished)
    }


def selected(nodes: dict[str, GraphNode]) -> set[str]:
    return {node.model for node in nodes.values() if node.selected}


def test_the_log_reads_like_dbt(build: DbtRun) -> None:
    log = build.log("build")

    assert "INFO  [stg_orders] " in log
    assert "OK created sql table model main.stg_orders" in log
    assert "ERROR [broken] " in log
    assert "WARN  [not_null_stg_orders_amount] " in log
    assert "Done. PASS=" in log
    assert "\x1b" not in log


def test_artifacts_have_kinds(build: DbtRun) -> None:
    kinds = {event.path: event.kind for event in build.of(ArtifactWritten)}

    assert kinds["target/manifest.json"] == "manifest"
    assert kinds["target/run_results.json"] == "run_results"
    assert kinds["target/compiled/shop/models/stg_orders.sql"] == "compiled"
    assert kinds["target/run/shop/models/stg_orders.sql"] == "run"
    assert "target/partial_parse.msgpack" not in kinds


def test_the_tool_is_identified(build: DbtRun) -> None:
    (tool,) = build.of(ToolIdentified)

    assert tool.tool == "dbt"
    assert tool.version[0].isdigit()
    (adapter,) = build.of(PackagesFound)
    assert adapter.versions["dbt-duckdb"][0].isdigit()


def test_nothing_is_left_in_the_project(build: DbtRun) -> None:
    project = Path(build.paths.folder.parents[2]) / "shop"

    assert not (project / "target").exists()
    assert not (project / "logs").exists()
    assert (project / "shop.duckdb").is_file()
