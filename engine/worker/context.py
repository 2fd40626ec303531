"""What a running step may do: the worker's side of `engine.adapters.base.StepContext`."""

from collections.abc import Callable, Mapping
from pathlib import Path

from engine.adapters.base import LogLevel, ToolCommand
from engine.redaction import Redactor
from engine.worker.step_log import StepLog
from engine.worker.stop import StopSignal
from engine.worker.tool_process import Listeners, run_process
from store.clock import Clock
from store.events import AnyEvent
from store.models import RunRequest
from store.paths import RunPaths


class WorkerStepContext:
    """One step's way to the journal, to its log and to processes."""

    def __init__(
        self,
        request: RunRequest,
        paths: RunPaths,
        project_folder: Path,
        clock: Clock,
        emit: Callable[[AnyEvent], None],
        log: StepLog,
        redactor: Redactor,
        stop: StopSignal,
        on_process: Callable[[int], None],
        environment: Mapping[str, str],
    ) -> None:
        self.request = request
        self.paths = paths
        self.project_folder = project_folder
        self.clock = clock
        self._emit = emit
        self._log = log
        self._redactor = redactor
        self._stop = stop
        self._on_process = on_process
        self._environment = environment

    def emit(self, event: AnyEvent) -> None:
        """Appends to the run's journal."""
        self._emit(event)

    def log(self, text: str, level: LogLevel = "INFO", node: str | None = None) -> None:
        """Writes to the step's log."""
        self._log.write(text, level, node)

    def hide(self, secret: str) -> None:
        """From now on this value is replaced by `•••`."""
        self._redactor.hide(secret)

    @property
    def stop_requested(self) -> bool:
        """Whether a stop was asked for."""
        return self._stop.wish is not None

    async def run_tool(
        self,
        command: ToolCommand,
        on_event: Callable[[bytes], None] | None = None,
        on_output: Callable[[str], None] | None = None,
    ) -> int:
        """Runs the process in the worker's environment plus the command's. Raises ToolNotStarted."""
        in_full = ToolCommand(
            command.arguments, command.folder, {**self._environment, **command.environment}, command.cancel_by_control
        )
        hear = on_output or self.log
        listeners = Listeners(
            started=self._on_process,
            output=lambda line: hear(line.decode("utf-8", "backslashreplace")),
            event=on_event or (lambda _: None),
        )
        return await run_process(in_full, self._stop, self.request.grace_s, listeners)
