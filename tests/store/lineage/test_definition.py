"""What a run executed of a model, how that differs from earlier runs, and its columns."""

import json
from typing import Any

from store.events import Graph, GraphNode, ModelFinished
from store.lineage.definition import read_compiled, read_definition
from store.lineage.definition_changes import DefinitionChanges, read_definition_changes
from store.lineage.graph import lineage_of
from store.lineage.reading import Reading
from store.lineage.schema import Schema, read_schema
from store.paths import WorkspacePaths
from store.status import ModelStatus, RunStatus
from store.writes import StoreWriter
from tests.store.lineage.recorded_runs import QUERIES, TYPES, execute, fqn
from tests.store.making import finished, happen, moment, request, started

LATE = fqn("marts.late")


async def changes(reading: Reading, run_id: int, node: str = LATE) -> DefinitionChanges:
    return await read_definition_changes(reading, await reading.reader.run(run_id), node)


async def schema(reading: Reading, run_id: int, node: str = LATE) -> Schema:
    run = await reading.reader.run(run_id)
    return await read_schema(reading, run, lineage_of(await reading.reader.graph(run_id)), node)


async def test_the_definition_as_it_was_executed(writer: StoreWriter, paths: WorkspacePaths, reading: Reading) -> None:
    await execute(writer, paths, 1)
    found = await read_definition(reading, await reading.reader.run(1), LATE)
    assert (found.run_id, found.language, found.dialect, found.note) == (1, "sql", "duckdb", "")
    assert found.source == f"MODEL (name marts.late);\n\n{QUERIES['marts.late']}"
    assert found.compiled == QUERIES["marts.late"]
    assert (found.statement or "").startswith("INSERT INTO t SELECT")


async def test_of_a_model_that_was_not_executed_it_is_that_of_the_last_time(
    writer: StoreWriter, paths: WorkspacePaths, reading: Reading
) -> None:
    await execute(writer, paths, 1)
    await execute(writer, paths, 2, {})
    found = await read_definition(reading, await reading.reader.run(2), LATE)
    assert (found.run_id, found.note) == (1, "As it was last executed here, in #1.")
    unknown = await read_definition(reading, await reading.reader.run(2), fqn("raw.flights"))
    assert unknown.source is None
    assert unknown.note.startswith("No run of this environment executed it")


async def test_the_definition_of_another_model_of_the_same_file_name_is_not_taken(
    writer: StoreWriter, paths: WorkspacePaths, reading: Reading
) -> None:
    await execute(writer, paths, 1, {"marts.late!": QUERIES["marts.late"]})
    found = await read_definition(reading, await reading.reader.run(1), fqn("marts.late?"))
    assert found.source is None


async def test_comments_and_layout_are_formatting_and_a_filter_is_a_change(
    writer: StoreWriter, paths: WorkspacePaths, reading: Reading
) -> None:
    query = QUERIES["marts.late"]
    await execute(writer, paths, 1)
    await execute(writer, paths, 2, {"marts.late": f"/* those that matter */\n{query}"})
    await execute(writer, paths, 3, {"marts.late": query.replace("> 15", "> 30")}, failed="marts.late")
    await execute(writer, paths, 4, {"marts.late": query.replace("> 15", "> 30")})

    formatted = (await changes(reading, 2)).previous
    assert formatted is not None
    assert (formatted.run_id, formatted.kind) == (1, "formatting")
    assert "+/* those that matter */" in formatted.source.lines

    changed = await changes(reading, 4)
    assert changed.previous is not None
    assert changed.last_good is not None
    assert (changed.previous.run_id, changed.previous.kind, changed.previous.source.lines) == (3, "same", ())
    assert (changed.last_good.run_id, changed.last_good.kind) == (2, "changed")
    assert [line for line in changed.last_good.compiled.lines if line.startswith("+")] == [
        '+FROM "w"."core"."flights" AS "c" WHERE "c"."minutes" > 30 GROUP BY "c"."carrier"'
    ]


async def test_the_first_run_has_nothing_to_compare_with(
    writer: StoreWriter, paths: WorkspacePaths, reading: Reading
) -> None:
    await execute(writer, paths, 1)
    found = await changes(reading, 1)
    assert (found.previous, found.last_good) == (None, None)
    assert (await schema(reading, 1)).against is None


async def test_a_run_that_was_skipped_is_none_to_compare_with(
    writer: StoreWriter, paths: WorkspacePaths, reading: Reading
) -> None:
    await execute(writer, paths, 1)
    await writer.create_run(request(2, tool="sqlmesh"))
    await happen(writer, 2, finished(RunStatus.SKIPPED, 20))
    await execute(writer, paths, 3, types=TYPES | {"marts.late": {"carrier": "INT", "late": "BIGINT"}})

    told = await changes(reading, 3)
    assert told.previous is not None
    assert (told.previous.run_id, told.previous.kind) == (1, "same")
    retyped = {column.name: column.change for column in (await schema(reading, 3)).columns}
    assert retyped["carrier"] == "retyped"


async def test_columns_against_the_previous_run(writer: StoreWriter, paths: WorkspacePaths, reading: Reading) -> None:
    await execute(writer, paths, 1)
    types = TYPES | {"marts.late": {"late": "DOUBLE", "flights": "BIGINT"}}
    query = QUERIES["marts.late"].replace('"c"."carrier" AS "carrier", ', "").replace(
        'AS "late"', 'AS "late", COUNT(*) AS "flights"'
    )  # fmt: skip
    await execute(writer, paths, 2, QUERIES | {"marts.late": query}, types)
    found = await schema(reading, 2)
    assert (found.against, found.note) == (1, "")
    assert [(each.name, each.type, each.change, each.former_type) for each in found.columns] == [
        ("late", "DOUBLE", "retyped", "BIGINT"),
        ("flights", "BIGINT", "added", None),
        ("carrier", "TEXT", "removed", None),
    ]
    assert {each.change for each in (await schema(reading, 2, fqn("core.flights"))).columns} == {None}


# -- dbt ----------------------------------------------------------------------------------------------------------

PARENT, CHILD = "model.p.stg_flights", "model.p.late"


async def dbt_run(writer: StoreWriter, paths: WorkspacePaths, run_id: int, compiled: dict[str, str]) -> None:
    """A run of dbt that compiled and built these models."""
    nodes: list[dict[str, Any]] = [
        {"model": PARENT, "name": "stg_flights", "relation": '"w"."stg"."stg_flights"'},
        {"model": CHILD, "name": "late", "relation": '"w"."marts"."late"', "parents": (PARENT,),
         "columns": [{"name": "late", "description": "How many came late"}]},
    ]  # fmt: skip
    await writer.create_run(request(run_id))
    graph = Graph(
        ts=moment(1),
        nodes=tuple(GraphNode.model_validate({"kind": "model", "selected": True} | node) for node in nodes),
    )
    ended = [
        ModelFinished(ts=moment(5), model=node, status=ModelStatus.SUCCEEDED, compiled_file=f"target/{node}.sql")
        for node in compiled
    ]
    await happen(writer, run_id, started(), graph, *ended, finished())
    target = paths.run(run_id).target
    target.mkdir(parents=True)
    for node, sql in compiled.items():
        (target / f"{node}.sql").write_text(sql)
    texts = {node["model"]: {"language": "sql", "raw_code": f"-- {{{{ this }}}} {node['name']}"} for node in nodes}
    manifest = {"metadata": {"adapter_type": "duckdb"}, "nodes": texts}
    (target / "manifest.json").write_text(json.dumps(manifest))


FLIGHTS = "select carrier::text as carrier, delay::int as delay from raw.flights"
COUNTED = 'select carrier, count(*) as late from "w"."stg"."stg_flights" group by 1'


async def test_dbt_gives_the_source_from_its_manifest_and_the_query_from_its_file(
    writer: StoreWriter, paths: WorkspacePaths, reading: Reading
) -> None:
    await dbt_run(writer, paths, 1, {PARENT: FLIGHTS, CHILD: COUNTED})
    found = await read_definition(reading, await reading.reader.run(1), CHILD)
    assert (found.source, found.compiled, found.dialect) == ("-- {{ this }} late", COUNTED, "duckdb")


async def test_what_dbt_did_not_compile_is_said_and_taken_from_before_where_it_must_be_known(
    writer: StoreWriter, paths: WorkspacePaths, reading: Reading
) -> None:
    await dbt_run(writer, paths, 1, {PARENT: FLIGHTS, CHILD: COUNTED})
    await dbt_run(writer, paths, 2, {CHILD: COUNTED})
    run = await reading.reader.run(2)
    assert (await read_definition(reading, run, PARENT)).note == "This run did not compile the model."
    earlier = await read_compiled(reading, run, PARENT)
    assert (earlier.run_id, earlier.compiled) == (1, FLIGHTS)


async def test_types_follow_from_the_queries_and_descriptions_from_the_documentation(
    writer: StoreWriter, paths: WorkspacePaths, reading: Reading
) -> None:
    await dbt_run(writer, paths, 1, {PARENT: FLIGHTS, CHILD: COUNTED})
    found = await schema(reading, 1, CHILD)
    assert [(each.name, each.type, each.inferred, each.description) for each in found.columns] == [
        ("carrier", "TEXT", True, None),
        ("late", "BIGINT", True, "How many came late"),
    ]


async def test_without_a_query_only_documented_columns_are_shown_and_nothing_is_compared(
    writer: StoreWriter, paths: WorkspacePaths, reading: Reading
) -> None:
    await dbt_run(writer, paths, 1, {PARENT: FLIGHTS, CHILD: COUNTED})
    await dbt_run(writer, paths, 2, {PARENT: FLIGHTS, CHILD: "select broken from"})
    found = await schema(reading, 2, CHILD)
    assert [(each.name, each.change) for each in found.columns] == [("late", None)]
    assert found.against is None
    assert found.note.startswith("Its SQL cannot be taken apart")
    assert found.note.endswith("Only documented columns are shown.")


async def test_a_path_out_of_the_runs_folder_is_not_followed(
    writer: StoreWriter, paths: WorkspacePaths, reading: Reading
) -> None:
    secret = paths.folder / "secret.sql"
    secret.write_text("select 'secret'")
    await writer.create_run(request(1))
    ended = ModelFinished(ts=moment(5), model=CHILD, status=ModelStatus.SUCCEEDED, compiled_file="../../../secret.sql")
    node = GraphNode(model=CHILD, name="late", kind="model", selected=True)
    await happen(writer, 1, started(), Graph(ts=moment(1), nodes=(node,)), ended, finished())
    assert (await read_definition(reading, await reading.reader.run(1), CHILD)).compiled is None


async def test_dbts_catalog_tells_all_columns_where_the_run_made_one(
    writer: StoreWriter, paths: WorkspacePaths, reading: Reading
) -> None:
    await dbt_run(writer, paths, 1, {PARENT: FLIGHTS, CHILD: "select broken from"})
    columns = {
        "late": {"name": "late", "type": "HUGEINT", "index": 2, "comment": None},
        "carrier": {"name": "carrier", "type": "VARCHAR", "index": 1, "comment": "Who flew"},
    }
    (paths.run(1).target / "catalog.json").write_text(json.dumps({"nodes": {CHILD: {"columns": columns}}}))
    found = await schema(reading, 1, CHILD)
    assert [(each.name, each.type, each.inferred, each.description) for each in found.columns] == [
        ("carrier", "VARCHAR", False, "Who flew"),
        ("late", "HUGEINT", False, "How many came late"),
    ]
    assert found.note == ""
