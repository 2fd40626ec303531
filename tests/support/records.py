"""What the store says of a run, in a form that two runs can be compared by."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from store.reads import StoreReader

Rows = dict[str, list[dict[str, Any]]]

OF_THE_MOMENT = frozenset(
    {"created_at", "started_at", "finished_at", "queued_at", "at", "duration_s", "timings", "pid", "pid_started"}
    | {"process_group", "thread", "size", "version"}
)
"""What differs between two runs that did the same: times, processes, the sizes of files that hold times, and the
version of the project's folder, in which a test leaves its signs."""
COUNTERS = frozenset({"change"})
"""What differs between two stores that were told the same."""


async def record_of(database: Path, run_id: int, without: Collection[str]) -> Rows:
    """Every row of a run, in an order that does not depend on times, without the named fields."""
    async with StoreReader.open(database) as reader:
        tables: dict[str, list[BaseModel]] = {
            "run": [await reader.run(run_id)],
            "steps": [*await reader.steps(run_id)],
            "models": [*await reader.models(run_id)],
            "audits": [*await reader.audits(run_id)],
            "artifacts": [*await reader.artifacts(run_id)],
            "notices": [*await reader.notices(run_id)],
            "changes": [*await reader.changes(run_id)],
        }
        graph = await reader.graph(run_id)
        # Their order is that in which dbt happened to read the files.
        tables |= {"graph_nodes": [*graph.nodes], "graph_audits": [*graph.audits]}
    return {table: sorted((_row(row, without) for row in rows), key=repr) for table, rows in tables.items()}


def _row(row: BaseModel, without: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in row.model_dump().items() if name not in without}
