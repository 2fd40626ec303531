"""SQLMesh, as the worker sees it: its commands run through the bridge, in the project's own interpreter."""

import json
import re
import shlex
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from engine.adapters.base import LogLevel, StepContext, StepOutcome, StepPlan, ToolCommand
from engine.adapters.printed import PrintedLines
from engine.adapters.sqlmesh.arguments import BRIDGED, bridge_arguments, selection
from engine.adapters.sqlmesh.bridge_file import write_bridge
from engine.adapters.sqlmesh.definitions import DefinitionFiles
from engine.adapters.sqlmesh.translate import Translator
from engine.adapters.sqlmesh.values import Said, display_name, moment
from engine.isolation import isolated_name
from store.definitions import DEFINITIONS_FOLDER, EXECUTED_FOLDER, file_stem
from store.models import RunRequest
from store.paths import RunPaths
from store.status import StepStatus

_BRIDGE_LINE = re.compile(r"\S+Z (?P<level>[A-Z]+) (?:\[(?P<node>[^\]]+)\] )?(?P<message>.*)", re.DOTALL)
_LEVELS: dict[str, LogLevel] = {"DEBUG": "DEBUG", "WARNING": "WARN", "ERROR": "ERROR", "CRITICAL": "ERROR"}
_CANCELLED = 130
_TEAR_DOWN_S = 300.0
_FAILED_FOLDER = "failed"
_ARTIFACTS = {_FAILED_FOLDER: "compiled", DEFINITIONS_FOLDER: "definition", EXECUTED_FOLDER: "run"}


class SqlMeshAdapter:
    """Implements `engine.adapters.base.ToolAdapter`."""

    def steps(self, request: RunRequest, project_folder: Path) -> Sequence[StepPlan]:
        """One step for each command of the request; a request's environment of its own is removed in the end."""
        isolated = isolated_name(request)
        if isolated is not None:
            applying = request.options.model_copy(update={"apply": True})
            request = request.model_copy(update={"target": isolated, "options": applying})
        plans = [
            replace(_step(request, project_folder, shlex.split(step)), timeout_s=request.step_timeouts_s.get(step))
            for step in request.steps
        ]
        return plans if isolated is None else [*plans, _tear_down(request, project_folder)]

    def artifacts(self, paths: RunPaths) -> Sequence[tuple[Path, str]]:
        """The statements that failed, and what was executed, as files."""
        return [
            (file, kind) for folder, kind in _ARTIFACTS.items() for file in sorted((paths.target / folder).glob("*"))
        ]


def _tear_down(request: RunRequest, project_folder: Path) -> StepPlan:
    step = _step(request, project_folder, ("invalidate", "--sync"))
    shown = ("sqlmesh", "invalidate", request.target or "", "--sync")
    return replace(step, name="tear-down", command=shown, timeout_s=_TEAR_DOWN_S, closing=True)


def _step(request: RunRequest, project_folder: Path, words: Sequence[str]) -> StepPlan:
    command = words[0] if words else ""
    shown = ("sqlmesh", *words, *selection(request, command))

    async def bridged(context: StepContext) -> StepOutcome:
        return await _run_bridge(context, bridge_arguments(request, project_folder, words))

    async def plain(context: StepContext) -> StepOutcome:
        return await _run_plain(context, words)

    return StepPlan(command or "sqlmesh", shown, bridged if command in BRIDGED else plain)


async def _run_bridge(context: StepContext, arguments: Sequence[str]) -> StepOutcome:
    context.paths.target.mkdir(parents=True, exist_ok=True)
    bridge = write_bridge(_bridge_of(context.paths))
    translator = Translator(context.clock, _saver(context.paths), context.request.options.repair_of)

    definitions = DefinitionFiles(context.paths)

    def hear(line: bytes) -> None:
        said = json.loads(line)
        definitions.hear(said)
        for event in translator.translate(said):
            context.emit(event)

    command = ToolCommand(
        arguments=[
            context.request.python,
            str(bridge),
            *arguments,
            "--out-fd",
            "{events}",
            "--control-fd",
            "{control}",
        ],
        folder=Path(context.request.project_path),
        environment={"SQLMESH__DISABLE_ANONYMIZED_ANALYTICS": "true", "PYTHONUNBUFFERED": "1"},
        cancel_by_control=True,
    )
    printed = PrintedLines()
    code = await context.run_tool(command, on_event=hear, on_output=lambda line: log_line(context, line, printed))
    bridge.unlink(missing_ok=True)
    passing = isolated_name(context.request)
    for event in translator.environments():
        # One that ends with the run is none of the project's.
        if event.environment != passing:
            context.emit(event)
    return outcome_of(code, translator, context.stop_requested)


def log_line(context: StepContext, line: str, printed: PrintedLines) -> None:
    """The bridge's lines have a head of their own; what a project prints has none."""
    head = _BRIDGE_LINE.match(line)
    if head is None:
        context.log(line, printed.level(line))
    else:
        context.log(head["message"], _LEVELS.get(head["level"], "INFO"), head["node"])


def _saver(paths: RunPaths) -> Callable[[str, str], str]:
    """Keeps a failing statement among the run's artifacts; returns where, relative to the run's folder."""

    def save(model: str, sql: str) -> str:
        file = paths.target / _FAILED_FOLDER / f"{file_stem(model)}.sql"
        file.parent.mkdir(exist_ok=True)
        file.write_text(sql, encoding="utf-8")
        return str(file.relative_to(paths.folder))

    return save


def outcome_of(code: int, translator: Translator, stop_requested: bool) -> StepOutcome:
    """How the command ended, from its exit code and from what it said last."""
    said = translator.finished or {}
    if code == _CANCELLED and stop_requested:
        return StepOutcome(StepStatus.CANCELLED, code)
    if code == 0:
        reason = _nothing_due(translator.nothing_due) if translator.nothing_due else said.get("reason")
        return StepOutcome(StepStatus.SUCCEEDED, code, reason)
    reason = said.get("reason") or translator.error
    return StepOutcome(StepStatus.FAILED, code, reason or f"SQLMesh ended with {_ending(code)} and said nothing of it.")


def _ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _nothing_due(said: Said) -> str:
    following = said.get("next") or []
    at = moment(following[0].get("at")) if following else None
    if at is None:
        return "nothing due"
    return f"nothing due; next: {display_name(following[0]['name'])} at {at:%Y-%m-%d %H:%M} UTC"


def _bridge_of(paths: RunPaths) -> Path:
    return paths.folder / "bridge.pyz"


async def _run_plain(context: StepContext, words: Sequence[str]) -> StepOutcome:
    """A command that changes no models (test, lint, format, …): SQLMesh's own, with its output as the log."""
    bridge = write_bridge(_bridge_of(context.paths))
    command = ToolCommand(
        arguments=[context.request.python, str(bridge), "sqlmesh", *words],
        folder=context.project_folder,
        environment={"SQLMESH__DISABLE_ANONYMIZED_ANALYTICS": "true", "NO_COLOR": "1"},
    )
    code = await context.run_tool(command)
    bridge.unlink(missing_ok=True)
    if code == 0:
        return StepOutcome(StepStatus.SUCCEEDED, code)
    if context.stop_requested:
        return StepOutcome(StepStatus.CANCELLED, code)
    return StepOutcome(StepStatus.FAILED, code, f"sqlmesh {' '.join(words)} ended with {_ending(code)}.")
