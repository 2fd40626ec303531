"""A supervisor on a workspace of its own, with workers that are played."""

import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from engine.api.settings import Webhook
from engine.configuration.workspace import Workspace
from engine.hub import Hub
from engine.supervisor import Supervisor
from store.clock import Clock, system_clock
from store.models import Environment, Job, Project, Run
from store.paths import WorkspacePaths
from store.reads import StoreReader
from store.status import RunStatus
from store.writes import StoreWriter
from tests.engine.played_worker import PlayedWorkers
from tests.support.waiting import until


def job(name: str, environment: str = "prod", **more: object) -> Job:
    """A job of the project `flights` that builds it."""
    return Job.model_validate(
        {"project": "flights", "name": name, "environment": environment, "steps": ("build",), **more}
    )


JOBS = (job("nightly"), job("hourly"), job("check", "dev"))


class PlayedEngine:
    """A supervisor on a workspace of its own; `restart` is what an engine's death and the next one's birth come to."""

    def __init__(
        self,
        folder: Path,
        workers: PlayedWorkers,
        jobs: Sequence[Job] = JOBS,
        clock: Clock = system_clock,
        webhooks: Sequence[Webhook] = (),
        branch: str | None = None,
    ) -> None:
        self.jobs = jobs
        self.clock = clock
        self.webhooks = webhooks
        self.branch = branch
        self.paths = WorkspacePaths(folder)
        self.workers = workers
        self.hub = Hub()
        self._open = AsyncExitStack()

    async def start(self) -> None:
        """Opens the store and adopts what is there."""
        self.paths.runs.mkdir(parents=True, exist_ok=True)
        self.writer = writer = await self._open.enter_async_context(StoreWriter.open(self.paths.database))
        self.reader = await self._open.enter_async_context(StoreReader.open(self.paths.database))
        self.supervisor = Supervisor(self._workspace(), writer, self.reader, self.hub, self.clock)
        self._open.push_async_callback(self.supervisor.close)
        await self.supervisor.start()

    def _workspace(self) -> Workspace:
        return Workspace(
            paths=self.paths,
            name="analytics",
            max_concurrent_runs=2,
            projects=(Project(name="flights", tool="dbt", path=".", python=sys.executable),),
            environments=(
                Environment(project="flights", name="prod", branch=self.branch),
                *(Environment(project="flights", name=name) for name in ("dev", "test")),
            ),
            jobs=tuple(self.jobs),
            webhooks=tuple(self.webhooks),
        )

    async def stop(self) -> None:
        """The engine goes; workers do not."""
        await self._open.aclose()

    async def when(self, run_id: int, status: RunStatus) -> Run:
        """The run once it has this status."""

        async def look() -> bool:
            return (await self.reader.run(run_id)).status is status

        await until(look, f"run #{run_id} is {status}", 15)
        return await self.reader.run(run_id)
