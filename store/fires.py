"""The moments at which a job's own schedule starts it: pure."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import takewhile
from zoneinfo import ZoneInfo

from store.models import Job

_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)


def is_scheduled(job: Job) -> bool:
    """Whether the job has a schedule of its own."""
    return job.schedule is not None or job.every_s is not None


def schedule_text(job: Job) -> str:
    """The schedule as people read it, empty for a job without one: `0 3 * * * Europe/Berlin`, `every 900s`."""
    if job.schedule is not None:
        return f"{job.schedule} {job.timezone}" if job.timezone else job.schedule
    return f"every {job.every_s:g}s" if job.every_s is not None else ""


def fires(job: Job, after: datetime) -> Iterator[datetime]:
    """The fires of a job later than `after`, soonest first, in UTC; none where it has no schedule.

    Cron is read on the clock of the job's zone, over changes of daylight saving time by Debian's rules. `every` counts
    from midnight UTC of 1970-01-01, so that fires are the same whenever anybody asks.
    """
    if job.schedule is not None:
        # Loading this takes a while, which whoever has no cron schedule need not wait for.
        from cronsim import CronSim

        local = after.astimezone(_zone(job.timezone) if job.timezone else UTC)
        yield from (moment.astimezone(UTC) for moment in CronSim(job.schedule, local))
    elif job.every_s is not None:
        period = timedelta(seconds=job.every_s)
        moment = _BEGIN + ((after - _BEGIN) // period + 1) * period
        while True:
            yield moment
            moment += period


def load_zones(jobs: Iterable[Job]) -> None:
    """Reads the time zones of these jobs from their files, so that nobody who asks for fires later has to wait."""
    for job in jobs:
        if job.timezone:
            _zone(job.timezone)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def next_fire(job: Job, after: datetime) -> datetime | None:
    """The first fire later than `after`; None where there is none."""
    return next(fires(job, after), None)


def fires_between(job: Job, after: datetime, until: datetime) -> list[datetime]:
    """The fires later than `after` and up to `until`."""
    return list(takewhile(lambda moment: moment <= until, fires(job, after)))
