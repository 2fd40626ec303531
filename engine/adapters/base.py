"""What a tool adapter owes the worker: the steps of a run, and the tool's own events as run-protocol events."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from store.clock import Clock
from store.events import AnyEvent
from store.models import RunRequest
from store.paths import RunPaths
from store.status import StepStatus

LogLevel = Literal["DEBUG", "INFO", "WARN", "ERROR"]


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """How a step ended. `reason` is the one sentence that becomes the run's `status_reason` when the step failed."""

    status: StepStatus
    exit_code: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ToolCommand:
    """A process of the tool.

    `{events}` and `{control}` inside `arguments` become the numbers of two descriptors that the process inherits:
    one to write JSON lines to, one to read `cancel` from. Its end of file means that the worker died.
    """

    arguments: Sequence[str]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    cancel_by_control: bool = False


class StepContext(Protocol):
    """What the worker offers to a step that runs."""

    request: RunRequest
    paths: RunPaths
    clock: Clock
    project_folder: Path
    """The project's files that this run uses: the project's folder itself, or the checkout of this run."""

    def emit(self, event: AnyEvent) -> None:
        """Appends to the run's journal; secrets are taken out first."""

    def log(self, text: str, level: LogLevel = "INFO", node: str | None = None) -> None:
        """Writes one line (or several) to the step's log."""

    def hide(self, secret: str) -> None:
        """From now on this value is replaced by `•••` in journal and logs."""

    @property
    def stop_requested(self) -> bool:
        """Whether a stop was asked for."""

    async def run_tool(
        self,
        command: ToolCommand,
        on_event: Callable[[bytes], None] | None = None,
        on_output: Callable[[str], None] | None = None,
    ) -> int:
        """Runs the process to its end and returns its exit code, negative for a signal.

        `on_event` gets each line of the events descriptor, `on_output` each line of standard output and error (which
        are logged when it is None). When a stop is asked for, the process goes down the cancel ladder meanwhile.
        """


@dataclass(frozen=True, slots=True)
class StepPlan:
    """A step that is going to run. `command` is for people to read, as they would type it.

    It is stopped, and with it the run, when it takes longer than `timeout_s` seconds. A `closing` step comes last,
    however the steps before it went and whoever stopped them.
    """

    name: str
    command: tuple[str, ...]
    run: Callable[[StepContext], Awaitable[StepOutcome]]
    timeout_s: float | None = None
    closing: bool = False


class ToolAdapter(Protocol):
    """One tool, as the worker sees it."""

    def steps(self, request: RunRequest, project_folder: Path) -> Sequence[StepPlan]:
        """The steps of this run, in order. A step that fails ends the run; its successors do not start."""

    def artifacts(self, paths: RunPaths) -> Sequence[tuple[Path, str]]:
        """The files that the run leaves, with their kinds (manifest, run_results, compiled, …)."""
