"""The engine, as the screens act on it and hear from it. Every call connects by itself, so that none is ever stale."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from engine.protocol import (
    Change,
    DeedName,
    PauseJob,
    PinJob,
    PinnedJob,
    Refreshed,
    RepairRun,
    RerunMode,
    RerunPreview,
    RerunRun,
    Restored,
    RestorePreview,
    RestoreRun,
    ResumeJob,
    StartRun,
)
from store.errors import StoreMissing, StoreOutdated
from store.models import JobPause, Run, RunOptions
from store.paths import WorkspacePaths
from store.readers import Reads
from store.reads import StoreReader
from tui.feed import ChangeSource
from tui.reaching import Reach, to_act, to_listen

if TYPE_CHECKING:
    from engine.client.api import EngineClient


class EngineActions:
    """What a person can ask of the engine of a workspace, which is started where none runs."""

    def __init__(self, paths: WorkspacePaths, reach: Reach = to_act) -> None:
        self._paths = paths
        self._reach = reach

    async def start_engine(self) -> int:
        """Starts the engine where none runs; gives its process. Raises RunroomError."""
        async with await self._reach(self._paths) as client:
            return (await client.hello()).pid

    async def start(self, job: str, environment: str | None = None, options: RunOptions | None = None) -> Run:
        """Starts a job, with an ad-hoc selection where options say so. Raises RunroomError."""
        wanted = StartRun(job=job, environment=environment, options=options or RunOptions(), author=await _author())
        async with await self._reach(self._paths) as client:
            return await client.start_run(wanted)

    async def preview_start(self, job: str, options: RunOptions, environment: str | None = None) -> tuple[str, ...]:
        """The commands that a job with these options would execute. Raises RunroomError."""
        async with await self._reach(self._paths) as client:
            wanted = StartRun(job=job, environment=environment, options=options)
            return (await client.preview_start(wanted)).commands

    async def cancel(self, run_id: int) -> Run:
        """Asks for a stop. Raises RunroomError."""
        async with await self._reach(self._paths) as client:
            return await client.cancel(run_id, await _author())

    async def rerun(self, run_id: int, mode: RerunMode = "latest") -> Run:
        """Runs it again, in one of the three ways. Raises RunroomError."""
        wanted = RerunRun(author=await _author(), mode=mode)
        async with await self._reach(self._paths) as client:
            return await client.rerun(run_id, wanted)

    async def preview_rerun(self, run_id: int, mode: RerunMode) -> RerunPreview:
        """What running it again would do. Raises RunroomError."""
        async with await self._reach(self._paths) as client:
            return await client.preview_rerun(run_id, RerunRun(mode=mode))

    async def preview_restore(self, run_id: int) -> RestorePreview:
        """What putting its files back would change. Raises RunroomError."""
        async with await self._reach(self._paths) as client:
            return await client.preview_restore(run_id, RestoreRun())

    async def restore(self, run_id: int, present: str, stash: bool) -> Restored:
        """Puts its files back, as the preview said it. Raises RunroomError."""
        wanted = RestoreRun(author=await _author(), present=present, stash=stash)
        async with await self._reach(self._paths) as client:
            return await client.restore(run_id, wanted)

    async def pin_job(self, run_id: int, name: str) -> PinnedJob:
        """Writes a job that always runs what this run saw. Raises RunroomError."""
        async with await self._reach(self._paths) as client:
            return await client.pin_job(run_id, PinJob(name=name, author=await _author()))

    async def plan(self, environment: str, options: RunOptions) -> Run:
        """Plans an environment, which SQLMesh makes if it is not there. Raises RunroomError."""
        wanted = StartRun(
            environment=environment,
            new_environment=True,
            kind="plan",
            name=f"plan {environment.rpartition('/')[2]}" + (" --apply" if options.apply else ""),
            author=await _author(),
            options=options,
        )
        async with await self._reach(self._paths) as client:
            return await client.start_run(wanted)

    async def triage(self, run_id: int, deed: DeedName, note: str | None = None) -> Run:
        """Acknowledges, archives or brings back a run, or takes that back. Raises RunroomError."""
        async with await self._reach(self._paths) as client:
            return await client.triage(run_id, deed, await _author(), note)

    async def delete(self, run_id: int) -> Run:
        """Deletes a run that is over; gives it as it was. Raises RunroomError, RunNotFound."""
        async with StoreReader.open(self._paths.database) as reader:
            run = await reader.run(run_id)
        async with await self._reach(self._paths) as client:
            await client.delete(run_id, await _author())
        return run

    async def rename(self, run_id: int, name: str) -> Run:
        """Gives a run another name. Raises RunroomError."""
        async with await self._reach(self._paths) as client:
            return await client.rename(run_id, name, await _author())

    async def repair(self, run_id: int) -> Run:
        """Loads again what this run left half-written. Raises RunroomError."""
        async with await self._reach(self._paths) as client:
            return await client.repair(run_id, RepairRun(author=await _author()))

    async def pause_job(self, job: str, reason: str) -> JobPause:
        """Keeps a job, `flights/nightly`, from starting by itself. Raises RunroomError."""
        async with await self._reach(self._paths) as client:
            return await client.pause_job(PauseJob(job=job, reason=reason, author=await _author()))

    async def resume_job(self, job: str) -> JobPause:
        """Lets it start by itself again. Raises RunroomError."""
        async with await self._reach(self._paths) as client:
            return await client.resume_job(ResumeJob(job=job, author=await _author()))

    async def reload_configuration(self) -> str | None:
        """Has the configuration read again; gives what of it cannot be used. Raises RunroomError."""
        async with await self._reach(self._paths) as client:
            return (await client.reload()).configuration_problem

    async def test_notifications(self) -> dict[str, str | None]:
        """Has a test message sent through every channel. Raises RunroomError."""
        async with await self._reach(self._paths) as client:
            return await client.test_notifications()

    async def refresh_environments(self, project: str | None = None) -> Refreshed:
        """Has SQLMesh's environments read again, those of one project or all; takes seconds. Raises RunroomError."""
        async with await self._reach(self._paths) as client:
            return await client.refresh_environments(project)


class EngineChanges:
    """An engine's stream of changes after the one numbered `since`."""

    def __init__(self, client: "EngineClient", since: int) -> None:
        self._client = client
        self._since = since

    async def problem(self) -> str | None:
        """What is wrong with the configuration, as the engine reads it. Raises RunroomError."""
        return (await self._client.hello()).configuration_problem

    def changes(self) -> AsyncIterator[Change]:
        """Ends with the engine. Raises RunroomError."""
        return self._client.changes(self._since)


class EngineConnection:
    """Connects the feed of changes to the engine of a workspace."""

    def __init__(self, paths: WorkspacePaths, reads: Reads, reaches: Sequence[Reach] = (to_act, to_listen)) -> None:
        """`reaches` are the ways of the first connection and of those after it: who opens the app wants an engine."""
        self._paths = paths
        self._reads = reads
        self._reaches = reaches
        self._connections = 0

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[ChangeSource]:
        """Starts the engine where it should be there. Raises RunroomError, StoreError."""
        # A store that is newer than this program needs another program, not an engine of this one.
        await self._present_change()
        reach = self._reaches[min(self._connections, len(self._reaches) - 1)]
        self._connections += 1
        async with await reach(self._paths) as client:
            # Asked before the screens look again, so that nothing falls between their look and the stream.
            yield EngineChanges(client, await self._present_change())

    async def _present_change(self) -> int:
        try:
            async with self._reads() as reader:
                return await reader.change()
        except (StoreMissing, StoreOutdated):
            return 0


async def _author() -> str:
    return await asyncio.to_thread(_configured_author)


def _configured_author() -> str:
    from engine.client.workspaces import author

    return author()
