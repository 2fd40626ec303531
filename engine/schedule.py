"""Starts the jobs that have a `schedule`, each at its times and in its time zone.

A fire that passes while no engine runs is not made up for.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from cronsim import CronSim

from engine.configuration.workspace import Workspace
from engine.errors import RunroomError
from engine.protocol import StartRun
from store.clock import Clock
from store.models import Job

_logger = logging.getLogger("runroom.engine")
# The configuration may change, and a clock may be set: never sleep for longer than this.
_LONGEST_SLEEP_S = 20.0


@dataclass(frozen=True, slots=True)
class Fire:
    """A moment at which a job is to start."""

    at: datetime
    job: Job


def next_fire(job: Job, after: datetime) -> Fire | None:
    """The first fire of the job later than `after`, right over changes of daylight saving time (Debian's rules)."""
    if job.schedule is None:
        return None
    local = after.astimezone(ZoneInfo(job.timezone) if job.timezone else UTC)
    return Fire(next(CronSim(job.schedule, local)).astimezone(UTC), job)


def due(jobs: Iterable[Job], after: datetime, until: datetime) -> list[Fire]:
    """The jobs that fire in the time later than `after` and up to `until`, each once, soonest first."""
    fires = [fire for job in jobs if (fire := next_fire(job, after)) is not None and fire.at <= until]
    return sorted(fires, key=lambda fire: fire.at)


async def keep_schedule(
    workspace: Callable[[], Workspace], start: Callable[[StartRun], Awaitable[object]], clock: Clock
) -> None:
    """Goes on for as long as the engine does. A job that cannot start is logged; the others go on."""
    seen = clock()
    while True:
        now = clock()
        for fire in due(workspace().jobs, seen, now):
            await _start(fire, start)
        seen = now
        await asyncio.sleep(_pause(workspace().jobs, now))


async def _start(fire: Fire, start: Callable[[StartRun], Awaitable[object]]) -> None:
    job = fire.job
    wanted = StartRun(
        job=f"{job.project}/{job.name}", environment=f"{job.project}/{job.environment}", trigger="schedule"
    )
    try:
        await start(wanted)
    except RunroomError:
        _logger.exception("the schedule of %s/%s did not start it", job.project, job.name)


def _pause(jobs: Iterable[Job], now: datetime) -> float:
    fires = [fire.at for job in jobs if (fire := next_fire(job, now)) is not None]
    return min([_LONGEST_SLEEP_S, *(max(0.0, (at - now).total_seconds()) for at in fires)])
