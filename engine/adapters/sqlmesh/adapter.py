"""SQLMesh, as the worker sees it: its commands run through the bridge, in the project's own interpreter."""

import json
import re
import shlex
from collections.abc import Sequence
from pathlib import Path

from engine.adapters.base import StepContext, StepOutcome, StepPlan, ToolCommand
from engine.adapters.sqlmesh.arguments import BRIDGED, bridge_arguments
from engine.adapters.sqlmesh.bridge_file import write_bridge
from engine.adapters.sqlmesh.translate import Translator
from engine.adapters.sqlmesh.values import Said, display_name, moment
from store.models import RunRequest
from store.paths import RunPaths
from store.status import StepStatus

_OUTSIDE_A_FILE_NAME = re.compile(r"[^\w.-]+")
_CANCELLED = 130


class SqlMeshAdapter:
    """Implements `engine.adapters.base.ToolAdapter`."""

    def steps(self, request: RunRequest, project_folder: Path) -> Sequence[StepPlan]:
        """One step for each command of the request."""
        return [_step(request, project_folder, shlex.split(step)) for step in request.steps]

    def artifacts(self, paths: RunPaths) -> Sequence[tuple[Path, str]]:
        """The statements that failed, as files."""
        return [(file, "compiled") for file in sorted(paths.target.glob("failed/*.sql"))]


def _step(request: RunRequest, project_folder: Path, words: Sequence[str]) -> StepPlan:
    command = words[0] if words else ""
    shown = ("sqlmesh", *words)

    async def bridged(context: StepContext) -> StepOutcome:
        return await _run_bridge(context, bridge_arguments(request, project_folder, words))

    async def plain(context: StepContext) -> StepOutcome:
        return await _run_plain(context, words)

    return StepPlan(command or "sqlmesh", shown, bridged if command in BRIDGED else plain)


async def _run_bridge(context: StepContext, arguments: Sequence[str]) -> StepOutcome:
    context.paths.target.mkdir(parents=True, exist_ok=True)
    bridge = write_bridge(context.paths.folder / "bridge.pyz")
    translator = Translator(context.clock, _saver(context.paths), context.request.options.repair_of)

    def hear(line: bytes) -> None:
        for event in translator.translate(json.loads(line)):
            context.emit(event)

    command = ToolCommand(
        arguments=[
            context.request.python,
            "-P",
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
    code = await context.run_tool(command, on_event=hear)
    bridge.unlink(missing_ok=True)
    for event in translator.environments():
        context.emit(event)
    return outcome_of(code, translator, context.stop_requested)


def _saver(paths: RunPaths):  # type: ignore[no-untyped-def]
    raise NotImplementedError
