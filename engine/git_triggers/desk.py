"""Answers heads that moved, whoever tells of them: each commit of each head once."""

import asyncio
import logging
from contextlib import suppress
from typing import Protocol

from engine.errors import RunroomError, UsageError
from engine.git_triggers.decide import asked_for, jobs_for
from engine.git_triggers.heads import Head
from engine.git_triggers.refs import request_of, shown_ref
from engine.protocol import CancelRun
from engine.run_desk import RunDesk
from store.job_state import JobKey
from store.models import Job, Run
from store.reads import StoreReader
from store.writes import StoreWriter

_logger = logging.getLogger("runroom.engine")


class CancellingDesk(RunDesk, Protocol):
    """A desk where runs can be stopped too."""

    async def cancel(self, run_id: int, wanted: CancelRun) -> Run:
        """Asks a run to stop. Raises RunNotFound, UsageError."""


class GitDesk:
    """The head is remembered when all that it starts is recorded, and each run says for which head it is.

    An engine that was killed in the midst of it, or is told by a webhook and by polling, so finds what is done.
    """

    def __init__(self, desk: CancellingDesk, writer: StoreWriter, reader: StoreReader) -> None:
        self._desk = desk
        self._writer = writer
        self._reader = reader
        self._turn = asyncio.Lock()

    async def moved(self, head: Head) -> tuple[Run, ...]:
        """A head is at a commit now: starts what is to start for it, and returns that.

        Active runs of the same request for other commits are stopped. What is known already starts nothing.
        """
        async with self._turn:
            if await self._reader.git.head(head.project, head.ref) == head.commit:
                return ()
            if request_of(head.ref) is not None:
                await self._stop(head.project, head.ref, f"a newer push to {shown_ref(head.ref)}", head.commit)
            started = [run for job in await self._jobs(head) if (run := await self._start(job, head)) is not None]
            await self._writer.git.remember(head.project, head.recorded)
        return tuple(started)

    async def gone(self, project: str, ref: str) -> None:
        """A branch was deleted, or a request closed: its active runs are stopped, and the head is forgotten."""
        async with self._turn:
            if request_of(ref) is not None:
                await self._stop(project, ref, f"the end of {shown_ref(ref)}")
            await self._writer.git.forget(project, ref)

    async def _jobs(self, head: Head) -> list[Job]:
        workspace = self._desk.workspace
        paused = await self._reader.paused_jobs()
        return [
            job
            for job in jobs_for(head, workspace.jobs, workspace.environments)
            if JobKey(job.project, job.name) not in paused
            and not await self._reader.git.is_answered(job.project, job.name, head.recorded)
        ]

    async def _start(self, job: Job, head: Head) -> Run | None:
        try:
            return await self._desk.request_run(*asked_for(job, head))
        except RunroomError:
            _logger.exception("%s/%s was not started for %s", job.project, job.name, shown_ref(head.ref))
            return None

    async def _stop(self, project: str, ref: str, author: str, but: str | None = None) -> None:
        for run_id, commit in (await self._reader.git.active_runs(project, ref)).items():
            if commit != but:
                # It may have ended by itself since.
                with suppress(UsageError):
                    await self._desk.cancel(run_id, CancelRun(author=author))
