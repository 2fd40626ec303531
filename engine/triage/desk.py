"""What people do about runs that are there, each recorded with who did it and when."""

import asyncio
import shutil
from contextlib import suppress

from engine.errors import RunroomError, UsageError
from engine.git import GitError
from engine.hub import Hub
from engine.rebuild import restore_run
from engine.refusals import told_clearly
from engine.triage.trail import append_action
from engine.versions.recording import forget_run
from engine.versions.repository import VersionRepository
from store.clock import Clock
from store.errors import RunNotFound
from store.models import Run
from store.paths import RunPaths, WorkspacePaths
from store.reads import StoreReader
from store.status import BAD
from store.triage import Action, ActionName
from store.writes import StoreWriter


class TriageDesk:
    """A deleted run lies in a folder of its own until the engine goes or the next one comes, and can be had back."""

    def __init__(self, paths: WorkspacePaths, writer: StoreWriter, reader: StoreReader, hub: Hub, clock: Clock) -> None:
        self._paths = paths
        self._writer = writer
        self._reader = reader
        self._hub = hub
        self._clock = clock

    async def note(self, name: ActionName, run_id: int, author: str | None, detail: str | None = None) -> None:
        """Writes down what somebody did to a run, in its own file and in the store."""
        action = Action(at=self._clock(), author=author, action=name, run_id=run_id, detail=detail)
        await self._keep(self._paths.run(run_id), action)

    async def acknowledge(self, run_id: int, author: str | None, note: str | None) -> Run:
        """Says that somebody knows of a failure; again, with another note. Raises RunNotFound, UsageError."""
        run = await self._reader.run(run_id)
        if run.status not in BAD:
            raise UsageError(f"#{run_id} did not fail: it is {run.status}.")
        return await self._done("acknowledge", run_id, author, note)

    async def unacknowledge(self, run_id: int, author: str | None) -> Run:
        """Takes that back. Raises RunNotFound, UsageError."""
        if (await self._reader.run(run_id)).acknowledged_at is None:
            raise UsageError(f"#{run_id} is not acknowledged.")
        return await self._done("unacknowledge", run_id, author)

    async def archive(self, run_id: int, author: str | None) -> Run:
        """Takes a run that is over out of the lists. Raises RunNotFound, UsageError."""
        self._require_over(await self._reader.run(run_id), "archived")
        return await self._done("archive", run_id, author)

    async def unarchive(self, run_id: int, author: str | None) -> Run:
        """Puts a run back into the lists. Raises RunNotFound, UsageError."""
        if not (await self._reader.run(run_id)).archived:
            raise UsageError(f"#{run_id} is not in the archive.")
        return await self._done("unarchive", run_id, author)

    async def delete(self, run_id: int, author: str | None) -> None:
        """Forgets a run that is over, with its files. Raises RunNotFound, UsageError."""
        self._require_over(await self._reader.run(run_id), "deleted")
        files, kept = self._paths.run(run_id), self._paths.deleted_run(run_id)
        action = Action(at=self._clock(), author=author, action="delete", run_id=run_id)
        # The files first: they may refuse, and then the run is still there.
        with told_clearly(f"#{run_id} was not deleted"):
            await asyncio.to_thread(self._move, files, kept)
        try:
            await self._keep(kept, action)
            change = await self._writer.delete_run(run_id)
        except Exception:
            await asyncio.to_thread(self._move, kept, files)
            raise
        self._hub.publish(change, [run_id])

    async def undelete(self, run_id: int, author: str | None) -> Run:
        """Brings back a run that was deleted since the engine began. Raises UsageError where it is gone."""
        kept = self._paths.deleted_run(run_id)
        if not await asyncio.to_thread(kept.request.is_file):
            raise UsageError(f"There is no deleted run #{run_id} any more; they are kept until the engine stops.")
        with told_clearly(f"#{run_id} was not brought back"):
            await asyncio.to_thread(self._move, kept, self._paths.run(run_id))
        await restore_run(self._writer, self._paths.run(run_id), run_id, self._clock)
        return await self._done("undelete", run_id, author)

    async def purge(self) -> None:
        """Lets go of the deleted runs for good."""
        for run_id in await asyncio.to_thread(self._kept):
            await asyncio.to_thread(shutil.rmtree, self._paths.deleted_run(run_id).folder, True)
            with suppress(GitError):  # what nobody can ask for any more does no harm
                await forget_run(VersionRepository(self._paths.versions), run_id)

    async def _done(self, name: ActionName, run_id: int, author: str | None, detail: str | None = None) -> Run:
        await self.note(name, run_id, author, detail)
        return await self._reader.run(run_id)

    async def _keep(self, files: RunPaths, action: Action) -> None:
        try:
            await asyncio.to_thread(append_action, files.actions, action)
        except FileNotFoundError as error:
            raise RunNotFound(f"The files of #{action.run_id} are gone.") from error
        except OSError as error:
            raise RunroomError(f"{files.actions} cannot be written: {error.strerror}.") from error
        change = await self._writer.record_action(action)
        self._hub.publish(change, [action.run_id] if action.run_id else [], workspace=True)

    @staticmethod
    def _require_over(run: Run, what: str) -> None:
        if run.is_active:
            raise UsageError(f"#{run.id} is {run.status}: it can be {what} once it is over.")

    @staticmethod
    def _move(source: RunPaths, target: RunPaths) -> None:
        target.folder.parent.mkdir(exist_ok=True)
        if source.folder.exists():
            shutil.rmtree(target.folder, ignore_errors=True)
            # Whole or not at all: both are in the record, so that nothing has to be copied.
            source.folder.rename(target.folder)

    def _kept(self) -> list[int]:
        folder = self._paths.deleted
        return [int(each.name) for each in folder.iterdir() if each.name.isdecimal()] if folder.is_dir() else []
