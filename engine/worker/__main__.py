"""`python -I -m engine.worker RUN_FOLDER`: executes one run. Needs neither engine nor store to finish."""

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

from engine.adapters.registry import adapter_for
from engine.journal import Journal
from engine.lock import LockTaken, hold_lock
from engine.protocol import CancelRun
from engine.redaction import Redactor
from engine.versions.repository import VersionRepository
from engine.worker.execution import Execution
from engine.worker.stop import StopSignal, StopWish
from engine.worker.versioning import versions_of
from store.clock import system_clock
from store.models import RunRequest
from store.paths import RunPaths
from store.status import GOOD

ALREADY_TAKEN = 75
"""The exit code of a worker that finds another one at its run, or the run already begun."""


def main(arguments: list[str]) -> int:
    """Returns 0 when the run ended well, 1 when it did not, ALREADY_TAKEN when it was not this worker's to run."""
    paths = RunPaths(Path(arguments[0]))
    try:
        with hold_lock(paths.worker_lock):
            if paths.journal.exists() and paths.journal.stat().st_size > 0:
                return ALREADY_TAKEN
            request = RunRequest.model_validate_json(paths.request.read_bytes())
            return asyncio.run(_execute(request, paths))
    except LockTaken:
        return ALREADY_TAKEN


async def _execute(request: RunRequest, paths: RunPaths) -> int:
    stop = StopSignal()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, lambda: stop.ask(_wish(paths)))
    environment = dict(os.environ)
    redactor = Redactor(environment)
    with Journal(paths.journal, redactor) as journal:
        versions = VersionRepository(versions_of(paths))
        execution = Execution(
            request, paths, adapter_for(request.tool), journal, redactor, stop, system_clock, environment, versions
        )
        ended = await execution.run()
    return 0 if ended.status in GOOD else 1


def _wish(paths: RunPaths) -> StopWish:
    """Who asked stands in the control file; a bare signal is a stop as well."""
    author = None
    with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
        author = CancelRun.model_validate_json(paths.control.read_bytes().splitlines()[-1]).author
    return StopWish("cancel", f"stopped by {author}" if author else "stopped")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
