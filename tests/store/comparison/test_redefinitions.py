"""Which definitions are only formatted otherwise, of both tools, and how they differ from run to run."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from store.comparison.compared import Comparison
from store.comparison.comparison_json import comparison_json
from store.comparison.reading import read_comparison
from store.comparison.redefinitions import read_steps, tell_formatting
from store.definitions import RecordedDefinition, definition_file
from store.events import Graph, GraphNode, ModelFinished
from store.lineage.reading import Reading
from store.lineage.sql_process import SqlHere
from store.lineage.sql_requests import SqlProblem
from store.paths import RunPaths, WorkspacePaths
from store.reads import StoreReader
from store.sql_difference import SqlDifference
from store.status import ModelStatus
from store.writes import StoreWriter
from tests.store.making import finished, happen, moment, request, started

NODE = "model.p.orders"
DBT = "select id, amount from {{ ref('raw') }} where amount > 1"
DBT_FORMATTED = "SELECT id,\n  amount -- in cents\nFROM {{ ref('raw') }}\nWHERE amount > 1\n"
MESH = "MODEL (name shop.orders, kind FULL);\n\nSELECT id, amount a FROM raw WHERE amount > 1"
MESH_FORMATTED = (
    "MODEL (\n  name shop.orders, -- ours\n  kind FULL\n);\n\nselect id,\n  amount as a\nfrom raw\nwhere amount > 1"
)
PYTHON = "def model(dbt, session):\n    return session.sql('select 1')\n"


@pytest.fixture
def paths(tmp_path: Path) -> WorkspacePaths:
    made = WorkspacePaths(tmp_path)
    made.record.mkdir()
    return made


@pytest_asyncio.fixture
async def reading(paths: WorkspacePaths) -> AsyncIterator[Reading]:
    async with StoreWriter.open(paths.database), StoreReader.open(paths.database) as reader:
        yield Reading(paths, reader, SqlHere())


async def execute(paths: WorkspacePaths, run_id: int, tool: str, text: str, language: str = "sql") -> None:
    """A run of one model with this definition."""
    node = GraphNode(model=NODE, name="orders", kind="model", checksum=text if tool == "dbt" else None)
    ended = ModelFinished(ts=moment(5), model=NODE, status=ModelStatus.SUCCEEDED, duration_s=1.0)
    async with StoreWriter.open(paths.database) as writer:
        await writer.create_run(request(run_id, tool=tool))
        await happen(writer, run_id, started(), Graph(ts=moment(1), nodes=(node,)), ended, finished())
    write = _write_manifest if tool == "dbt" else _write_definition
    write(paths.run(run_id), text, language)


def _write_manifest(files: RunPaths, text: str, language: str) -> None:
    files.target.mkdir(parents=True)
    nodes = {NODE: {"language": language, "raw_code": text}}
    manifest = {"metadata": {"adapter_type": "duckdb"}, "nodes": nodes}
    (files.target / "manifest.json").write_text(json.dumps(manifest))


def _write_definition(files: RunPaths, text: str, _: str) -> None:
    file = definition_file(files, NODE)
    file.parent.mkdir(parents=True)
    file.write_text(RecordedDefinition(model=NODE, name="orders", dialect="duckdb", definition=text).model_dump_json())


async def compared(reading: Reading, *run_ids: int) -> Comparison:
    return await tell_formatting(
        reading, await read_comparison(reading.reader, reading.paths, run_ids or (1, 2), moment(99))
    )


CASES: tuple[tuple[str, str, str, SqlDifference], ...] = (
    ("dbt", DBT, DBT_FORMATTED, "formatting"),
    ("dbt", DBT, DBT.replace("> 1", "> 2"), "changed"),
    ("dbt", DBT, DBT + "\n-- depends_on: {{ ref('other') }}", "changed"),
    ("sqlmesh", MESH, MESH_FORMATTED, "formatting"),
    ("sqlmesh", MESH, MESH_FORMATTED.replace("> 1", "> 2"), "changed"),
    ("sqlmesh", MESH, MESH.replace("FULL", "VIEW"), "changed"),
)


@pytest.mark.parametrize(("tool", "before", "after", "expected"), CASES)
async def test_spaces_and_comments_are_formatting_and_a_filter_is_not(
    reading: Reading, tool: str, before: str, after: str, expected: SqlDifference
) -> None:
    await execute(reading.paths, 1, tool, before)
    await execute(reading.paths, 2, tool, after)
    found = await compared(reading)
    assert [row.definition for row in found.rows] == [expected]
    (row,) = comparison_json(found, moment(99))["rows"]
    assert (row["differs"], row["definition"]) == (True, expected)
    assert row["runs"][1]["redefined"] == (expected == "changed")


async def test_each_run_is_held_against_the_first(reading: Reading) -> None:
    for run_id, text in enumerate((DBT, DBT_FORMATTED, DBT, DBT.replace("> 1", "> 2")), 1):
        await execute(reading.paths, run_id, "dbt", text)
    (row,) = (await compared(reading, 1, 2, 3, 4)).rows
    assert [cell.definition for cell in row.cells if cell] == ["same", "formatting", "same", "changed"]


async def test_python_is_compared_as_python(reading: Reading) -> None:
    indented = PYTHON.replace("    return", "    if dbt:\n        return")
    for run_id, text in enumerate((PYTHON, f"# ours\n{PYTHON}", indented), 1):
        await execute(reading.paths, run_id, "dbt", text, "python")
    (row,) = (await compared(reading, 1, 2, 3)).rows
    assert [cell.definition for cell in row.cells if cell] == ["same", "formatting", "changed"]


async def test_what_nobody_can_tell_counts_as_changed(reading: Reading) -> None:
    class Broken(SqlHere):
        async def difference(self, before: str, after: str, dialect: str | None) -> SqlDifference:
            raise SqlProblem("It is too large.")

    await execute(reading.paths, 1, "dbt", DBT)
    await execute(reading.paths, 2, "dbt", DBT_FORMATTED)
    (row,) = (await compared(replace(reading, sql=Broken()))).rows
    assert row.definition == "changed"
    (reading.paths.run(1).target / "manifest.json").unlink()
    (row,) = (await compared(reading)).rows
    assert row.definition == "changed"


async def test_from_run_to_run_it_is_said_how_the_text_differs(reading: Reading) -> None:
    for run_id, text in enumerate((DBT, DBT_FORMATTED, DBT.replace("> 1", "> 2")), 1):
        await execute(reading.paths, run_id, "dbt", text)
    runs = [await reading.reader.run(run_id) for run_id in (1, 2, 3)]
    steps = await read_steps(reading, runs, NODE)
    assert [(step.before, step.after, step.difference) for step in steps] == [(1, 2, "formatting"), (2, 3, "changed")]
    assert "-WHERE amount > 1" in steps[1].lines
    assert await read_steps(reading, runs[:1], NODE) == []
