"""Lineage, causes, definitions and columns of the demo's runs, held against what dbt and SQLMesh say themselves."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from engine.demo.workspace import make_demo
from store.lineage.causes import find_causes, read_failing_since
from store.lineage.column_lineage import trace_column
from store.lineage.columns import RunColumns
from store.lineage.definition import read_definition
from store.lineage.definition_changes import read_definition_changes
from store.lineage.graph import Lineage, lineage_of
from store.lineage.reading import Reading
from store.lineage.schema import read_schema
from store.lineage.sql_process import SqlHere
from store.models import Run, RunOptions
from store.reads import StoreReader
from store.run_record import RunRecord, read_record
from store.status import ModelStatus, RunStatus
from tests.support.against_graph import column_differences, differences, differences_from_manifest
from tests.support.against_sqlmesh import sqlmesh_says
from tests.support.live_workspace import LiveWorkspace

_LIMIT_S = 240.0

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(2 * _LIMIT_S)]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo as it is shipped."""
    return make_demo(tmp_path_factory.mktemp("demo") / "workspace").folder


@pytest.fixture
def flights(demo: Path, live: LiveWorkspace) -> LiveWorkspace:
    """A workspace with the demo in it."""
    shutil.copytree(demo, live.folder, dirs_exist_ok=True)
    return live


async def _record(reader: StoreReader, run: Run) -> tuple[RunRecord, Lineage]:
    record = await read_record(reader, run.id)
    return record, lineage_of(await reader.graph(run.id), record.models.values())


def _named(lineage: Lineage, name: str) -> str:
    (node,) = [node for node in lineage.nodes if lineage.name_of(node) == name]
    return node


async def test_a_failed_run_of_dbt(flights: LiveWorkspace) -> None:
    run = await flights.ended((await flights.start("demo-failure")).id, _LIMIT_S)
    assert run.status is RunStatus.FAILED
    async with StoreReader.open(flights.paths.database) as reader:
        record, lineage = await _record(reader, run)
        causes = find_causes(record, lineage, await read_failing_since(reader, record))
        reading = Reading(flights.paths, reader, SqlHere())
        columns = RunColumns(reading, run, lineage)
        speeds = _named(lineage, "fleet_cruise_speeds")
        trace = await trace_column(columns, speeds, "tail_number")
        manifest = json.loads((flights.files(run.id).target / "manifest.json").read_bytes())
        definitions = {node: await read_definition(reading, run, node) for node in record.models}

    assert differences_from_manifest(lineage, flights.files(run.id)) == []

    # The cone is what failed and was skipped, and nothing else.
    fallen = {node for node, model in record.models.items() if model.status is not ModelStatus.SUCCEEDED}
    assert {node for node in causes.cone if node in record.models} == fallen
    assert {root.name for root in causes.roots} == {"fleet_cruise_speeds", "not_null_fleet_seat_capacity_seats"}
    assert causes.sentence().startswith("2 root causes → 5 skipped")
    assert [(each.since.run_id, each.since.last_good) for each in causes.roots if each.since] == [(run.id, None)] * 2

    assert {(step.name, step.column, step.distance) for step in trace.sources} == {("planes", "tailnum", 1)}
    # dbt compiles nothing that it skips, and this is the first run here.
    assert trace.users == ()
    assert {"fleet_speed_classes", "fleet_fuel_burn"} <= set(trace.unread)

    for node, definition in definitions.items():
        assert definition.source == manifest["nodes"][node]["raw_code"]
        assert definition.dialect == "duckdb"
        if record.models[node].status is ModelStatus.SUCCEEDED:
            assert definition.compiled == manifest["nodes"][node]["compiled_code"]


async def test_a_changed_filter_and_a_reformatted_model_of_dbt(flights: LiveWorkspace) -> None:
    seats = flights.folder / "flights" / "models" / "fleet_review" / "fleet_manufacturers.sql"
    wanted: dict[str, Any] = {"environment": "flights/dev", "steps": ["run --select fleet_manufacturers stg_planes"]}
    first = await flights.ended((await flights.start(None, **wanted)).id, _LIMIT_S)
    original = seats.read_text()
    seats.write_text(f"-- who builds them\n{original}\n\n")
    second = await flights.ended((await flights.start(None, **wanted)).id, _LIMIT_S)
    seats.write_text(f"select *, 1 as one from (\n{original}\n) as before\nwhere 1 = 1")
    third = await flights.ended((await flights.start(None, **wanted)).id, _LIMIT_S)

    async with StoreReader.open(flights.paths.database) as reader:
        record, lineage = await _record(reader, third)
        node = _named(lineage, "fleet_manufacturers")
        reading = Reading(flights.paths, reader, SqlHere())
        formatted = await read_definition_changes(reading, second, node)
        changed = await read_definition_changes(reading, third, node)
        schema = await read_schema(reading, third, lineage, node)
        untouched = await read_definition_changes(reading, third, _named(lineage, "stg_planes"))

    assert {model.status for model in record.models.values()} == {ModelStatus.SUCCEEDED}
    assert formatted.previous is not None
    assert (formatted.previous.run_id, formatted.previous.kind) == (first.id, "formatting")
    assert "+-- who builds them" in formatted.previous.source.lines
    assert changed.previous is not None
    assert changed.last_good is not None
    assert (changed.previous.kind, changed.last_good.run_id) == ("changed", second.id)
    assert untouched.previous is not None
    assert untouched.previous.kind == "same"
    assert schema.against == second.id
    assert [(column.name, column.change) for column in schema.columns if column.change] == [("one", "added")]


async def test_a_plan_of_sqlmesh(flights: LiveWorkspace) -> None:
    # Without data: all tables are made, and with them all definitions are told, in seconds.
    run = await flights.start(
        None,
        environment="flights_mesh/prod",
        kind="plan",
        steps=["plan --empty-backfill"],
        options=RunOptions(apply=True, skip_tests=True),
    )
    run = await flights.ended(run.id, _LIMIT_S)
    assert run.status is RunStatus.COMPLETED, run.status_reason
    said = sqlmesh_says(flights.folder / "flights_mesh", "lineage")

    async with StoreReader.open(flights.paths.database) as reader:
        _, lineage = await _record(reader, run)
        columns = RunColumns(Reading(flights.paths, reader, SqlHere()), run, lineage)
        known = {node: await columns.of(node) for node in lineage.nodes}
        trace = await trace_column(columns, _named(lineage, "raw.airlines"), "carrier_name")
        key = await trace_column(columns, _named(lineage, "raw.airlines"), "carrier_code")

    assert differences(lineage, said["parents"], said["children"]) == []
    assert len(said["columns"]) > 10

    # Every column of every model has the very sources that SQLMesh's own lineage gives it.
    assert column_differences(lineage, known, said["columns"]) == []
    assert {(step.name, step.column) for step in trace.users} >= {
        ("marts.carrier_daily", "carrier_name"),
        ("marts.carrier_monthly", "carrier_name"),
    }

    # No column is made of it, but a model would break without it.
    assert key.users == ()
    assert [(each.name, each.ways) for each in key.used_in] == [("marts.carrier_daily", ("join",))]
