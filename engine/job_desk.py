"""What people do to jobs as a whole: pause them, and let them go on."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from engine.configuration.references import resolve_job
from engine.configuration.workspace import Workspace
from engine.errors import UsageError
from engine.hub import Hub
from engine.pause_trail import PauseEntry, action_of, note
from engine.protocol import PauseJob, ResumeJob
from store.clock import Clock
from store.job_state import JobKey
from store.models import JobPause
from store.reads import StoreReader
from store.writes import StoreWriter


class JobDesk:
    """A paused job neither answers its schedule nor follows others nor is tried again; by hand it starts as ever."""

    def __init__(
        self,
        workspace: Callable[[], Workspace],
        writer: StoreWriter,
        reader: StoreReader,
        hub: Hub,
        clock: Clock,
        changed: Callable[[], None],
    ) -> None:
        self._workspace = workspace
        self._writer = writer
        self._reader = reader
        self._hub = hub
        self._clock = clock
        self._changed = changed

    async def pause(self, wanted: PauseJob) -> JobPause:
        """Pauses a job; one that is paused gets the new reason. Raises UsageError for a job that is not there."""
        key, now = self._key(wanted.job), self._clock()
        await self._note(key, now, wanted.author, wanted.reason)
        pause = JobPause(project=key.project, job=key.job, reason=wanted.reason, author=wanted.author, paused_at=now)
        self._publish(await self._writer.pause_job(pause))
        return (await self._reader.paused_jobs())[key]

    async def resume(self, wanted: ResumeJob) -> JobPause:
        """Lets a job start by itself again, from its next fire on. Raises UsageError for one that is not paused."""
        key = self._key(wanted.job)
        pause = (await self._reader.paused_jobs()).get(key)
        if pause is None:
            raise UsageError(f"{key.job} is not paused.")
        now = self._clock()
        await self._note(key, now, wanted.author)
        self._publish(await self._writer.resume_job(key, now, wanted.author))
        return pause

    async def _note(self, key: JobKey, at: datetime, author: str | None, reason: str | None = None) -> None:
        entry = PauseEntry(ts=at, project=key.project, job=key.job, reason=reason, author=author)
        await asyncio.to_thread(note, self._workspace().paths.pauses, entry)
        await self._writer.record_action(action_of(entry))

    def _key(self, reference: str) -> JobKey:
        job = resolve_job(self._workspace(), reference)
        return JobKey(job.project, job.name)

    def _publish(self, change: int) -> None:
        self._hub.publish(change, workspace=True)
        self._changed()
