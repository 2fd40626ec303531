"""Executes one run from its first step to its verdict."""

import asyncio
import os
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from engine.adapters.base import StepOutcome, StepPlan, ToolAdapter
from engine.git import GitError
from engine.journal import Journal
from engine.redaction import Redactor
from engine.versions.repository import VersionRepository
from engine.worker.addresses import own_addresses
from engine.worker.checkout import Source, checkout_step, clean_up, find_source, version_step
from engine.worker.context import WorkerStepContext
from engine.worker.masking import mask_file
from engine.worker.remote_checkout import remote_checkout_step
from engine.worker.step_log import StepLog
from engine.worker.stop import StopSignal
from engine.worker.time_limit import time_limit
from engine.worker.tool_process import ToolNotStarted
from engine.worker.verdict import Tally, Verdict, verdict
from engine.worker.versioning import Versioning
from store import events
from store.clock import Clock
from store.models import RunRequest
from store.paths import RunPaths
from store.status import RunStatus, StepStatus


class Execution:
    """One run being executed. Everything that happens goes to the journal; nothing else is kept."""

    def __init__(
        self,
        request: RunRequest,
        paths: RunPaths,
        adapter: ToolAdapter,
        journal: Journal,
        redactor: Redactor,
        stop: StopSignal,
        clock: Clock,
        environment: Mapping[str, str],
        versions: VersionRepository | None = None,
    ) -> None:
        """With `versions`, the files that the run sees are recorded there, and compared with those of earlier runs."""
        self._request = request
        self._paths = paths
        self._adapter = adapter
        self._journal = journal
        self._redactor = redactor
        self._stop = stop
        self._clock = clock
        self._environment = environment
        self._tally = Tally()
        self._versions = versions
        self._versioning = Versioning(request, paths, versions, clock, self._emit) if versions else None

    async def run(self) -> Verdict:
        """Runs the steps in order until one does not succeed, and journals the verdict, whatever happens."""
        try:
            ended = await self._run_within_time()
        except Exception as error:
            ended = Verdict(RunStatus.ERROR, f"Runroom's worker failed: {type(error).__name__}: {error}")
            self._finish(ended)
            raise
        self._finish(ended)
        return ended

    def _finish(self, ended: Verdict) -> None:
        self._emit(events.RunFinished(ts=self._clock(), status=ended.status, reason=ended.reason))

    def _emit(self, event: events.AnyEvent) -> None:
        self._tally.hear(event)
        self._journal.append(event)
        if self._versioning is not None:
            self._versioning.hear(event)

    async def _run_within_time(self) -> Verdict:
        with time_limit(self._stop, self._request.timeout_s):
            return await self._run_from_source()

    async def _announce_stop(self) -> None:
        await self._stop.wait()
        assert self._stop.wish is not None
        self._emit(events.RunStopping(ts=self._clock(), reason=self._stop.wish.reason))

    async def _run_from_source(self) -> Verdict:
        source = await find_source(self._request, self._paths)
        self._announce(source)
        # Not before: a run that has not begun cannot be stopping.
        stopping = asyncio.create_task(self._announce_stop())
        try:
            outcomes = await self._run_steps(self._plan(source), source)
            self._list_artifacts()
            if self._versioning is not None:
                await self._versioning.finish()
        finally:
            if not self._paths.to_put_away.exists():
                await self._clean_up()
            stopping.cancel()
        return verdict(outcomes, self._stop.wish, self._tally)

    def _announce(self, source: Source) -> None:
        commit = source.commit
        self._emit(
            events.RunStarted(
                ts=self._clock(),
                pid=os.getpid(),
                pid_started=psutil.Process().create_time(),
                host=socket.gethostname(),
                addresses=own_addresses(),
                tool=self._request.tool,
                branch=commit.branch if commit else self._request.branch,
                commit=commit.sha if commit else None,
                commit_author=commit.author if commit else None,
                commit_message=commit.message if commit else None,
                remote=source.remote,
            )
        )

    def _plan(self, source: Source) -> Sequence[StepPlan]:
        first = [self._checkout_step(source)] if source.checked_out else []
        if source.problem is not None:
            return first
        return [*first, *self._adapter.steps(self._request, source.folder)]

    def _checkout_step(self, source: Source) -> StepPlan:
        if source.version is not None and self._versions is not None:
            return version_step(source, self._paths, self._versions)
        if source.origin is not None:
            return remote_checkout_step(self._request, source.origin, self._paths)
        return checkout_step(source, self._paths)

    async def _run_steps(self, plans: Sequence[StepPlan], source: Source) -> list[StepOutcome]:
        closing = [plan for plan in plans if plan.closing]
        if closing:
            # Should this worker be killed, the engine has them run.
            self._paths.to_put_away.touch()
        outcomes = await self._run_in_turn([plan for plan in plans if not plan.closing], source)
        for plan in closing:
            # Whoever stopped the run still wants it put away.
            ended = await self._run_step(len(outcomes) + 1, plan, source.folder, StopSignal())
            if outcomes[-1].status is StepStatus.SUCCEEDED:
                outcomes.append(ended)
        self._paths.to_put_away.unlink(missing_ok=True)
        return outcomes

    async def put_away(self, position: int) -> None:
        """Runs the closing steps alone, numbered from `position`, of a run whose worker could not any more."""
        source = await find_source(self._request, self._paths)
        try:
            # Whatever a run builds, it builds after its checkout.
            plans = self._adapter.steps(self._request, source.folder) if source.folder.is_dir() else ()
            for number, plan in enumerate(plan for plan in plans if plan.closing):
                await self._run_step(position + number, plan, source.folder, self._stop)
        finally:
            await self._clean_up()

    async def _run_in_turn(self, plans: Sequence[StepPlan], source: Source) -> list[StepOutcome]:
        outcomes: list[StepOutcome] = []
        for position, plan in enumerate(plans, start=1):
            if self._stop.wish is not None:
                outcomes.append(StepOutcome(StepStatus.CANCELLED))
                break
            if self._versioning is not None and position == (2 if source.checked_out else 1):
                await self._versioning.record(source)
            outcomes.append(await self._run_step(position, plan, source.folder, self._stop))
            if outcomes[-1].status is not StepStatus.SUCCEEDED:
                break
        return outcomes

    async def _run_step(self, position: int, plan: StepPlan, project_folder: Path, stop: StopSignal) -> StepOutcome:
        log_path = self._paths.logs / f"{position:02d}-{plan.name}.log"
        log = StepLog(log_path, self._clock, self._redactor)

        def announce(process_group: int | None = None) -> None:
            self._emit(
                events.StepStarted(
                    ts=self._clock(),
                    step=position,
                    name=plan.name,
                    command=plan.command,
                    log=str(log_path.relative_to(self._paths.folder)),
                    process_group=process_group,
                )
            )

        announce()
        context = WorkerStepContext(
            self._request,
            self._paths,
            project_folder,
            self._clock,
            self._emit,
            log,
            self._redactor,
            stop,
            announce,
            self._environment,
        )
        try:
            with time_limit(stop, plan.timeout_s, f"the step {plan.name}"):
                outcome = await plan.run(context)
        except ToolNotStarted as error:
            log.write(str(error), "ERROR")
            outcome = StepOutcome(StepStatus.FAILED, reason=str(error))
        finally:
            log.close()
        self._emit(
            events.StepFinished(ts=self._clock(), step=position, status=outcome.status, exit_code=outcome.exit_code)
        )
        return outcome

    def _list_artifacts(self) -> None:
        for path, kind in self._adapter.artifacts(self._paths):
            mask_file(path, self._redactor)
            size = path.stat().st_size
            relative = str(path.relative_to(self._paths.folder))
            self._emit(events.ArtifactWritten(ts=self._clock(), path=relative, kind=kind, size=size))

    async def _clean_up(self) -> None:
        try:
            await clean_up(self._paths)
        except GitError as error:
            text = f"The checkout could not be removed: {error}"
            self._emit(events.Notice(ts=self._clock(), level="warning", text=text))
