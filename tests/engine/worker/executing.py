"""A whole run, executed in the test's own process with an adapter made up for it."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from engine.adapters.base import StepContext, StepOutcome, StepPlan
from engine.journal import Journal
from engine.redaction import Redactor
from engine.versions.repository import VersionRepository
from engine.worker.execution import Execution
from engine.worker.stop import StopSignal
from engine.worker.verdict import Verdict
from store.clock import system_clock
from store.events import AnyEvent, parse_event
from store.models import RunRequest
from store.paths import RunPaths
from store.status import StepStatus
from tests.store.making import request

StepBody = Callable[[StepContext], Awaitable[StepOutcome]]
SUCCEEDED = StepOutcome(StepStatus.SUCCEEDED, 0)


async def succeed(context: StepContext) -> StepOutcome:
    """A step that has nothing to do."""
    context.log("all is well")
    return SUCCEEDED


def failing(reason: str) -> StepBody:
    """A step that fails with this reason."""

    async def run(context: StepContext) -> StepOutcome:
        return StepOutcome(StepStatus.FAILED, 1, reason)

    return run


@dataclass
class MadeUpAdapter:
    """Gives the steps `first`, `second`, … with these bodies; `limits` by name, in seconds; `closing` by name."""

    bodies: Sequence[StepBody]
    leaves: Sequence[str] = ()
    limits: Mapping[str, float] = field(default_factory=dict)
    folders: list[Path] = field(default_factory=list)
    closing: Sequence[str] = ()

    def steps(self, request: RunRequest, project_folder: Path) -> Sequence[StepPlan]:
        """The steps of the test."""
        self.folders.append(project_folder)
        names = ("first", "second", "third")
        return [
            StepPlan(name, ("tool", name), body, self.limits.get(name), name in self.closing)
            for name, body in zip(names, self.bodies, strict=False)
        ]

    def artifacts(self, paths: RunPaths) -> Sequence[tuple[Path, str]]:
        """The files of the test."""
        return [(paths.folder / name, "other") for name in self.leaves]


@dataclass
class Stage:
    """Where a run is executed, and what it left."""

    folder: Path
    stop: StopSignal = field(default_factory=StopSignal)
    environment: dict[str, str] = field(default_factory=dict)
    versions: VersionRepository | None = None
    number: int = 1

    @property
    def paths(self) -> RunPaths:
        """The files of the run."""
        return RunPaths(self.folder / (str(self.number) if self.versions else "run"))

    @property
    def project(self) -> Path:
        """The project's folder."""
        return self.folder / "project"

    async def execute(self, adapter: MadeUpAdapter, **changes: object) -> Verdict:
        """Runs the steps of the adapter to the verdict."""
        self.paths.logs.mkdir(parents=True)
        self.project.mkdir(exist_ok=True)
        with self._execution(adapter, 0, **changes) as execution:
            return await execution.run()

    async def put_away(self, adapter: MadeUpAdapter, position: int) -> None:
        """Runs the closing steps of a run that was executed before."""
        with self._execution(adapter, len(self.events)) as execution:
            await execution.put_away(position)

    @contextmanager
    def _execution(self, adapter: MadeUpAdapter, seq: int = 0, **changes: object) -> Iterator[Execution]:
        wanted = request(self.number, **{"project_path": str(self.project), **changes})
        redactor = Redactor(self.environment)
        with Journal(self.paths.journal, redactor, seq) as journal:
            yield Execution(
                *(wanted, self.paths, adapter, journal, redactor, self.stop, system_clock, self.environment),
                versions=self.versions,
            )

    @property
    def events(self) -> list[AnyEvent]:
        """The journal."""
        return [parse_event(line) for line in self.paths.journal.read_bytes().splitlines()]

    @property
    def types(self) -> list[str]:
        """The types of the journal's events."""
        return [event.type for event in self.events]

    def log(self, name: str) -> str:
        """A step's log, as it reads without times."""
        lines = (self.paths.logs / name).read_text("utf-8").splitlines()
        return "\n".join(line.split(" ", 1)[1] for line in lines)
