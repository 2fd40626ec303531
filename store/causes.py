"""Why runs failed: the failures of a run by their causes, and the causes of many runs with their history."""

from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row
from typing import Any

import aiosqlite

from store.clock import from_microseconds, to_iso, to_microseconds
from store.failure_statements import FailureKind
from store.filters import RunFilter

_MOST_RUNS = 10_000
"""More runs with one cause are not counted each time that a run is looked at."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that failed in a run. `node` is the unique name of the model or audit, or the step's position."""

    kind: FailureKind
    node: str
    cause: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A run in which a cause was seen, and when that run was asked for."""

    run_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause. `count` failures in `runs` runs were looked at; `first` and `last` are of the whole history."""

    key: str
    pattern: str
    sentence: str
    count: int
    runs: int
    first: Seen
    last: Seen


async def failures_of(connection: aiosqlite.Connection, run_id: int) -> list[Failure]:
    """What failed in a run: models, audits, then the step or the run itself where that is all there is."""
    sql = """SELECT kind, node, fingerprint, sentence FROM failures WHERE run_id = ?
             ORDER BY kind = 'audit', kind IN ('step', 'run'), node, interval_start"""
    async with connection.execute(sql, (run_id,)) as cursor:
        return [Failure(*row) for row in await cursor.fetchall()]


async def causes_of(connection: aiosqlite.Connection, run_id: int) -> list[Cause]:
    """The causes of one run's failures, the commonest first; `runs` counts all that failed so, up to ten thousand."""
    values = {"run": run_id}
    async with connection.execute(_OF_RUN, values) as cursor:
        return [_cause(row) for row in await cursor.fetchall()]


async def causes_among(
    connection: aiosqlite.Connection, wanted: RunFilter, last: int | None, since: datetime | None
) -> list[Cause]:
    """The causes among the runs that a filter lets through, what was seen last first.

    With `last` only so many runs, the newest, are looked at, with `since` only those that were asked for then or later.
    """
    where, values = wanted.where()
    if since is not None:
        where, values = f"{where} AND created_at >= ?", [*values, to_microseconds(since)]
    chosen = f"SELECT id FROM runs WHERE {where} ORDER BY id DESC LIMIT ?"
    async with connection.execute(_AMONG.format(chosen=chosen), [*values, -1 if last is None else last]) as cursor:
        return [_cause(row) for row in await cursor.fetchall()]


def _cause(row: Row) -> Cause:
    return Cause(
        key=row["fingerprint"],
        pattern=row["pattern"],
        sentence=row["sentence"],
        count=row["count"],
        runs=row["runs"],
        first=Seen(row["first_run"], from_microseconds(row["first_at"])),
        last=Seen(row["last_run"], from_microseconds(row["last_at"])),
    )


_HISTORY = """
    (SELECT min(run_id) FROM failures AS f WHERE f.fingerprint = found.fingerprint) AS first_run,
    (SELECT max(run_id) FROM failures AS f WHERE f.fingerprint = found.fingerprint) AS last_run"""

_WITH_TIMES = """
    SELECT history.*, first.created_at AS first_at, last.created_at AS last_at
    FROM ({history}) AS history
    JOIN runs AS first ON first.id = history.first_run JOIN runs AS last ON last.id = history.last_run
    ORDER BY {order}"""

_OF_RUN = _WITH_TIMES.format(
    history=f"""
        SELECT found.*,
               (SELECT count(*) FROM (SELECT DISTINCT run_id FROM failures AS f
                WHERE f.fingerprint = found.fingerprint LIMIT {_MOST_RUNS})) AS runs,
               {_HISTORY}
        FROM (SELECT fingerprint, pattern, min(sentence) AS sentence, count(*) AS count
              FROM failures WHERE run_id = :run GROUP BY fingerprint) AS found""",
    order="count DESC, fingerprint",
)

# SQLite takes the columns beside a lone max() from the row that has it: the sentence of the latest run.
_AMONG = _WITH_TIMES.format(
    history=f"""
        SELECT found.*, {_HISTORY}
        FROM (SELECT fingerprint, pattern, sentence, count(*) AS count, count(DISTINCT run_id) AS runs,
                     max(run_id) AS latest
              FROM failures WHERE run_id IN ({{chosen}}) GROUP BY fingerprint) AS found""",
    order="latest DESC, count DESC, fingerprint",
)


def cause_json(cause: Cause) -> dict[str, Any]:
    """A cause with its counts and its history, as JSON."""
    return {
        "cause": cause.key,
        "failures": cause.count,
        "runs": cause.runs,
        "first_seen": _seen(cause.first),
        "last_seen": _seen(cause.last),
        "pattern": cause.pattern,
        "example": cause.sentence,
    }


def _seen(seen: Seen) -> dict[str, Any]:
    return {"run": seen.run_id, "at": to_iso(seen.at)}
