"""Runs of a small SQLMesh project with their definitions: raw.flights → core.flights → marts.late, and marts.board."""

from collections.abc import Mapping
from pathlib import Path

from store.definitions import RecordedDefinition, definition_file, executed_file
from store.events import Column, Graph, GraphNode, ModelFinished
from store.paths import WorkspacePaths
from store.status import ModelStatus, RunStatus
from store.writes import StoreWriter
from tests.store.making import finished, happen, moment, request, started

_PARENTS = {"raw.flights": "", "core.flights": "raw.flights", "marts.late": "core.flights", "marts.board": "marts.late"}

QUERIES = {
    "core.flights": 'SELECT "f"."carrier" AS "carrier", "f"."delay" AS "minutes" FROM "w"."raw"."flights" AS "f"',
    "marts.late": """SELECT "c"."carrier" AS "carrier", SUM("c"."minutes") AS "late"
FROM "w"."core"."flights" AS "c" WHERE "c"."minutes" > 15 GROUP BY "c"."carrier\"""",
    "marts.board": 'SELECT "l"."late" AS "worst" FROM "w"."marts"."late" AS "l"',
}
TYPES = {
    "core.flights": {"carrier": "TEXT", "minutes": "INT"},
    "marts.late": {"carrier": "TEXT", "late": "BIGINT"},
    "marts.board": {"worst": "BIGINT"},
}


def fqn(name: str) -> str:
    """SQLMesh's unique name."""
    return ".".join(f'"{part}"' for part in ("w", *name.split(".")))


def graph(*selected: str) -> Graph:
    """The project as a run sees it that executes these models; SQLMesh tells no columns in a run."""
    nodes = tuple(
        GraphNode(
            model=fqn(name),
            name=name,
            kind="model",
            parents=tuple(map(fqn, parents.split())),
            selected=name in selected,
            materialized="full" if parents else "external",
            dialect="duckdb",
            relation=fqn(name),
            owner="anna",
            tags=("core",),
        )
        for name, parents in _PARENTS.items()
    )
    return Graph(ts=moment(1), nodes=nodes)


async def execute(
    writer: StoreWriter,
    paths: WorkspacePaths,
    run_id: int,
    queries: Mapping[str, str] = QUERIES,
    types: Mapping[str, Mapping[str, str]] = TYPES,
    failed: str | None = None,
    **changes: object,
) -> None:
    """A run that executes the models of `queries`, of which one may fail."""
    await writer.create_run(request(run_id, **({"tool": "sqlmesh"} | changes)))
    ended = [
        ModelFinished(
            ts=moment(run_id * 10),
            model=fqn(name),
            status=ModelStatus.FAILED if name == failed else ModelStatus.SUCCEEDED,
            duration_s=float(run_id),
        )
        for name in queries
    ]
    await happen(writer, run_id, started(run_id), graph(*queries), *ended, finished(RunStatus.COMPLETED, run_id * 10))
    for name, query in queries.items():
        columns = tuple(Column(name=column, type=kind) for column, kind in types.get(name, {}).items())
        _write(paths, run_id, RecordedDefinition(
            model=fqn(name), name=name, dialect="duckdb", definition=f"MODEL (name {name});\n\n{query}", query=query,
            columns=columns,
        ))  # fmt: skip


def _write(paths: WorkspacePaths, run_id: int, recorded: RecordedDefinition) -> None:
    files = paths.run(run_id)
    for file, text in (
        (definition_file(files, recorded.model), recorded.model_dump_json()),
        (executed_file(files, recorded.model), f"INSERT INTO t {recorded.query}\n"),
    ):
        file.parent.mkdir(parents=True, exist_ok=True)
        Path(file).write_text(text)
