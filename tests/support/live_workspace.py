"""A workspace with a real engine, real workers and real tools."""

from collections.abc import Callable
from pathlib import Path

import psutil

from engine.client.launch import ensure_engine
from engine.protocol import StartRun
from store.events import AnyEvent, StepStarted, parse_event
from store.models import Run
from store.paths import RunPaths, WorkspacePaths
from store.reads import StoreReader
from tests.support.processes import is_running, kill, of_workspace
from tests.support.waiting import until

GRACE_S = 120.0
"""How long a run may take on a machine that does other things too."""


class LiveWorkspace:
    """The folder, and what one does with it. Whoever makes one must `end` it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.paths = WorkspacePaths(folder)

    # -- asking -------------------------------------------------------------------------------------------------

    async def start(self, job: str | None = "build", **wanted: object) -> Run:
        """Asks the engine, which is started where there is none, for a run."""
        async with await ensure_engine(self.folder) as client:
            return await client.start_run(StartRun.model_validate({"job": job, **wanted}))

    async def run_to_end(self, job: str | None = "build", **wanted: object) -> Run:
        """Starts a run and returns it once it is over."""
        return await self.ended((await self.start(job, **wanted)).id)

    async def cancel(self, run_id: int) -> Run:
        """Asks for a stop."""
        async with await ensure_engine(self.folder) as client:
            return await client.cancel(run_id, author="ann")

    # -- looking ------------------------------------------------------------------------------------------------

    async def run(self, run_id: int) -> Run:
        """What the store says of it now."""
        async with StoreReader.open(self.paths.database) as reader:
            return await reader.run(run_id)

    async def when(self, run_id: int, holds: Callable[[Run], bool], what: str, limit_s: float = GRACE_S) -> Run:
        """The run as soon as the store says this of it."""
        async with StoreReader.open(self.paths.database) as reader:

            async def look() -> bool:
                return holds(await reader.run(run_id))

            await until(look, f"run #{run_id} {what}", limit_s)
            return await reader.run(run_id)

    async def ended(self, run_id: int, limit_s: float = GRACE_S) -> Run:
        """The run once it is over."""
        return await self.when(run_id, lambda run: not run.is_active, "is over", limit_s)

    def files(self, run_id: int) -> RunPaths:
        """The files of a run."""
        return self.paths.run(run_id)

    def events(self, run_id: int) -> list[AnyEvent]:
        """The whole lines of a run's journal."""
        journal = self.files(run_id).journal
        lines = journal.read_bytes().splitlines(keepends=True) if journal.exists() else []
        return [parse_event(line) for line in lines if line.endswith(b"\n")]

    async def journaled(self, run_id: int, holds: Callable[[list[AnyEvent]], bool], what: str) -> None:
        """Returns once the journal says this."""
        await until(lambda: holds(self.events(run_id)), f"the journal of run #{run_id} says {what}")

    # -- processes ----------------------------------------------------------------------------------------------

    def engine(self) -> psutil.Process:
        """The engine that holds the lock."""
        return psutil.Process(int(self.paths.engine_lock.read_text()))

    async def worker(self, run_id: int) -> psutil.Process:
        """The worker of a run that is executed."""
        run = await self.when(run_id, lambda run: run.pid is not None, "has a worker")
        assert run.pid is not None
        return psutil.Process(run.pid)

    async def tool(self, run_id: int) -> psutil.Process:
        """The tool's process in the step that runs now."""
        found: list[int] = []

        def has_started(events: list[AnyEvent]) -> bool:
            groups = (event.process_group for event in events if isinstance(event, StepStarted))
            found[:] = [group for group in groups if group is not None]
            return bool(found)

        await self.journaled(run_id, has_started, "that a tool was started")
        return psutil.Process(found[-1])

    async def kill_engine(self) -> None:
        """`kill -9`, and certainty that it is gone."""
        engine = self.engine()
        kill(engine)
        await until(lambda: not is_running(engine), "the engine is dead")

    def end(self) -> None:
        """Kills whatever still runs here."""
        processes = of_workspace(self.folder)
        for process in processes:
            kill(process)
        psutil.wait_procs(processes, timeout=5)
