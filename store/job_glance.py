"""The jobs of a workspace with how they stand: when they start next, how they fared lately. Values only."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median

from store.filters import RunFilter
from store.fires import load_zones, next_fire
from store.history import is_comparable
from store.job_state import JobKey
from store.models import Job, JobPause, Run, RunOptions
from store.reads import StoreReader
from store.remote_looks import RemoteLook, look_at
from store.status import RunStatus

_RUNS_READ = 20
_PUSHED = ("ci", "merge")


@dataclass(frozen=True, slots=True)
class JobGlance:
    """One job. `runs` are the last ones in its own environment, the newest first; `next_at` None: not by itself.

    `remote` is the last look at where pushes to it are seen, of jobs that pushes start.
    """

    job: Job
    runs: tuple[Run, ...] = ()
    next_at: datetime | None = None
    pause: JobPause | None = None
    remote: RemoteLook | None = None

    @property
    def last_run(self) -> Run | None:
        """The newest one."""
        return self.runs[0] if self.runs else None

    @property
    def usual_s(self) -> float | None:
        """The median of how long all of it took when it went well, in seconds."""
        good = [run for run in self.runs if run.status in (RunStatus.COMPLETED, RunStatus.PARTIAL) and _is_whole(run)]
        taken = [
            (run.finished_at - run.started_at).total_seconds() for run in good if run.finished_at and run.started_at
        ]
        return median(taken) if taken else None


def _is_whole(run: Run) -> bool:
    """Whether the run was asked for all that the job builds, and built something."""
    built = run.counts.models_succeeded + run.counts.audits_passed + run.counts.audits_warned
    return built > 0 and is_comparable(run.options, RunOptions(apply=run.options.apply))


async def read_jobs(reader: StoreReader, jobs: Iterable[Job], now: datetime) -> list[JobGlance]:
    """The jobs as they stand now, in their order. Raises StoreError."""
    jobs = list(jobs)
    await asyncio.to_thread(load_zones, jobs)
    paused = await reader.paused_jobs()
    looks = await reader.git.looks()
    glances = [await _read_job(reader, job, paused.get(JobKey(job.project, job.name)), now) for job in jobs]
    return [
        replace(glance, remote=look_at(glance.job.project, looks)) if glance.job.type in _PUSHED else glance
        for glance in glances
    ]


async def _read_job(reader: StoreReader, job: Job, pause: JobPause | None, now: datetime) -> JobGlance:
    wanted = RunFilter(project=job.project, environment=job.environment, job=job.name)
    runs = tuple(await reader.runs(wanted, limit=_RUNS_READ))
    return JobGlance(job, runs, None if pause else _next_start(job, runs, now), pause)


def _next_start(job: Job, runs: Iterable[Run], now: datetime) -> datetime | None:
    """The next fire of its schedule, or a retry that comes before it."""
    retries = [run.starts_at for run in runs if run.status is RunStatus.SCHEDULED and run.starts_at is not None]
    fire = next_fire(job, now)
    return min([*retries, *([fire] if fire else [])], default=None)
