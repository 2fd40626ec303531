"""Asks a project's tool what it knows of its environments, outside of any run."""

import asyncio
import json
import os
import tempfile
from pathlib import Path

from engine.adapters.base import ToolCommand
from engine.adapters.sqlmesh.bridge_file import write_bridge
from engine.adapters.sqlmesh.translate import Translator
from engine.errors import RunroomError
from engine.worker.stop import StopSignal, StopWish
from engine.worker.tool_process import Listeners, ToolNotStarted, run_process
from store.clock import Clock
from store.events import EnvironmentState

_LIMIT_S = 120.0
_GRACE_S = 2.0


class EnvironmentsUnreadable(RunroomError):
    """The tool could not say what its environments are; the text has its reason."""


async def read_environments(
    project: str, folder: Path, python: Path, gateway: str | None, clock: Clock
) -> list[EnvironmentState]:
    """What a SQLMesh project's state says of all its environments. Raises EnvironmentsUnreadable.

    The state may lie in a DuckDB file, which admits one process at a time: not to be called while a run goes on.
    """
    translator = Translator(clock, save_sql=lambda _, __: "")
    with tempfile.TemporaryDirectory(prefix="runroom-") as scratch:
        bridge = write_bridge(Path(scratch) / "bridge.pyz")
        chosen = ["--gateway", gateway] if gateway else []
        arguments = ["metadata", "--state-only", "--project", str(folder), *chosen]
        descriptors = ["--out-fd", "{events}", "--control-fd", "{control}"]
        command = ToolCommand(
            arguments=[str(python), str(bridge), *arguments, *descriptors],
            folder=folder,
            environment=os.environ,
            cancel_by_control=True,
        )
        code = await _run(command, translator)
    if code != 0:
        said = (translator.finished or {}).get("reason") or translator.error or f"it ended with {code}"
        raise EnvironmentsUnreadable(f"The environments of {project} could not be read: {said}")
    return translator.environments()


async def _run(command: ToolCommand, translator: Translator) -> int:
    stop = StopSignal()
    timer = asyncio.get_running_loop().call_later(_LIMIT_S, stop.ask, StopWish("timeout", "it took too long"))
    listeners = Listeners(
        started=lambda _: None,
        output=lambda _: None,
        event=lambda line: _hear(translator, line),
    )
    try:
        return await run_process(command, stop, _GRACE_S, listeners)
    except ToolNotStarted as error:
        raise EnvironmentsUnreadable(str(error)) from error
    finally:
        timer.cancel()


def _hear(translator: Translator, line: bytes) -> None:
    translator.translate(json.loads(line))
