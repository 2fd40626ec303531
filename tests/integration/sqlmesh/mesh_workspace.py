"""A workspace of SQLMesh projects, each a copy of one that was planned once, with one engine for all of them."""

from datetime import datetime
from pathlib import Path
from typing import Any

from engine.client.launch import ensure_engine
from engine.protocol import Refreshed, RepairRun, StartRun
from store.clock import system_clock
from store.events import EnvironmentState, StepStarted
from store.models import Environment, InterruptedInterval, Phase, Run, RunOptions, TornRun
from store.reads import StoreReader
from store.run_json import whole_run
from tests.integration.sqlmesh.lab import Lab
from tests.support.live_workspace import LiveWorkspace
from tests.support.waiting import until

LIMIT_S = 120.0
"""How long one run may take on a machine that does other things too."""

FIRST_PLAN = "plan --execution-time 2026-01-03"
"""Loads the first two of six days; the other four are due afterwards."""


class MeshProject:
    """One project: its files and database, and what the engine is asked to do with it."""

    def __init__(self, live: LiveWorkspace, lab: Lab) -> None:
        self.live = live
        self.lab = lab
        self.name = lab.folder.name

    async def start(self, environment: str = "prod", **wanted: object) -> Run:
        """Asks for a run, or a plan, of steps of its own."""
        place = {"job": None, "environment": f"{self.name}/{environment}"}
        async with await ensure_engine(self.live.folder) as client:
            # An engine does not look for new projects by itself.
            await client.reload()
            return await client.start_run(StartRun.model_validate(place | wanted))

    async def done(self, environment: str = "prod", **wanted: object) -> Run:
        """A run of steps of its own, once it is over."""
        return await self.ended(await self.start(environment, **wanted))

    async def plan(self, environment: str, *, steps: tuple[str, ...] = (), **options: object) -> Run:
        """A plan, once it is over."""
        return await self.done(
            environment,
            kind="plan",
            new_environment=True,
            steps=steps,
            options=RunOptions.model_validate(options),
        )

    async def ended(self, run: Run) -> Run:
        """The run once it is over."""
        return await self.live.ended(run.id, LIMIT_S)

    async def in_a_long_batch(self, run: Run) -> None:
        """Returns once rows of the slow model were deleted and their insert is under way."""
        log = self.live.files(run.id).logs

        def inserts() -> bool:
            lines = [line for file in log.glob("*.log") for line in file.read_text().splitlines()]
            return any("INSERT INTO" in line and "[lab.daily]" in line for line in lines)

        await until(inserts, f"run #{run.id} inserts", LIMIT_S)

    async def repair(self, run: Run) -> Run:
        """The run that repairs this one, once it is over."""
        async with await ensure_engine(self.live.folder) as client:
            return await self.ended(await client.repair(run.id, RepairRun(author="ann")))

    async def refresh(self) -> Refreshed:
        """Has the environments read."""
        async with await ensure_engine(self.live.folder) as client:
            return await client.refresh_environments(self.name)

    def process_groups(self, run: Run) -> list[int]:
        """The groups of all processes that the run's steps started."""
        started = (event for event in self.live.events(run.id) if isinstance(event, StepStarted))
        return [event.process_group for event in started if event.process_group is not None]

    # -- the record ---------------------------------------------------------------------------------------------

    async def shown(self, run: Run) -> dict[str, Any]:
        """What `runroom show --json` prints."""
        async with StoreReader.open(self.live.paths.database) as reader:
            return await whole_run(reader, self.live.paths, run.id, system_clock())

    async def environments(self) -> dict[str, EnvironmentState]:
        """What is recorded of the project's environments."""
        async with StoreReader.open(self.live.paths.database) as reader:
            return await reader.environment_states(self.name)

    async def phases(self, run: Run) -> list[Phase]:
        """The stages that the run went through."""
        async with StoreReader.open(self.live.paths.database) as reader:
            return await reader.phases(run.id)

    async def interrupted(self, run: Run) -> list[InterruptedInterval]:
        """What the run left half-written."""
        async with StoreReader.open(self.live.paths.database) as reader:
            return await reader.interrupted_intervals(run.id)

    async def torn(self) -> tuple[TornRun, ...]:
        """The runs that left intervals of the production environment half-written."""
        async with StoreReader.open(self.live.paths.database) as reader:
            (health,) = await reader.health_of([(Environment(project=self.name, name="prod"), "sqlmesh")])
            return health.torn

    async def read_since(self, moment: datetime) -> None:
        """Waits until the project's environments were read after this moment."""

        async def is_read() -> bool:
            return any(state.ts > moment for state in (await self.environments()).values())

        await until(is_read, "the environments are read again")

    def tables(self) -> list[tuple[Any, ...]]:
        """All that the database has, by name, and what SQLMesh's state has of environments and versions."""
        tables = self.lab.query("SELECT table_schema, table_name FROM information_schema.tables ORDER BY ALL")
        environments = self.lab.query("SELECT name, plan_id, finalized_ts FROM sqlmesh._environments ORDER BY ALL")
        versions = self.lab.query("SELECT name, identifier, version FROM sqlmesh._snapshots ORDER BY ALL")
        return [*tables, *environments, *versions]


def new_project(live: LiveWorkspace, bridge: Path, name: str, template: Lab | None = None) -> MeshProject:
    """A project in a folder of the workspace, as the template is now, or never planned."""
    folder = live.folder / name
    if template is not None:
        return MeshProject(live, template.copy_to(folder))
    lab = Lab(folder, bridge)
    folder.mkdir(parents=True)
    lab.fill()
    return MeshProject(live, lab)
