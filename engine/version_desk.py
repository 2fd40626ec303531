"""What people ask about the version of a run, and have done with it: run it again, put it back, pin a job to it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from engine.configuration.pinning import check_new_job, pin_job
from engine.configuration.requests import run_request
from engine.configuration.workspace import Workspace
from engine.errors import UsageError
from engine.mirrors import without_credentials
from engine.places import with_reported
from engine.protocol import (
    PinJob,
    PinnedJob,
    RerunPreview,
    RerunRun,
    Restored,
    RestorePreview,
    RestoreRun,
    StartPreview,
    StartRun,
)
from engine.refusals import told_clearly
from engine.rerun import again, head_again, options_again
from engine.rerun_preview import commands_of, preview_rerun
from engine.run_files import read_request
from engine.versions.repository import VersionRepository
from engine.versions.restoring import foresee, kept_version, restore
from store.clock import Clock
from store.models import Run, RunRequest
from store.reads import StoreReader
from store.triage import ActionName

_SHORT = 10

Reserve = Callable[[str, str], AbstractAsyncContextManager[None]]
"""Keeps runs of a project from starting meanwhile; refuses while one goes on."""


Note = Callable[[ActionName, int, str | None, str | None], Awaitable[None]]
"""Writes down what somebody did to a run."""


class VersionDesk:
    """Every method raises RunNotFound, and UsageError for what cannot be."""

    def __init__(
        self, workspace: Callable[[], Workspace], reader: StoreReader, reserve: Reserve, note: Note, clock: Clock
    ) -> None:
        self._workspace = workspace
        self._reader = reader
        self._reserve = reserve
        self._note = note
        self._clock = clock

    @property
    def _versions(self) -> VersionRepository:
        return VersionRepository(self._workspace().paths.versions)

    async def preview_rerun(self, run_id: int, wanted: RerunRun) -> RerunPreview:
        """What running this run again would do."""
        run, former = await self._run(run_id)
        models, audits = await self._reader.models(run_id), await self._reader.audits(run_id)
        options = options_again(run, wanted.mode, models, audits)
        workspace = await with_reported(self._workspace(), self._reader)
        asked = run_request(workspace, again(run, former, wanted, options), run_id, self._clock())
        request = asked.model_copy(update={"head": head_again(run, former)})
        with told_clearly(f"What running #{run_id} again would do cannot be told"):
            return await preview_rerun(self._reader, self._versions, run, request, wanted.mode)

    async def preview_start(self, wanted: StartRun) -> StartPreview:
        """What a run that is asked for would execute."""
        workspace = await with_reported(self._workspace(), self._reader)
        request = run_request(workspace, wanted, 0, self._clock())
        return StartPreview(commands=await asyncio.to_thread(commands_of, request))

    async def preview_restore(self, run_id: int, wanted: RestoreRun) -> RestorePreview:
        """What putting the files of this run back would change."""
        run, request = await self._run(run_id)
        folder = _folder_of_somebody(request)
        with told_clearly("What restoring would change cannot be told"):
            found = await foresee(self._versions, run.project, folder, await self._wanted_version(run, wanted))
        return RestorePreview(
            run=run_id,
            version=found.version,
            present=found.present,
            folder=str(folder),
            changes=found.changes,
            uncommitted=found.uncommitted,
            difference=found.difference,
        )

    async def restore(self, run_id: int, wanted: RestoreRun) -> Restored:
        """Puts the files back, as the preview said it."""
        run, request = await self._run(run_id)
        if wanted.present is None:
            raise UsageError("Look first at what restoring would change.")
        folder = _folder_of_somebody(request)
        with told_clearly("Nothing was restored"):
            version = await self._wanted_version(run, wanted)
        async with self._reserve(run.project, "its files can be restored"):
            done = await restore(self._versions, run.project, folder, version, wanted.present, wanted.stash)
        await self._note("restore", run_id, wanted.author, f"{version[:_SHORT]} in {folder}")
        return Restored(changes=done.changes, stash=done.stash)

    async def pin(self, run_id: int, wanted: PinJob) -> PinnedJob:
        """Writes a job that always runs what this run saw."""
        run, request = await self._run(run_id)
        version = _version(run)
        check_new_job(self._workspace(), run.project, wanted.name)
        # Kept for the job's sake, whatever becomes of the run; before anything says that there is such a job.
        reference = f"refs/jobs/{run.project.encode().hex()}/{wanted.name.encode().hex()}"
        with told_clearly("The job was not created"):
            await self._versions.keep(reference, version, f"Job {run.project}/{wanted.name}")
        file = await asyncio.to_thread(pin_job, self._workspace(), request, version, wanted.name)
        await self._note("pin", run_id, wanted.author, wanted.name)
        return PinnedJob(job=f"{run.project}/{wanted.name}", version=version, file=str(file))

    async def _run(self, run_id: int) -> tuple[Run, RunRequest]:
        run = await self._reader.run(run_id)
        return run, await asyncio.to_thread(read_request, self._workspace().paths.run(run_id))

    async def _wanted_version(self, run: Run, wanted: RestoreRun) -> str:
        return await kept_version(self._versions, run.project) if wanted.undo else _version(run)


def _folder_of_somebody(request: RunRequest) -> Path:
    """The project's folder. Raises UsageError where nobody works in it."""
    if request.mirror is not None:
        raise UsageError(
            f"{request.project} comes from {without_credentials(request.mirror.url)}: put its files back by a commit "
            "there, or run this version again."
        )
    return Path(request.project_path)


def _version(run: Run) -> str:
    if run.version is None:
        raise UsageError(f"The files of run #{run.id} were not recorded.")
    return run.version
