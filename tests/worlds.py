"""Named worlds: workspaces whose record is known to the second, for pictures, tests and benchmarks alike."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.errors import RunroomError
from engine.protocol import DeedName, PinnedJob, Refreshed, RerunMode, RerunPreview, Restored, RestorePreview
from store import events
from store.events import AnyEvent, EnvironmentState
from store.models import Environment, Job, JobPause, Project, Run, RunKind, RunOptions, RunRequest, Trigger
from store.paths import WorkspacePaths
from store.readers import reads_of
from store.status import RunStatus
from store.writes import JournalEntry, StoreWriter
from tests.mesh_worlds import mesh
from tests.simulated_files import write_files
from tests.simulated_run import Scenario, run_events
from tui.services import Services

NOW = datetime(2026, 11, 21, 14, 4, tzinfo=UTC)
"""The moment at which every world stands still."""

DELAYS_ERROR = """Runtime Error in model int_delays (models/intermediate/int_delays.sql)
  Binder Error: Referenced column "tailnum" not found in FROM clause!
  Candidate bindings: "tail_number", "carrier_code", "flight_date"

  LINE 14:     tailnum,
               ^
  compiled code at target/compiled/models/intermediate/int_delays.sql"""


@dataclass
class FakeActions:
    """Records what is asked of the engine; `problem` is what it answers with, where it shall fail."""

    reads_run: Callable[[int], Awaitable[Run]]
    calls: list[tuple[object, ...]] = field(default_factory=list)
    problem: RunroomError | None = None
    previews: dict[RerunMode, RerunPreview] = field(default_factory=dict)
    restoration: RestorePreview | None = None

    async def start(self, job: str, environment: str | None = None, options: RunOptions | None = None) -> Run:
        """Answers with the last run, as though it were the new one."""
        return await self._answer(0, "start", job, environment, options or RunOptions())

    async def preview_start(self, job: str, options: RunOptions, environment: str | None = None) -> tuple[str, ...]:
        """Answers as for a job that builds; nothing is recorded as a call."""
        if self.problem is not None:
            raise self.problem
        select = ["--select", *options.select] if options.select else []
        target = ["--target", environment.rpartition("/")[2]] if environment is not None else []
        return ("dbt deps", " ".join(["dbt build", *select, *target]))

    async def start_engine(self) -> int:
        """Notes the wish."""
        self.calls.append(("start_engine",))
        return 4711

    async def cancel(self, run_id: int) -> Run:
        """Answers with the run as it is."""
        return await self._answer(run_id, "cancel", run_id)

    async def rerun(self, run_id: int, mode: RerunMode = "latest") -> Run:
        """Answers with the run as it is."""
        return await self._answer(run_id, "rerun", run_id, mode)

    async def preview_rerun(self, run_id: int, mode: RerunMode) -> RerunPreview:
        """Answers with what was staged, for this way of running again; nothing is recorded as a call."""
        if self.problem is not None:
            raise self.problem
        default = RerunPreview(run=run_id, mode=mode, commands=("dbt build --target prod",), source="the present files")
        return self.previews.get(mode, default)

    async def preview_restore(self, run_id: int) -> RestorePreview:
        """Answers with what was staged."""
        await self._answer(run_id, "preview restore", run_id)
        assert self.restoration is not None, "no restoration is staged"
        return self.restoration

    async def restore(self, run_id: int, present: str, stash: bool) -> Restored:
        """Answers as though it had been done."""
        await self._answer(run_id, "restore", run_id, present, stash)
        assert self.restoration is not None, "no restoration is staged"
        return Restored(changes=self.restoration.changes, stash="runroom: before" if stash else None)

    async def pin_job(self, run_id: int, name: str) -> PinnedJob:
        """Answers as though the job had been written."""
        await self._answer(run_id, "pin", run_id, name)
        return PinnedJob(job=f"flights/{name}", version="4b825dc", file="runroom.toml")

    async def plan(self, environment: str, options: RunOptions) -> Run:
        """Answers with the last run, as though it were the new one."""
        return await self._answer(0, "plan", environment, options)

    async def triage(self, run_id: int, deed: DeedName, note: str | None = None) -> Run:
        """Answers with the run as it is."""
        return await self._answer(run_id, deed, run_id, note)

    async def delete(self, run_id: int) -> Run:
        """Answers with the run as it is."""
        return await self._answer(run_id, "delete", run_id)

    async def rename(self, run_id: int, name: str) -> Run:
        """Answers with the run as it is."""
        return await self._answer(run_id, "rename", run_id, name)

    async def repair(self, run_id: int) -> Run:
        """Answers with the last run, as though it were the new one."""
        return await self._answer(0, "repair", run_id)

    async def pause_job(self, job: str, reason: str) -> JobPause:
        """Answers as though the job were paused now."""
        return await self._pause(("pause", job, reason), job, reason)

    async def resume_job(self, job: str) -> JobPause:
        """Answers with the pause that is over."""
        return await self._pause(("resume", job), job, "maintenance")

    async def _pause(self, call: tuple[object, ...], job: str, reason: str) -> JobPause:
        self.calls.append(call)
        if self.problem is not None:
            raise self.problem
        project, _, name = job.rpartition("/")
        return JobPause(project=project, job=name, reason=reason, author="anna", paused_at=NOW)

    async def reload_configuration(self) -> str | None:
        """Finds nothing wrong, unless there is a problem."""
        self.calls.append(("reload",))
        if self.problem is not None:
            raise self.problem
        return None

    async def test_notifications(self) -> dict[str, str | None]:
        """Answers as though one of two channels did not answer."""
        self.calls.append(("test notifications",))
        if self.problem is not None:
            raise self.problem
        return {"oncall": None, "mail": "The web address answered 500."}

    async def refresh_environments(self, project: str | None = None) -> Refreshed:
        """Answers as though two environments had been read."""
        self.calls.append(("refresh", project))
        if self.problem is not None:
            raise self.problem
        return Refreshed(projects=("flights_mesh",), environments=2)

    async def _answer(self, run_id: int, *call: object) -> Run:
        self.calls.append(call)
        if self.problem is not None:
            raise self.problem
        return await self.reads_run(run_id)


@dataclass(frozen=True)
class World:
    """A workspace with a record. `runs` gives the numbers of its runs by the part that they play."""

    paths: WorkspacePaths
    services: Services
    actions: FakeActions
    runs: dict[str, int]

    async def ask(self, job: str) -> int:
        """Somebody asks for a run of a job; its number."""
        async with StoreWriter.open(self.paths.database) as writer:
            return await WorldBuilder(writer, self.paths).ask(job, NOW, job=job)

    async def happen(self, run_id: int, *found: AnyEvent) -> None:
        """More events of a run reach the store, as they do through the engine."""
        async with StoreWriter.open(self.paths.database) as writer:
            position = await writer.journal_position(run_id)
            numbered = [
                event.model_copy(update={"seq": position.seq + number}) for number, event in enumerate(found, 1)
            ]
            entries = [JournalEntry(position.offset + event.seq, event) for event in numbered]
            await writer.apply(run_id, entries, entries[-1].end)


PROJECTS = (
    Project(name="flights", tool="dbt", path="flights"),
    Project(name="flights_mesh", tool="sqlmesh", path="flights_mesh"),
)
ENVIRONMENTS = (
    Environment(project="flights", name="prod", target="prod", type="production", branch="main"),
    Environment(project="flights", name="staging", target="staging", type="staging", branch="main"),
    Environment(project="flights", name="dev", target="dev"),
    Environment(project="flights_mesh", name="prod", target="prod", type="production", branch="main"),
    Environment(project="flights_mesh", name="dev_anna", target="dev_anna"),
)
JOBS = (
    Job(project="flights", name="nightly", environment="prod", steps=("deps", "build"), schedule="0 3 * * *"),
    Job(project="flights", name="hourly", environment="prod", steps=("build --select staging",), schedule="2 * * * *"),
    Job(project="flights", name="check", environment="staging", type="ci", steps=("build",)),
    Job(project="flights", name="build", environment="dev", steps=("build",), implied=True),
    Job(project="flights_mesh", name="plan", environment="dev_anna", kind="plan", steps=("plan",), implied=True),
    Job(project="flights_mesh", name="run", environment="prod", steps=("run",)),
)


class WorldBuilder:
    """Writes runs into a new store, one after the other."""

    def __init__(self, writer: StoreWriter, paths: WorkspacePaths) -> None:
        self._writer = writer
        self._paths = paths
        self.runs: dict[str, int] = {}

    async def ask(
        self,
        role: str,
        created_at: datetime,
        job: str = "nightly",
        trigger: Trigger = "schedule",
        author: str | None = None,
        status: RunStatus = RunStatus.QUEUED,
        kind: RunKind = "run",
        options: RunOptions | None = None,
    ) -> int:
        """Records a request for a run."""
        found = next(item for item in JOBS if item.name == job)
        environment = next(e for e in ENVIRONMENTS if (e.project, e.name) == (found.project, found.environment))
        project = next(item for item in PROJECTS if item.name == found.project)
        run_id = await self._writer.next_run_id()
        request = RunRequest(
            id=run_id,
            kind=found.kind if found.kind == "plan" else kind,
            name=job,
            project=found.project,
            environment=found.environment,
            job=job,
            job_type=found.type,
            trigger=trigger,
            author=author,
            created_at=created_at,
            tool=project.tool,
            project_path=str(self._paths.folder / project.path),
            python="python3",
            target=environment.target,
            branch=environment.branch,
            steps=found.steps,
            options=options or RunOptions(),
        )
        await self._writer.create_run(request, status)
        self.runs[role] = run_id
        return run_id

    async def happen(self, run_id: int, *found: AnyEvent) -> None:
        """Applies numbered events."""
        entries = [JournalEntry(event.seq, event) for event in found]
        await self._writer.apply(run_id, entries, entries[-1].end)

    async def execute(self, role: str, scenario: Scenario, **request: object) -> int:
        """Records a run with all that happened in it, and the files that it left."""
        run_id = await self.ask(role, scenario.started_at - timedelta(seconds=1), **request)  # type: ignore[arg-type]
        found = run_events(scenario)
        await self.happen(run_id, *found)
        await asyncio.to_thread(write_files, self._paths.run(run_id), found)
        return run_id

    async def know(self, project: str, *states: EnvironmentState) -> None:
        """SQLMesh has said this of a project's environments."""
        await self._writer.record_environments(project, states)

    async def wait(self, run_id: int, waits_for: int) -> None:
        """Says for whom a queued run waits."""
        await self._writer.set_waiting(run_id, waits_for, f"Waits for #{waits_for}, which writes the same environment.")


async def _history(build: WorldBuilder) -> None:
    """Two weeks of a quiet workspace."""
    for day in range(14, 1, -1):
        begin = NOW.replace(hour=3, minute=0) - timedelta(days=day)
        await build.execute(f"night-{day}", Scenario(begin, pace=0.8 + (day * 5 % 7) / 10, warns=day % 6 == 0))
    await build.execute("check", Scenario(NOW - timedelta(days=3, hours=2), pace=0.2, warns=False), job="check",
                        trigger="pull_request", author="ben")  # fmt: skip
    await build.execute("plan", Scenario(NOW - timedelta(hours=20), pace=0.1, warns=False), job="plan",
                        trigger="manual", author="anna", options=RunOptions(apply=True))  # fmt: skip
    await build.execute("mesh", Scenario(NOW - timedelta(hours=9), pace=0.3, warns=False), job="run")


async def _completed(build: WorldBuilder) -> None:
    await _history(build)
    scenario = Scenario(NOW - timedelta(hours=2), pace=1.6, warns=False)
    await build.execute("completed", scenario, trigger="manual", author="anna")


async def _failed(build: WorldBuilder) -> None:
    await _completed(build)
    await build.execute("failed", Scenario(NOW - timedelta(minutes=62), {"int_delays": DELAYS_ERROR}, pace=1.7))


async def _recurring(build: WorldBuilder) -> None:
    """What failed days ago fails again, in several models, and something new beside it."""
    await _history(build)
    before = {"int_delays": DELAYS_ERROR}
    await build.execute("failed-before", Scenario(NOW - timedelta(days=2, hours=1), before, warns=False))
    await build.execute("failed-alike", Scenario(NOW - timedelta(days=1, hours=3), before, warns=False), job="hourly")
    now = {name: DELAYS_ERROR.replace("int_delays", name) for name in ("int_delays", "int_aircraft_rotations")}
    now["stg_weather"] = "Runtime Error in model stg_weather (models/stg_weather.sql)\n  IO Error: disk full"
    await build.execute("failed", Scenario(NOW - timedelta(minutes=62), now, pace=1.7))


async def _running(build: WorldBuilder) -> None:
    await _failed(build)
    await build.execute("running", Scenario(NOW - timedelta(seconds=130), pace=1.7, seconds=130))


async def _cancelled(build: WorldBuilder) -> None:
    await _completed(build)
    scenario = Scenario(NOW - timedelta(minutes=31), seconds=95, stopped=True)
    await build.execute("cancelled", scenario, trigger="manual", author="anna")


async def _queued(build: WorldBuilder) -> None:
    """Everything at once: one runs, one waits for it, one was skipped, one is yet to come."""
    await _running(build)
    running = build.runs["running"]
    skipped = await build.ask("skipped", NOW - timedelta(seconds=50), trigger="manual", author="ben")
    end = events.RunFinished(
        ts=NOW - timedelta(seconds=50),
        seq=1,
        status=RunStatus.SKIPPED,
        reason=f"#{running} of the same job was still running.",
        collided_with=running,
    )
    await build.happen(skipped, end)
    queued = await build.ask("queued", NOW - timedelta(seconds=40), job="hourly")
    await build.wait(queued, running)
    await build.ask("scheduled", NOW - timedelta(seconds=30), job="run", status=RunStatus.SCHEDULED)
    broken = await build.ask("error", NOW - timedelta(minutes=5), job="check", trigger="pull_request", author="ben")
    lost = events.RunFinished(
        ts=NOW - timedelta(minutes=4), seq=1, status=RunStatus.ERROR, reason="The worker could not be started."
    )
    await build.happen(broken, lost)


async def _mesh(build: WorldBuilder) -> None:
    await mesh(build, NOW)


async def _empty(build: WorldBuilder) -> None:
    """Nothing ran yet."""


_WORLDS: dict[str, Callable[[WorldBuilder], Awaitable[None]]] = {
    "empty": _empty,
    "idle": _history,
    "completed": _completed,
    "failed": _failed,
    "recurring": _recurring,
    "running": _running,
    "cancelled": _cancelled,
    "queued": _queued,
    "mesh": _mesh,
}
WORLDS = tuple(_WORLDS)


async def build_world(name: str, folder: Path) -> World:
    """Makes the world of this name in a folder: the workspace `analytics` with two projects, at `NOW`.

    The parts in `World.runs` are `completed`, `failed`, `running`, `cancelled`, `queued`, `skipped`, `scheduled`,
    `error`, as far as the world has them, and those of a quiet fortnight (`night-14` to `night-2`, `check`, `plan`,
    `mesh`) in all but the empty one and that of SQLMesh, `mesh`, which has parts of its own.
    """
    paths = WorkspacePaths(folder)
    paths.record.mkdir(parents=True, exist_ok=True)
    async with StoreWriter.open(paths.database) as writer:
        await writer.sync_workspace("analytics", PROJECTS, ENVIRONMENTS, JOBS)
        builder = WorldBuilder(writer, paths)
        await _WORLDS[name](builder)
    return open_world(folder, builder.runs)


def open_world(folder: Path, runs: dict[str, int]) -> World:
    """A world that was built before; nothing is read or written yet."""
    paths = WorkspacePaths(folder)
    reads = reads_of(paths)

    async def run_of(run_id: int) -> Run:
        async with reads() as reader:
            return await (reader.run(run_id) if run_id else reader.latest_run())

    actions = FakeActions(run_of)
    return World(paths, Services(paths, reads, actions, clock=lambda: NOW), actions, runs)
