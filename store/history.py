"""What is usual: how long models and runs took when they went well before, and how models and jobs fared lately."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from sqlite3 import Row
from statistics import median
from typing import NamedTuple

import aiosqlite

from store.clock import from_microseconds
from store.models import ModelExecution, Run, RunOptions
from store.status import TERMINAL, ModelStatus, RunStatus

SAMPLES = 10
"""How many successes make up what is usual."""

_RUNS_LOOKED_AT = 500
"""How far back comparable runs of a job are looked for."""


@dataclass(frozen=True, slots=True)
class UsualDurations:
    """Medians of the last successes, in seconds; what never succeeded before is not in it.

    `models` are for the whole model, `batches` for one batch of a model that is built in batches.
    """

    models: Mapping[str, float] = field(default_factory=dict)
    run_s: float | None = None
    batches: Mapping[str, float] = field(default_factory=dict)

    def of(self, model: ModelExecution) -> float | None:
        """What is usual for as much of a model as this execution builds: a repair may load one batch of forty."""
        a_batch = self.batches.get(model.model)
        return a_batch * model.batches if a_batch is not None and model.batches else self.models.get(model.model)


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

    Of each model its last ten successes count, of the job its last ten successes that had the same to build.
    """
    values = {"run": run.id, "place": f"{run.project}/{run.environment}", "samples": SAMPLES}
    async with connection.execute(_MODELS, values) as cursor:
        samples = {row["model"]: json.loads(row["samples"]) for row in await cursor.fetchall()}
    return UsualDurations(
        models={model: median(seconds for seconds, _ in found) for model, found in samples.items() if found},
        run_s=await _usual_of_run(connection, run),
        batches={
            model: median(seconds / (batches or 1) for seconds, batches in found)
            for model, found in samples.items()
            if any(batches for _, batches in found)
        },
    )


async def _usual_of_run(connection: aiosqlite.Connection, run: Run) -> float | None:
    values = _place(run) | {"job": run.job, "kind": run.kind, "looked_at": _RUNS_LOOKED_AT}
    async with connection.execute(_RUNS, values) as cursor:
        earlier = await cursor.fetchall()
    comparable = (
        row["seconds"] for row in earlier if is_comparable(RunOptions.model_validate_json(row["options"]), run.options)
    )
    taken = list(islice(comparable, SAMPLES))
    return median(taken) if taken else None


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


def is_comparable(options: RunOptions, others: RunOptions) -> bool:
    """Whether two runs of a job had the same to do, so that one tells how long the other takes."""
    return _extent(options) == _extent(others)


def _extent(options: RunOptions) -> tuple[object, ...]:
    return (
        *(options.select, options.exclude, options.full_refresh, options.apply),
        *(options.start, options.end, options.restate, options.repair_of is None),
    )


def _place(run: Run) -> dict[str, object]:
    return {"run": run.id, "project": run.project, "environment": run.environment}


def _past(row: Row) -> PastExecution:
    return PastExecution(
        run_id=row["run_id"],
        status=ModelStatus(row["status"]),
        started_at=None if row["started_at"] is None else from_microseconds(row["started_at"]),
        duration_s=row["duration_s"],
        rows=row["rows"],
    )


# Goes from model to model along the index that holds the successes of an environment, and no further back in each than
# it must: however many runs there were of other models, or of this one, in between.
_MODELS = """
    WITH RECURSIVE known (model) AS (
        SELECT min(model) FROM model_executions WHERE succeeded_in = :place
        UNION ALL
        SELECT (SELECT min(model) FROM model_executions WHERE succeeded_in = :place AND model > known.model)
        FROM known WHERE known.model IS NOT NULL
    )
    SELECT model, (
        SELECT json_group_array(json_array(duration_s, batches)) FROM (
            SELECT duration_s, batches FROM model_executions
            WHERE succeeded_in = :place AND model = known.model AND run_id < :run
            ORDER BY run_id DESC LIMIT :samples
        )
    ) AS samples
    FROM known WHERE model IS NOT NULL"""

_RUNS = f"""
    SELECT (finished_at - started_at) / 1e6 AS seconds, options FROM (
        SELECT * FROM runs
        WHERE project = :project AND environment = :environment AND job IS :job AND id < :run
        ORDER BY id DESC LIMIT :looked_at
    )
    WHERE status IN ('{RunStatus.COMPLETED}', '{RunStatus.PARTIAL}') AND kind = :kind AND started_at IS NOT NULL
    AND models_succeeded + audits_passed + audits_warned > 0
    ORDER BY id DESC"""

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
            AND job = json_extract(wanted.value, '$[2]') AND status IN ({_ENDED}) AND NOT preview
            ORDER BY id DESC LIMIT :limit
        )
    ) FROM json_each(:jobs) AS wanted"""
