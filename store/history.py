"""What is usual: how long models and runs took when they went well before, and how a model fared lately."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from sqlite3 import Row
from statistics import median

import aiosqlite

from store.clock import from_microseconds
from store.models import Run
from store.status import ModelStatus, RunStatus

SAMPLES = 10
"""How many successes make up what is usual."""

_RUNS_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class UsualDurations:
    """Medians of the last successes, in seconds; what never succeeded before is not in it."""

    models: Mapping[str, float] = field(default_factory=dict)
    run_s: float | None = None


@dataclass(frozen=True, slots=True)
class PastExecution:
    """How a model fared in an earlier run of the same environment."""

    run_id: int
    status: ModelStatus
    started_at: datetime | None
    duration_s: float | None
    rows: int | None


async def usual_durations(connection: aiosqlite.Connection, run: Run) -> UsualDurations:
    """What was usual before `run`, in its environment and for its job.

    Of a model the last ten successes count, among the fifty runs before at most: a bound on what is read.
    """
    values = _place(run) | {"job": run.job, "samples": SAMPLES, "looked_at": _RUNS_LOOKED_AT}
    async with connection.execute(_MODELS, values) as cursor:
        models = _medians(await cursor.fetchall())
    async with connection.execute(_RUNS, values) as cursor:
        runs = [float(row[0]) for row in await cursor.fetchall()]
    return UsualDurations(models, median(runs) if runs else None)


async def past_executions(connection: aiosqlite.Connection, run: Run, model: str, limit: int) -> list[PastExecution]:
    """The last executions of a model in the run's environment up to this run, newest first."""
    async with connection.execute(_PAST, _place(run) | {"model": model, "limit": limit}) as cursor:
        return [_past(row) for row in await cursor.fetchall()]


def _place(run: Run) -> dict[str, object]:
    return {"run": run.id, "project": run.project, "environment": run.environment}


def _medians(rows: Iterable[Row]) -> dict[str, float]:
    found: dict[str, list[float]] = {}
    for model, duration_s in rows:
        found.setdefault(model, []).append(duration_s)
    return {model: median(durations) for model, durations in found.items()}


def _past(row: Row) -> PastExecution:
    return PastExecution(
        run_id=row["run_id"],
        status=ModelStatus(row["status"]),
        started_at=None if row["started_at"] is None else from_microseconds(row["started_at"]),
        duration_s=row["duration_s"],
        rows=row["rows"],
    )


_MODELS = f"""
    SELECT model, duration_s FROM (
        SELECT model, duration_s, row_number() OVER (PARTITION BY model ORDER BY run_id DESC) AS place
        FROM model_executions
        WHERE run_id IN (SELECT id FROM runs WHERE project = :project AND environment = :environment AND id < :run
                         ORDER BY id DESC LIMIT :looked_at)
        AND status = '{ModelStatus.SUCCEEDED}' AND duration_s IS NOT NULL
    ) WHERE place <= :samples"""

_RUNS = f"""
    SELECT (finished_at - started_at) / 1e6 FROM runs
    WHERE project = :project AND job IS :job AND environment = :environment AND id < :run
    AND status IN ('{RunStatus.COMPLETED}', '{RunStatus.PARTIAL}') AND started_at IS NOT NULL
    ORDER BY id DESC LIMIT :samples"""

_PAST = """
    SELECT run_id, e.status, e.started_at, e.duration_s, e.rows
    FROM model_executions AS e JOIN runs AS r ON r.id = e.run_id
    WHERE e.model = :model AND e.run_id <= :run AND r.project = :project AND r.environment = :environment
    ORDER BY e.run_id DESC LIMIT :limit"""
