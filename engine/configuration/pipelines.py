"""Which job starts after which: makes full names of what is written in `after`, and refuses loops."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.configuration.names import suggestion
from engine.configuration.written import Place
from store.models import After, Job


def linked(file: Path, jobs: Sequence[Job]) -> list[Job]:
    """The jobs, each naming by `project/name` those that it comes after.

    Raises ConfigurationError for a job that is not there or may be several, and for jobs that start each other in a
    circle.
    """
    found = [_linked(Place(file, "jobs", job.name), job, jobs) for job in jobs]
    before = {_full_name(job): tuple(after.job for after in job.after) for job in found}
    for job in found:
        if circle := _circle(_full_name(job), before):
            names = " → ".join(name.rpartition("/")[2] for name in circle)
            raise Place(file, "jobs", job.name).error(f"these jobs would start each other for ever: {names}.", "after")
    return found


def _full_name(job: Job) -> str:
    return f"{job.project}/{job.name}"


def _linked(place: Place, job: Job, jobs: Sequence[Job]) -> Job:
    if not job.after:
        return job
    after = tuple(After(job=_meant(place, after.job, job.project, jobs), on=after.on) for after in job.after)
    if len({each.job for each in after}) < len(after):
        raise place.error("a job is named twice.", "after")
    return job.model_copy(update={"after": after})


def _meant(place: Place, reference: str, project: str, jobs: Sequence[Job]) -> str:
    """A bare name means a job of the same project before one of another."""
    prefix, _, name = reference.rpartition("/")
    found = [job for job in jobs if job.name == name and prefix in ("", job.project)]
    near = [job for job in found if job.project == project]
    if len(near or found) > 1:
        names = " or ".join(f'"{_full_name(job)}"' for job in found)
        raise place.error(f'"{reference}" may mean {names}; write one of these.', "after")
    if not found:
        raise place.error(f'there is no job "{reference}"; {suggestion(name, [job.name for job in jobs])}', "after")
    return _full_name((near or found)[0])


def _circle(name: str, before: Mapping[str, Sequence[str]]) -> list[str]:
    """The jobs that start each other from this one to itself, in that order; empty where none do."""
    starts: dict[str, str] = {}
    pending = [name]
    while pending:
        job = pending.pop()
        for former in before.get(job, ()):
            if former == name:
                return [name, *_way(job, name, starts)]
            if former not in starts:
                starts[former] = job
                pending.append(former)
    return []


def _way(job: str, end: str, starts: Mapping[str, str]) -> list[str]:
    way = [job]
    while way[-1] != end:
        way.append(starts[way[-1]])
    return way
