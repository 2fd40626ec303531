"""Starts jobs at the times of their schedules, each fire once, whatever happens to the engine in between."""

import asyncio
import logging
from datetime import datetime, timedelta

from engine.errors import RunroomError
from engine.missed import LATEST, Answer, answers
from engine.origin import Origin
from engine.protocol import StartRun
from engine.run_desk import RunDesk
from store.clock import Clock
from store.fires import fires_between, is_scheduled, next_fire, schedule_text
from store.job_state import JobKey
from store.models import Job, KeptSchedule, Run
from store.reads import StoreReader
from store.status import RunStatus
from store.writes import StoreWriter

_logger = logging.getLogger("runroom.engine")
# The configuration may change, and a clock may be set: never sleep for longer than this.
_LONGEST_SLEEP_S = 20.0
_LONGEST_LOOK_BACK = timedelta(days=31)
_MOST_LOOKED_BACK = 50_000
"""Fires before these are not even counted: a job of every minute has some 45,000 in a month."""


class ScheduleKeeper:
    """Looks at every schedule when its next fire is due.

    Up to when fires are answered stands in the store, and so does the fire on the run that answers it: an engine that
    was killed in the midst of it finds what is done, and does the rest.
    """

    def __init__(self, desk: RunDesk, writer: StoreWriter, reader: StoreReader, clock: Clock) -> None:
        self._desk = desk
        self._writer = writer
        self._reader = reader
        self._clock = clock
        self._there_since = clock()
        self._news = asyncio.Event()
        self.waits_for_retries = False
        """Whether runs wait for their time: then the engine must stay."""

    def wake(self) -> None:
        """Something changed: look at once."""
        self._news.set()

    async def run(self) -> None:
        """Goes on for as long as the engine does."""
        while True:
            self._news.clear()
            pause_s = await self.look()
            try:
                await asyncio.wait_for(self._news.wait(), pause_s)
            except TimeoutError:
                continue

    async def look(self) -> float:
        """Answers what is due, and returns the seconds until something is due again."""
        now = self._clock()
        kept = await self._reader.kept_schedules()
        paused = await self._reader.paused_jobs()
        jobs = {JobKey(job.project, job.name): job for job in self._desk.workspace.jobs if is_scheduled(job)}
        for key in kept.keys() - jobs.keys():
            await self._writer.forget_schedule(key)
        for key, job in jobs.items():
            if key not in paused:
                await self._keep(key, job, kept.get(key), now)
        waiting = await self._start_scheduled_runs(now)
        return _pause([*(next_fire(job, now) for job in jobs.values()), *waiting], self._clock())

    async def _keep(self, key: JobKey, job: Job, kept: KeptSchedule | None, now: datetime) -> None:
        text = schedule_text(job)
        if kept is None or kept.schedule != text or kept.answered_until - now > LATEST:
            # It is new, reads otherwise, or the clock was set back.
            await self._writer.keep_schedule(key, KeptSchedule(schedule=text, answered_until=now))
            return
        since = max(kept.answered_until, now - _look_back(job))
        fires = await asyncio.to_thread(fires_between, job, since, now)
        if not fires:
            return
        # They are answered in their order: what is before one that has a run is answered as well.
        answered_until = max((at for at in await self._reader.answered_fires(key, since) if at <= now), default=since)
        pending = [at for at in fires if at > answered_until]
        for answer in answers(pending, job.missed, self._there_since, now):
            await self._answer(job, answer)
        await self._writer.keep_schedule(key, KeptSchedule(schedule=text, answered_until=fires[-1]))

    async def _answer(self, job: Job, answer: Answer) -> None:
        origin = Origin(scheduled_for=answer.at, note=answer.note, in_line=answer.in_line, not_started=answer.skipped)
        wanted = StartRun(
            job=f"{job.project}/{job.name}", environment=f"{job.project}/{job.environment}", trigger="schedule"
        )
        try:
            await self._desk.request_run(wanted, origin)
        except RunroomError:
            _logger.exception("the schedule of %s/%s did not start it", job.project, job.name)

    async def _start_scheduled_runs(self, now: datetime) -> list[datetime]:
        """Lets runs begin whose time has come, and returns the times of the others."""
        waiting: list[datetime] = []
        for run in await self._reader.active_runs():
            if run.status is not RunStatus.SCHEDULED or run.starts_at is None:
                continue
            if run.starts_at > now:
                waiting.append(run.starts_at)
            else:
                await self._desk.release(run.id, await self._reason_against(run))
        self.waits_for_retries = bool(waiting)
        return waiting

    async def _reason_against(self, run: Run) -> str | None:
        pause = (await self._reader.paused_jobs()).get(JobKey(run.project, run.job or ""))
        return f"{run.job} is paused: {pause.reason}" if pause is not None else None


def _look_back(job: Job) -> timedelta:
    if job.every_s is None:
        return _LONGEST_LOOK_BACK
    return min(_LONGEST_LOOK_BACK, _MOST_LOOKED_BACK * timedelta(seconds=job.every_s))


def _pause(moments: list[datetime | None], now: datetime) -> float:
    waits = [max(0.0, (at - now).total_seconds()) for at in moments if at is not None]
    return min([_LONGEST_SLEEP_S, *waits])
