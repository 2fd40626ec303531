"""Makes runs happen: takes requests, keeps the queue, starts and follows workers, adopts those of a former engine."""

import asyncio
import json
import logging
import os
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path

from engine.configuration.requests import run_request
from engine.configuration.workspace import Workspace, load_workspace
from engine.deferral import note_production
from engine.errors import ConfigurationError, UsageError
from engine.follower import Road, close_journal, follow
from engine.hub import Hub
from engine.isolation_remains import put_away, with_remains
from engine.origin import BY_HAND, Origin
from engine.places import with_new, with_reported
from engine.protocol import CancelRun, RepairRun, RerunRun, StartRun
from engine.queue import Start, Wait, collision, decide
from engine.refusals import told_clearly
from engine.rerun import again, head_again, options_again, repairing
from engine.run_files import has_begun, read_request, reason_not_to_start, rename_request, write_request
from engine.versions.earlier import note_earlier_runs
from engine.workers import ask_to_stop, start_worker
from store.clock import Clock
from store.events import RunFinished
from store.fires import is_scheduled
from store.models import Run, RunRequest
from store.paths import RunPaths, WorkspacePaths
from store.reads import StoreReader
from store.status import EXECUTING, RunStatus
from store.writes import StoreWriter

_logger = logging.getLogger("runroom.engine")
_LOOK_AGAIN_S = 0.05
_FIRST_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 60.0

_Seen = tuple[int, int, int]


class Supervisor:
    """The engine's heart. One task follows each executing run; every decision is made under one lock."""

    def __init__(self, workspace: Workspace, writer: StoreWriter, reader: StoreReader, hub: Hub, clock: Clock) -> None:
        self._workspace = workspace
        self._writer = writer
        self._reader = reader
        self._hub = hub
        self._clock = clock
        self._road = Road(writer, reader, clock, lambda change, run_id: hub.publish(change, [run_id]))
        self._turn = asyncio.Lock()
        self._following: dict[int, asyncio.Task[None]] = {}
        self._process_environments: dict[int, Mapping[str, str]] = {}
        self._reserved: set[str] = set()
        self._configuration_seen: _Seen | None = None
        self._reading = asyncio.Lock()
        self.configuration_problem = workspace.problem

    @property
    def _paths(self) -> WorkspacePaths:
        return self._workspace.paths

    @property
    def workspace(self) -> Workspace:
        """The configuration that is in force."""
        return self._workspace

    @property
    def busy(self) -> bool:
        """Whether any run is queued or executing, or a schedule must be kept."""
        return bool(self._following) or any(is_scheduled(job) for job in self._workspace.jobs)

    # -- life ---------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Records the configuration, adopts what a former engine left, and goes on with the queue."""
        await self._sync_workspace()
        for run in await self._reader.active_runs():
            files = self._paths.run(run.id)
            if run.status in EXECUTING or has_begun(files):
                _logger.info("adopting run #%s", run.id)
                self._follow(run.id, files, None)
            elif (reason := await asyncio.to_thread(reason_not_to_start, files)) is not None:
                await self._skip(run.id, reason)
        for run_id in await asyncio.to_thread(with_remains, self._paths):
            if run_id not in self._following:
                self._following[run_id] = asyncio.create_task(self._put_away(run_id, self._paths.run(run_id)))
        await self.advance()

    async def close(self) -> None:
        """Stops following; workers go on by themselves."""
        for task in self._following.values():
            task.cancel()
        await asyncio.gather(*self._following.values(), return_exceptions=True)

    async def reload(self) -> None:
        """Reads the configuration again. Raises ConfigurationError; the last good one then stays in force."""
        async with self._reading:
            await self._read_configuration()

    async def _reload_if_changed(self) -> None:
        """A problem may also have been mended in a project, outside the workspace's own file.

        Whoever asks while the file is being read waits for what it says.
        """
        async with self._reading:
            changed = _modified(self._paths.configuration) != self._configuration_seen
            if changed or self.configuration_problem is not None:
                await self._read_configuration()

    async def _read_configuration(self) -> None:
        self._configuration_seen = _modified(self._paths.configuration)
        try:
            self._workspace = await asyncio.to_thread(load_workspace, self._paths.folder)
        except ConfigurationError as error:
            self.configuration_problem = str(error)
            self._hub.publish(await self._reader.change(), workspace=True)
            raise
        self.configuration_problem = self._workspace.problem
        await self._sync_workspace()

    async def _sync_workspace(self) -> None:
        workspace = self._workspace
        if workspace.problem is not None and not workspace.projects:
            # Nothing could be read: what is recorded of the projects is still the best that there is to show.
            return
        change = await self._writer.sync_workspace(
            workspace.name, workspace.projects, workspace.environments, workspace.jobs
        )
        self._hub.publish(change, workspace=True)

    # -- requests -----------------------------------------------------------------------------------------------

    async def request_run(self, wanted: StartRun, origin: Origin = BY_HAND) -> Run:
        """Records a run and starts it as soon as the queue allows. Raises UsageError, ConfigurationError.

        What starts by itself does so under the last configuration that could be read.
        """
        async with self._turn:
            with suppress(ConfigurationError) if not origin.is_a_person else nullcontext():
                await self._reload_if_changed()
            run_id = await self._writer.next_run_id()
            asked = run_request(await self._workspace_for(wanted), wanted, run_id, self._clock())
            request = origin.onto(asked)
            await self._record(request)
            if wanted.process_environment is not None:
                self._process_environments[run_id] = wanted.process_environment
            if origin.not_started is not None:
                await self._skip(run_id, origin.not_started)
            elif origin.starts_at is None and not origin.in_line:
                await self._skip_beside_another(await self._reader.run(run_id))
        await self.advance()
        return await self._reader.run(run_id)

    async def release(self, run_id: int, not_started: str | None = None) -> None:
        """The time of a scheduled run has come; `not_started` is why it is skipped all the same. Raises RunNotFound."""
        async with self._turn:
            run = await self._reader.run(run_id)
            if run.status is not RunStatus.SCHEDULED:
                return
            if not_started is not None:
                await self._skip(run_id, not_started)
            elif not await self._skip_beside_another(run):
                self._hub.publish(await self._writer.queue_run(run_id), [run_id])
        await self.advance()

    async def _workspace_for(self, wanted: StartRun) -> Workspace:
        workspace = await with_reported(self._workspace, self._reader)
        if wanted.new_environment and wanted.environment is not None:
            return with_new(workspace, wanted.environment)
        return workspace

    async def _record(self, request: RunRequest) -> None:
        files = self._paths.run(request.id)
        await asyncio.to_thread(write_request, files, request)
        status = RunStatus.QUEUED if request.starts_at is None else RunStatus.SCHEDULED
        change = await self._writer.create_run(request, status)
        self._hub.publish(change, [request.id])

    async def _skip_beside_another(self, run: Run) -> bool:
        """Skips the run where one of its job is waiting or going on; returns whether it did."""
        other = collision(run, await self._reader.active_runs())
        if other is not None:
            await self._skip(run.id, f"#{other.id} of the same job was still {other.status}", other.id)
        return other is not None

    async def _skip(self, run_id: int, reason: str, collided_with: int | None = None) -> None:
        self._process_environments.pop(run_id, None)
        last = RunFinished(ts=self._clock(), status=RunStatus.SKIPPED, reason=reason, collided_with=collided_with)
        await close_journal(self._road, run_id, self._paths.run(run_id), last)

    async def cancel(self, run_id: int, wanted: CancelRun) -> Run:
        """Asks a run to stop; one that waits in the queue ends at once. Raises RunNotFound, UsageError."""
        async with self._turn:
            run = await self._reader.run(run_id)
            files = self._paths.run(run_id)
            if not run.is_active:
                raise UsageError(f"Run #{run_id} is not active any more: it is {run.status}.")
            if run_id in self._following:
                await self._ask_worker(run, files, wanted)
            else:
                by = f" by {wanted.author}" if wanted.author else ""
                where = "before its time" if run.status is RunStatus.SCHEDULED else "in the queue"
                last = RunFinished(ts=self._clock(), status=RunStatus.CANCELLED, reason=f"stopped{by} {where}")
                await close_journal(self._road, run_id, files, last)
        await self.advance()
        return await self._reader.run(run_id)

    async def _ask_worker(self, run: Run, files: RunPaths, wanted: CancelRun) -> None:
        with files.control.open("a", encoding="utf-8") as control:
            control.write(json.dumps({"author": wanted.author}) + "\n")
        while run.pid is None:
            # The worker is starting; it cannot be asked before it listens. Whoever follows the run will hear of it.
            await asyncio.sleep(_LOOK_AGAIN_S)
            run = await self._reader.run(run.id)
            if not run.is_active:
                return
        await asyncio.to_thread(ask_to_stop, files, run.pid)

    async def rerun(self, run_id: int, wanted: RerunRun, origin: Origin = BY_HAND) -> Run:
        """Asks for a run like this one, or for what failed in it. Raises RunNotFound, UsageError."""
        run = await self._reader.run(run_id)
        former = await asyncio.to_thread(read_request, self._paths.run(run_id))
        models, audits = await self._reader.models(run_id), await self._reader.audits(run_id)
        options = options_again(run, wanted.mode, models, audits)
        if origin.attempt > 1:
            # A retry goes by the variables of whoever asked for the run that failed.
            wanted = wanted.model_copy(update={"process_environment": self._process_environments.get(run_id)})
        origin = replace(origin, rerun_of=run_id, head=head_again(run, former))
        return await self.request_run(again(run, former, wanted, options), origin)

    def settled(self, run_id: int) -> None:
        """Nothing follows the run any more, so the variables of whoever asked for it are forgotten."""
        self._process_environments.pop(run_id, None)

    async def repair(self, run_id: int, wanted: RepairRun) -> Run:
        """Starts a run that loads again what this one left half-written. Raises RunNotFound, UsageError."""
        run = await self._reader.run(run_id)
        if run.is_active:
            raise UsageError(f"Run #{run_id} is {run.status}; only a run that is over can be repaired.")
        mending = repairing(run, wanted, await self._reader.interrupted_intervals(run_id))
        return await self.request_run(mending, Origin(rerun_of=run_id))

    async def rename(self, run_id: int, name: str) -> Run:
        """Gives a run another name, also in its files: the store can be made again from them. Raises RunNotFound."""
        await self._reader.run(run_id)
        with told_clearly(f"#{run_id} was not renamed"):
            await asyncio.to_thread(rename_request, self._paths.run(run_id), name)
        change = await self._writer.rename_run(run_id, name)
        self._hub.publish(change, [run_id])
        return await self._reader.run(run_id)

    @asynccontextmanager
    async def reserve(self, project: str, until: str = "it tells of its environment") -> AsyncIterator[None]:
        """Keeps runs of the project in the queue for a while. Raises UsageError when one is going on."""
        async with self._turn:
            for run in await self._reader.active_runs():
                if run.project == project and run.id in self._following:
                    raise UsageError(f"Run #{run.id} works in {project}; {until} when it is over.")
            self._reserved.add(project)
        try:
            yield
        finally:
            self._reserved.discard(project)
            await self.advance()

    # -- the queue ----------------------------------------------------------------------------------------------

    async def advance(self) -> None:
        """Starts what may start now, and tells the others for whom they wait."""
        async with self._turn:
            # A run that could not be started makes room for those that waited for it.
            while not await self._advance_once():
                pass

    async def _advance_once(self) -> bool:
        """Returns whether all that were to start could be started."""
        active = await self._reader.active_runs()
        waiting = [run for run in active if run.status is RunStatus.QUEUED and run.id not in self._following]
        queued = [run for run in waiting if run.project not in self._reserved]
        executing = [*(run for run in active if run.id in self._following), *await self._with_remains(active)]
        started = True
        for decision in decide(queued, executing, self._workspace.max_concurrent_runs, self._workspace.environments):
            match decision:
                case Start(run_id):
                    started = await self._start(run_id) and started
                case Wait(run_id, waits_for, reason):
                    await self._wait(run_id, waits_for, reason, queued)
        return started

    async def _with_remains(self, active: list[Run]) -> list[Run]:
        """Runs that are over and keep their place, until what they built apart is taken away."""
        over = self._following.keys() - {run.id for run in active}
        return [await self._reader.run(run_id) for run_id in over if self._paths.run(run_id).to_put_away.exists()]

    async def _start(self, run_id: int) -> bool:
        files = self._paths.run(run_id)
        environment = self._workspace.for_workers(self._process_environments.get(run_id, os.environ))
        try:
            await note_earlier_runs(self._reader, run_id, files)
            await note_production(self._reader, self._workspace, files)
            child = await asyncio.to_thread(start_worker, files, environment)
        except OSError as error:
            _logger.exception("run #%s: no worker", run_id)
            last = RunFinished(ts=self._clock(), status=RunStatus.ERROR, reason=f"no worker could be started: {error}")
            await close_journal(self._road, run_id, files, last)
            return False
        _logger.info("run #%s: worker %s", run_id, child.pid)
        self._follow(run_id, files, child)
        return True

    async def _wait(self, run_id: int, waits_for: int, reason: str, queued: list[Run]) -> None:
        known = next(run for run in queued if run.id == run_id)
        if (known.waits_for, known.status_reason) != (waits_for, reason):
            self._hub.publish(await self._writer.set_waiting(run_id, waits_for, reason), [run_id])

    def _follow(self, run_id: int, files: RunPaths, child: subprocess.Popen[bytes] | None) -> None:
        task = asyncio.create_task(self._follow_to_end(run_id, files, child), name=f"follow #{run_id}")
        self._following[run_id] = task

    async def _follow_to_end(self, run_id: int, files: RunPaths, child: subprocess.Popen[bytes] | None) -> None:
        try:
            await self._follow_in_spite_of_all(run_id, files, child)
        except BaseException:
            self._following.pop(run_id, None)
            raise
        if child is not None:
            await asyncio.to_thread(child.wait)
        await self._put_away(run_id, files)

    async def _put_away(self, run_id: int, files: RunPaths) -> None:
        """Takes away what a run that is over built apart, where its worker could not."""
        try:
            environment = self._workspace.for_workers(self._process_environments.get(run_id, os.environ))
            await put_away(self._road, run_id, files, environment)
        finally:
            self._following.pop(run_id, None)
        await self.advance()

    async def _follow_in_spite_of_all(
        self, run_id: int, files: RunPaths, child: subprocess.Popen[bytes] | None
    ) -> None:
        """The worker goes on when its journal cannot be taken in (the disk is full, say), and so must we."""
        pause = _FIRST_PAUSE_S
        while True:
            try:
                return await follow(self._road, run_id, files, child)
            except Exception:
                _logger.exception("following run #%s failed; it is tried again in %g s", run_id, pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_S)


def _modified(file: Path) -> _Seen | None:
    """What changes with every save: its time, its size, and the file itself where an editor put another in place."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
