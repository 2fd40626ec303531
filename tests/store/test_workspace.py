"""What the store says of the workspace: its configuration, its environments' health, its graphs."""

import sqlite3
from contextlib import closing
from pathlib import Path

from store.events import AuditFinished, EnvironmentState, Graph, GraphNode, ModelFinished
from store.models import Environment, Job, Project
from store.reads import StoreReader
from store.status import AuditStatus, ModelStatus, RunStatus
from store.writes import StoreWriter
from tests.store.making import BEGIN, finished, finished_run, happen, moment, request, started

PROJECTS = (Project(name="flights", tool="dbt", path="flights"), Project(name="mesh", tool="sqlmesh", path="mesh"))
ENVIRONMENTS = (
    Environment(project="flights", name="prod", target="prod", type="production"),
    Environment(project="flights", name="dev"),
    Environment(project="mesh", name="prod", target="prod"),
)
JOBS = (Job(project="flights", name="nightly", environment="prod", steps=("build",)),)


async def test_the_configuration_is_replaced_as_a_whole(writer: StoreWriter, reader: StoreReader) -> None:
    assert await reader.workspace_name() is None
    await writer.sync_workspace("analytics", PROJECTS, ENVIRONMENTS, JOBS)
    assert await reader.projects() == list(PROJECTS)
    assert await reader.environments() == list(ENVIRONMENTS)
    assert await reader.jobs() == list(JOBS)

    await writer.sync_workspace("renamed", PROJECTS[1:], ENVIRONMENTS[2:], ())

    assert await reader.workspace_name() == "renamed"
    assert await reader.projects() == [PROJECTS[1]]
    assert await reader.environments() == [ENVIRONMENTS[2]]
    assert await reader.jobs() == []


async def test_health_tells_the_last_run_the_last_plan_and_what_fails(writer: StoreWriter, reader: StoreReader) -> None:
    await writer.sync_workspace("analytics", PROJECTS, ENVIRONMENTS, JOBS)
    await finished_run(writer, 1, RunStatus.COMPLETED, kind="plan", options={"apply": True})
    await writer.create_run(request(2))
    await happen(
        writer, 2, started(),
        ModelFinished(ts=moment(2), model="a", status=ModelStatus.FAILED),
        AuditFinished(ts=moment(3), audit="t", name="t", status=AuditStatus.FAILED),
        AuditFinished(ts=moment(3), audit="u", name="u", status=AuditStatus.ERROR),
        AuditFinished(ts=moment(3), audit="v", name="v", status=AuditStatus.WARNED),
        finished(RunStatus.FAILED),
    )  # fmt: skip
    await writer.create_run(request(3, environment="dev"))

    prod, dev, mesh = await reader.health()

    assert (prod.environment, dev.environment, mesh.environment) == ENVIRONMENTS
    assert (prod.tool, mesh.tool) == ("dbt", "sqlmesh")
    assert prod.last_run is not None
    assert prod.last_plan is not None
    assert (prod.last_run.id, prod.last_plan.id, len(prod.failing), prod.active) == (2, 1, 3, 0)
    assert (dev.last_plan, dev.failing, dev.active) == (None, (), 1)
    assert (mesh.last_run, mesh.last_plan, mesh.failing, mesh.active) == (None, None, (), 0)


async def test_environments_that_only_the_tool_knows_come_last(writer: StoreWriter, reader: StoreReader) -> None:
    await writer.sync_workspace("analytics", PROJECTS, ENVIRONMENTS, JOBS)
    states = [EnvironmentState(ts=BEGIN, environment=name, models=4) for name in ("prod", "dev_anna")]
    await writer.record_environments("mesh", states)

    found = await reader.health()

    assert [(item.environment.project, item.environment.name) for item in found[2:]] == [
        ("mesh", "prod"),
        ("mesh", "dev_anna"),
    ]
    assert [item.state for item in found] == [None, None, *states]


async def test_a_graph_that_many_runs_see_is_kept_once(
    writer: StoreWriter, reader: StoreReader, database: Path
) -> None:
    nodes = (
        GraphNode(model="p.a", name="a", kind="model"),
        GraphNode(model="p.b", name="b", kind="model", parents=("p.a",)),
    )
    for number in (1, 2):
        await writer.create_run(request(number))
        await happen(writer, number, started(), Graph(ts=moment(number), nodes=nodes))
    await writer.create_run(request(3))
    await happen(writer, 3, started(), Graph(ts=moment(3), nodes=nodes[:1]))
    await writer.create_run(request(4))

    assert (await reader.graph(1)).nodes == (await reader.graph(2)).nodes == nodes
    assert (await reader.graph(3)).nodes == nodes[:1]
    assert (await reader.graph(4)).nodes == ()
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT count(*) FROM graphs").fetchone() == (2,)


async def test_the_graph_describes_the_models_that_the_run_means_to_execute(
    writer: StoreWriter, reader: StoreReader
) -> None:
    """What a tool started before it told its graph is described afterwards and keeps its state."""
    node = GraphNode(
        model="p.b", name="b", kind="incremental", parents=("p.a",), selected=True, materialized="table", file="b.sql"
    )
    await writer.create_run(request(1))
    await happen(writer, 1, started(), ModelFinished(ts=moment(1), model="p.b", status=ModelStatus.SUCCEEDED, rows=3))
    await happen(writer, 1, Graph(ts=moment(2), nodes=(GraphNode(model="p.a", name="a", kind="model"), node)))

    model = (await reader.models(1))[0]
    assert (model.kind, model.parents, model.materialized, model.file) == ("incremental", ("p.a",), "table", "b.sql")
    assert (model.status, model.rows) == (ModelStatus.SUCCEEDED, 3)
    assert len(await reader.models(1)) == 1
