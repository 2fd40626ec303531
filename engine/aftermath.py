"""What follows the end of a run: another try where it failed, the jobs that come after its own where it did not.

Each decision is made once: what it starts says which run it is for, and the run says that it was followed.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta

from engine.errors import RunroomError, UsageError
from engine.hub import Hub
from engine.origin import Origin
from engine.protocol import RerunRun, StartRun
from engine.run_desk import RunDesk
from store.clock import Clock
from store.job_state import JobKey
from store.models import Job, Outcome, Run
from store.reads import StoreReader
from store.status import BAD, GOOD
from store.writes import StoreWriter

_logger = logging.getLogger("runroom.engine")
_LONGEST_DELAY = timedelta(days=1)


def retry_at(job: Job, run: Run, now: datetime) -> datetime | None:
    """When a run of this job is tried again, None when it is not: it did not fail, or was tried often enough."""
    if run.status not in BAD or run.attempt > job.retries:
        return None
    delay_s = job.retry_delay_s * job.retry_backoff ** (run.attempt - 1)
    delay = timedelta(seconds=min(delay_s, _LONGEST_DELAY.total_seconds()))
    return max(now, (run.finished_at or now) + delay)


def followers(jobs: Iterable[Job], job: Job, run: Run) -> list[Job]:
    """The jobs that start because this run of `job` ended.

    A run in another environment than the job's own starts none, nor does one that was skipped or cancelled: whoever
    stops a run does not want what comes after it. Nor does a plan that is only shown, or a selection of nothing.
    """
    if run.environment != job.environment or run.preview or run.missed_its_selection:
        return []
    outcomes: set[Outcome] = set()
    if run.status in GOOD:
        outcomes = {"success", "any"}
    elif run.status in BAD:
        outcomes = {"failure", "any"}
    name = f"{job.project}/{job.name}"
    return [each for each in jobs if any(after.job == name and after.on in outcomes for after in each.after)]


class Aftermath:
    """Looks after every run that ends. `planned` is called when one waits for its time, `ended` with each one."""

    def __init__(
        self,
        desk: RunDesk,
        writer: StoreWriter,
        reader: StoreReader,
        clock: Clock,
        planned: Callable[[], None],
        ended: Callable[[Run], Awaitable[None]] | None = None,
    ) -> None:
        self._desk = desk
        self._writer = writer
        self._reader = reader
        self._clock = clock
        self._planned = planned
        self._ended = ended

    async def run(self, hub: Hub) -> None:
        """Goes on for as long as the engine does; begins with what ended while there was none.

        Others wait until it is decided what follows a run, to tell people of it, say: the hub lets them know.
        """
        async with hub.subscribe(client=False) as news:
            while True:
                if followed := await self.look():
                    hub.publish(await self._reader.change(), followed)
                await news.next()

    async def look(self) -> list[int]:
        """Decides what follows the runs that ended since, and gives these."""
        ended = await self._reader.ended_unfollowed()
        for run_id in ended:
            run = await self._reader.run(run_id)
            await self._follow(run)
            await self._writer.mark_followed(run_id)
            if self._ended is not None:
                await self._ended(run)
            self._desk.settled(run_id)
        return ended

    async def _follow(self, run: Run) -> None:
        jobs = self._desk.workspace.jobs
        job = next((each for each in jobs if (each.project, each.name) == (run.project, run.job)), None)
        if job is None:
            return
        paused = await self._reader.paused_jobs()
        at = None if JobKey(job.project, job.name) in paused else retry_at(job, run, self._clock())
        try:
            if at is not None:
                await self._try_again(job, run, at)
                return
            for follower in followers(jobs, job, run):
                if JobKey(follower.project, follower.name) not in paused:
                    await self._start(follower, run)
        except RunroomError:
            _logger.exception("what follows run #%s was not started", run.id)

    async def _try_again(self, job: Job, run: Run, at: datetime) -> None:
        attempt = run.attempt + 1
        if await self._reader.has_attempt(run.id, attempt):
            return
        origin = Origin(attempt=attempt, starts_at=at, note=f"retry {run.attempt} of {job.retries}, of #{run.id}")
        try:
            await self._desk.rerun(run.id, RerunRun(mode="failed" if job.retry == "failed" else "latest"), origin)
        except UsageError:
            # It failed before any model could, so there is nothing to narrow it to.
            await self._desk.rerun(run.id, RerunRun(), origin)
        self._planned()

    async def _start(self, follower: Job, run: Run) -> None:
        if JobKey(follower.project, follower.name) in await self._reader.followers(run.id):
            return
        wanted = StartRun(
            job=f"{follower.project}/{follower.name}",
            environment=f"{follower.project}/{follower.environment}",
            trigger="pipeline",
        )
        await self._desk.request_run(wanted, Origin(caused_by=run.id, note=f"after #{run.id} {run.name}: {run.status}"))
