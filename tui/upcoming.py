"""The next fires of schedules, as the list of runs shows them: runs that are yet to come. Values in, values out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from rich.text import Text

from store import wording
from store.filters import RunFilter
from store.fires import next_fire
from store.models import Job
from store.status import RunStatus
from store.text import one_line
from tui import formats
from tui.activity_filter import ActivityFilter
from tui.overview import Place

_MOST = 8
_MOST_WHEN_LOW = 3


@dataclass(frozen=True, slots=True)
class NextFire:
    """When a job's schedule starts it next."""

    job: Job
    at: datetime


def most_upcoming(chosen: ActivityFilter, low: bool) -> int:
    """How many next fires may stand above the runs: all there is room for where they are asked for, else few.

    Among all runs only the soonest stand, lest what has happened be pushed down; on a `low` screen that is one.
    """
    statuses = chosen.parsed.statuses
    if chosen.tab not in ("all", "active") or (statuses and RunStatus.SCHEDULED not in statuses):
        return 0
    if chosen.kind == "scheduled" or statuses == {RunStatus.SCHEDULED}:
        return _MOST
    if not chosen.newest_first:
        return 0
    if chosen.tab == "active":
        return _MOST_WHEN_LOW if low else _MOST
    return 1 if low else _MOST_WHEN_LOW


def upcoming(jobs: Iterable[Job], chosen: ActivityFilter, place: Place, now: datetime, low: bool) -> list[NextFire]:
    """The next fires of the jobs that the filter lets through, the soonest last, next to what has happened."""
    most = most_upcoming(chosen, low)
    if not most:
        return []
    wanted = chosen.at(place)
    fires = [NextFire(job, at) for job in jobs if _fits(job, wanted) and (at := next_fire(job, now)) is not None]
    return sorted(fires, key=lambda fire: (fire.at, fire.job.project, fire.job.name), reverse=True)[-most:]


def _fits(job: Job, wanted: RunFilter) -> bool:
    place = f"{job.project}/{job.environment}"
    searched = f"{job.name} {place} {job.kind} scheduled schedule".lower()
    return (
        wanted.project in (None, job.project)
        and wanted.environment in (None, job.environment)
        and wanted.job in (None, job.name)
        and wanted.author is wanted.cause is wanted.handling is None
        and not wanted.archived
        and (not wanted.triggers or "schedule" in wanted.triggers)
        and (not wanted.kinds or job.kind in wanted.kinds)
        and all(word.lower() in searched for word in wanted.words)
    )


def fire_cells(fire: NextFire, now: datetime, zone: tzinfo | None) -> dict[str, Text]:
    """What the table says of it, by the columns of runs."""
    job = fire.job
    return {
        "status": formats.status_text(RunStatus.SCHEDULED),
        "job": Text(one_line(job.name)),
        "environment": Text(f"{job.project}/{job.environment}"),
        "kind": Text(job.kind, formats.MUTED),
        "started": Text(wording.relative_time(fire.at, now)),
        "trigger": Text("schedule", formats.MUTED),
        "at": Text(wording.short_time(fire.at, now, zone), formats.MUTED),
    }
