"""What people do to jobs as a whole: pause them, and let them go on."""

from collections.abc import Callable

from engine.configuration.references import resolve_job
from engine.configuration.workspace import Workspace
from engine.errors import UsageError
from engine.hub import Hub
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
        key = self._key(wanted.job)
        pause = JobPause(
            project=key.project, job=key.job, reason=wanted.reason, author=wanted.author, paused_at=self._clock()
        )
        self._publish(await self._writer.pause_job(pause))
        return (await self._reader.paused_jobs())[key]

    async def resume(self, wanted: ResumeJob) -> JobPause:
        """Lets a job start by itself again, from its next fire on. Raises UsageError for one that is not paused."""
        key = self._key(wanted.job)
        pause = (await self._reader.paused_jobs()).get(key)
        if pause is None:
            raise UsageError(f"{key.job} is not paused.")
        self._publish(await self._writer.resume_job(key, self._clock(), wanted.author))
        return pause

    def _key(self, reference: str) -> JobKey:
        job = resolve_job(self._workspace(), reference)
        return JobKey(job.project, job.name)

    def _publish(self, change: int) -> None:
        self._hub.publish(change, workspace=True)
        self._changed()
