"""`python -I -m engine.worker.put_away RUN_FOLDER SEQ STEP`: takes away what a run built apart, after its worker died.

The closing steps join the journal of the run, which is over: its events go on after SEQ, its steps with STEP.
"""

import asyncio
import os
import sys
from pathlib import Path

from engine.adapters.registry import adapter_for
from engine.journal import Journal
from engine.lock import LockTaken, hold_lock
from engine.redaction import Redactor
from engine.worker.__main__ import ALREADY_TAKEN
from engine.worker.execution import Execution
from engine.worker.stop import StopSignal
from store.clock import system_clock
from store.models import RunRequest
from store.paths import RunPaths


def main(arguments: list[str]) -> int:
    """Returns 0 when the closing steps have run, however they went, ALREADY_TAKEN when another process has them run."""
    folder, seq, step = arguments
    paths = RunPaths(Path(folder))
    try:
        with hold_lock(paths.worker_lock):
            request = RunRequest.model_validate_json(paths.request.read_bytes())
            asyncio.run(_put_away(request, paths, int(seq), int(step)))
    except LockTaken:
        return ALREADY_TAKEN
    return 0


async def _put_away(request: RunRequest, paths: RunPaths, seq: int, step: int) -> None:
    environment = dict(os.environ)
    redactor = Redactor(environment)
    with Journal(paths.journal, redactor, seq) as journal:
        adapter = adapter_for(request.tool)
        execution = Execution(request, paths, adapter, journal, redactor, StopSignal(), system_clock, environment)
        await execution.put_away(step)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
