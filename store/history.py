"""What is usual: how long models and runs took when they went well before, and how models and jobs fared lately."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from sqlite3 import Row
from statistics import median
from typing import NamedTuple

import aiosqlite

from store.clock import from_microseconds
from store.models import Run
from store.status import TERMINAL, ModelStatus, RunStatus

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


class JobPlace(NamedTuple):
    """A job in the environment that it ran in."""

    project: str
    environment: str
    job: str


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


async def job_outcomes(
    connection: aiosqlite.Connection, jobs: Iterable[JobPlace], limit: int
) -> dict[JobPlace, tuple[RunStatus, ...]]:
    """How the last ended runs of each job went, at most `limit` of each, the newest last."""
    async with connection.execute(_OUTCOMES, {"jobs": json.dumps(list(jobs)), "limit": limit}) as cursor:
        found = await cursor.fetchall()
    return {JobPlace(*row[:3]): tuple(RunStatus(status) for status in reversed(json.loads(row[3]))) for row in found}


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

_ENDED = ", ".join(f"'{status}'" for status in sorted(TERMINAL))

_OUTCOMES = f"""
    SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'), (
        SELECT json_group_array(status) FROM (
            SELECT status FROM runs
            WHERE project = json_extract(wanted.value, '$[0]') AND environment = json_extract(wanted.value, '$[1]')
            AND job = json_extract(wanted.value, '$[2]') AND status IN ({_ENDED})
            ORDER BY id DESC LIMIT :limit
        )
    ) FROM json_each(:jobs) AS wanted"""
