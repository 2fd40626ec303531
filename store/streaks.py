"""Since when a node fails: the first bad run behind the last good one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

import aiosqlite

from store.clock import from_microseconds
from store.models import Run
from store.status import AuditStatus, ModelStatus
from store.wording import counted, date_and_time

RUNS_LOOKED_AT = 1_000
"""How many runs of the environment back a streak is followed: a bound on what is read."""


@dataclass(frozen=True, slots=True)
class FailingSince:
    """The first run in which a node failed with no success of it since; `runs` counts its failures up to now.

    `last_good` is the run of its last success; None when there was none among the runs that were looked at.
    """

    run_id: int
    at: datetime
    runs: int
    last_good: int | None

    def sentence(self, zone: tzinfo | None = None) -> str:
        """`fails since #18 (2026-11-21 13:02:11), in 3 runs; it last went well in #17`, the time in `zone`."""
        good = f"it last went well in #{self.last_good}" if self.last_good else "it never went well here before"
        return f"fails since #{self.run_id} ({date_and_time(self.at, zone)}), in {counted(self.runs, 'run')}; {good}"


async def failing_since(
    connection: aiosqlite.Connection, run: Run, models: Iterable[str], audits: Iterable[str]
) -> dict[str, FailingSince]:
    """For each of these nodes that failed in `run`, since when it does, in the run's environment."""
    found: dict[str, FailingSince] = {}
    for query, nodes in ((_OF_MODEL, models), (_OF_AUDIT, audits)):
        for node in nodes:
            streak = await _streak(connection, query, run, node)
            if streak is not None:
                found[node] = streak
    return found


async def _streak(connection: aiosqlite.Connection, query: str, run: Run, node: str) -> FailingSince | None:
    place = {"run": run.id, "project": run.project, "environment": run.environment}
    async with connection.execute(query, {**place, "node": node, "looked_at": RUNS_LOOKED_AT}) as cursor:
        row = await cursor.fetchone()
    if row is None or row["first_bad"] is None:
        return None
    return FailingSince(row["first_bad"], from_microseconds(row["at"]), row["bad"], row["last_good"])


_PLACE = """SELECT id, coalesce(started_at, created_at) AS at FROM runs
            WHERE project = :project AND environment = :environment AND id <= :run
            ORDER BY id DESC LIMIT :looked_at"""
# A run in which the node was skipped or cancelled says nothing of it.
_STREAK = """
    WITH place AS ({place}),
         fared AS (SELECT place.id, place.at, {verdict} AS verdict FROM place JOIN {table} ON run_id = place.id
                   WHERE {node} = :node GROUP BY place.id),
         good AS (SELECT max(id) AS id FROM fared WHERE verdict = 'good')
    SELECT (SELECT id FROM good) AS last_good, min(fared.id) AS first_bad, min(fared.at) AS at, count(*) AS bad
    FROM fared WHERE verdict = 'bad' AND id > coalesce((SELECT id FROM good), 0)"""
_OF_MODEL = _STREAK.format(
    place=_PLACE,
    table="model_executions",
    node="model",
    verdict=f"""max(CASE model_executions.status WHEN '{ModelStatus.FAILED}' THEN 'bad'
                    WHEN '{ModelStatus.SUCCEEDED}' THEN 'good' END)""",
)
# An audit may be executed once for each interval: one failure makes the run a bad one. (`bad` < `good`.)
_OF_AUDIT = _STREAK.format(
    place=_PLACE,
    table="audits",
    node="audit",
    verdict=f"""min(CASE WHEN audits.status IN ('{AuditStatus.FAILED}', '{AuditStatus.ERROR}') THEN 'bad'
                    WHEN audits.status IN ('{AuditStatus.PASSED}', '{AuditStatus.WARNED}') THEN 'good' END)""",
)
