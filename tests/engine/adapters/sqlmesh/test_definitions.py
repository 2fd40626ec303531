"""What a run executed, kept as files of the run."""

from pathlib import Path

import pytest

from engine.adapters.sqlmesh.adapter import SqlMeshAdapter
from engine.adapters.sqlmesh.definitions import DefinitionFiles
from store.definitions import RecordedDefinition, definition_file, executed_file
from store.events import Column
from store.paths import RunPaths

MODEL = '"warehouse"."sales"."orders"'


@pytest.fixture
def paths(tmp_path: Path) -> RunPaths:
    return RunPaths(tmp_path)


def test_a_definition_is_kept_as_it_was_told(paths: RunPaths) -> None:
    DefinitionFiles(paths).hear(
        {
            "type": "definition", "ts": "2026-11-22T04:00:00.000Z", "model": MODEL, "name": '"sales"."orders"',
            "dialect": "duckdb", "language": "sql", "definition": "MODEL (name sales.orders)", "query": "SELECT 1 AS n",
            "columns": [{"name": "n", "type": "INT", "description": None}],
        }
    )  # fmt: skip
    file = definition_file(paths, MODEL)
    assert file == paths.target / "definitions" / "warehouse.sales.orders.json"
    assert RecordedDefinition.model_validate_json(file.read_bytes()) == RecordedDefinition(
        model=MODEL, name="sales.orders", dialect="duckdb", definition="MODEL (name sales.orders)",
        query="SELECT 1 AS n", columns=(Column(name="n", type="INT"),),
    )  # fmt: skip


def test_the_statement_that_wrote_a_model_is_kept_when_it_is_done(paths: RunPaths) -> None:
    files = DefinitionFiles(paths)
    files.hear({"type": "model_finished", "model": MODEL, "statement": None})
    files.hear({"type": "batch_finished", "model": MODEL})
    assert not paths.target.exists()
    files.hear({"type": "model_finished", "model": MODEL, "statement": "INSERT INTO orders SELECT 1"})
    assert executed_file(paths, MODEL).read_text() == "INSERT INTO orders SELECT 1\n"


def test_both_are_artifacts(paths: RunPaths) -> None:
    files = DefinitionFiles(paths)
    files.hear({"type": "definition", "model": MODEL, "name": "sales.orders", "columns": []})
    files.hear({"type": "model_finished", "model": MODEL, "statement": "SELECT 1"})
    assert [(file.relative_to(paths.folder).as_posix(), kind) for file, kind in SqlMeshAdapter().artifacts(paths)] == [
        ("target/definitions/warehouse.sales.orders.json", "definition"),
        ("target/executed/warehouse.sales.orders.sql", "run"),
    ]


def test_a_name_leads_nowhere_else(paths: RunPaths) -> None:
    file = definition_file(paths, '"../../etc"."x/../y"')
    assert file.resolve().parent == (paths.target / "definitions").resolve()
