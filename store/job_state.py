"""How jobs stand beyond their configuration: paused or not, which fires are answered, which ends are followed."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

import aiosqlite

from store.clock import from_microseconds, to_microseconds
from store.models import JobPause, KeptSchedule
from store.status import TERMINAL


class JobKey(NamedTuple):
    """A job, whichever environment it runs in."""

    project: str
    job: str


async def paused_jobs(connection: aiosqlite.Connection) -> Mapping[JobKey, JobPause]:
    """The jobs that are paused now."""
    sql = "SELECT project, job, reason, author, paused_at FROM job_pauses WHERE resumed_at IS NULL"
    async with connection.execute(sql) as cursor:
        rows = [dict(row) for row in await cursor.fetchall()]
    pauses = [JobPause(**{**row, "paused_at": from_microseconds(row["paused_at"])}) for row in rows]
    return {JobKey(pause.project, pause.job): pause for pause in pauses}


async def kept_schedules(connection: aiosqlite.Connection) -> Mapping[JobKey, KeptSchedule]:
    """Up to when the fires of each schedule are answered."""
    async with connection.execute("SELECT project, job, schedule, answered_until FROM kept_schedules") as cursor:
        rows = await cursor.fetchall()
    return {
        JobKey(row[0], row[1]): KeptSchedule(schedule=row[2], answered_until=from_microseconds(row[3])) for row in rows
    }


async def answered_fires(connection: aiosqlite.Connection, key: JobKey, since: datetime) -> frozenset[datetime]:
    """The fires of a job later than `since` that a run answers already."""
    sql = "SELECT scheduled_for FROM runs WHERE project = ? AND job = ? AND scheduled_for > ?"
    async with connection.execute(sql, (*key, to_microseconds(since))) as cursor:
        return frozenset([from_microseconds(row[0]) async for row in cursor])


async def ended_unfollowed(connection: aiosqlite.Connection) -> list[int]:
    """The runs that are over, and of which it is not decided yet what follows."""
    async with connection.execute(_ENDED_UNFOLLOWED) as cursor:
        return [int(row[0]) async for row in cursor]


async def followers(connection: aiosqlite.Connection, run_id: int) -> frozenset[JobKey]:
    """The jobs that were started because this run ended."""
    async with connection.execute("SELECT project, job FROM runs WHERE caused_by = ?", (run_id,)) as cursor:
        return frozenset([JobKey(row[0], row[1]) async for row in cursor])


async def has_attempt(connection: aiosqlite.Connection, run_id: int, attempt: int) -> bool:
    """Whether this try of a run that failed is recorded."""
    sql = "SELECT 1 FROM runs WHERE rerun_of = ? AND attempt = ? AND attempt > 1"
    async with connection.execute(sql, (run_id, attempt)) as cursor:
        return await cursor.fetchone() is not None


_TERMINAL = ", ".join(f"'{status}'" for status in sorted(TERMINAL))
_ENDED_UNFOLLOWED = f"SELECT id FROM runs WHERE followed = 0 AND status IN ({_TERMINAL}) ORDER BY id"
