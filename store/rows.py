"""Turns rows of the database into nouns."""

import json
import sqlite3
import zlib
from collections.abc import Sequence
from typing import Any

from store.clock import from_microseconds
from store.models import (
    Audit,
    Counts,
    InterruptedInterval,
    ModelExecution,
    NoticeRecord,
    Phase,
    Run,
    RunGraph,
    RunOptions,
    Step,
)

_TIMES = ("created_at", "queued_at", "started_at", "finished_at", "starts_at", "scheduled_for", "acknowledged_at")
_COUNTS = tuple(Counts.model_fields)
RUN_COLUMNS = ", ".join(
    [f'"{field}"' for field in Run.model_fields if field != "counts"] + [f'"{count}"' for count in _COUNTS]
)
STEP_COLUMNS = ", ".join(Step.model_fields)
MODEL_COLUMNS = ", ".join(ModelExecution.model_fields)
AUDIT_COLUMNS = ", ".join(Audit.model_fields)


def _values(row: sqlite3.Row, json_fields: Sequence[str]) -> dict[str, Any]:
    values = dict(row)
    for field in _TIMES:
        if values.get(field) is not None:
            values[field] = from_microseconds(values[field])
    for field in json_fields:
        values[field] = json.loads(values[field])
    return values


def to_run(row: sqlite3.Row) -> Run:
    """A row of `RUN_COLUMNS`."""
    values = _values(row, ("addresses",))
    counts = Counts.model_construct(**{name: values.pop(name) for name in _COUNTS})
    options = RunOptions.model_validate_json(values.pop("options"))
    return Run(**values, counts=counts, options=options)


def to_step(row: sqlite3.Row) -> Step:
    """A row of `STEP_COLUMNS`."""
    return Step(**_values(row, ("command",)))


def to_model(row: sqlite3.Row) -> ModelExecution:
    """A row of `MODEL_COLUMNS`."""
    return ModelExecution(**_values(row, ("parents", "intervals", "timings")))


def to_audit(row: sqlite3.Row) -> Audit:
    """A row of `AUDIT_COLUMNS`."""
    values = _values(row, ("arguments",))
    since = values["interval_start"]
    return Audit(**values | {"interval_start": from_microseconds(since) if since else None})


def to_notice(row: sqlite3.Row) -> NoticeRecord:
    """A row with at, level and text."""
    return NoticeRecord(at=from_microseconds(row["at"]), level=row["level"], text=row["text"])


def to_interrupted_interval(row: sqlite3.Row) -> InterruptedInterval:
    """A row with model, start_at, end_at and repaired_by."""
    return InterruptedInterval(
        model=row["model"],
        start=from_microseconds(row["start_at"]),
        end=from_microseconds(row["end_at"]),
        repaired_by=row["repaired_by"],
    )


def to_phase(row: sqlite3.Row) -> Phase:
    """A row with the fields of a Phase."""
    return Phase(**_values(row, ()))


def to_graph(body: bytes) -> RunGraph:
    """The inverse of `from_graph`."""
    return RunGraph.model_validate_json(zlib.decompress(body))


def from_graph(graph: RunGraph) -> bytes:
    """How the table `graphs` keeps a graph."""
    return zlib.compress(graph.model_dump_json(exclude_defaults=True).encode())
