"""Worker processes, seen from outside: start one, ask whether it lives, end what it left behind."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping

import psutil

from engine.lock import is_locked
from store.paths import RunPaths

RUN_FOLDER_VARIABLE = "RUNROOM_RUN_FOLDER"
"""In the environment of a worker and of all that it starts: the folder of the run that they belong to."""


def start_worker(paths: RunPaths, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Starts the worker of a run in a session of its own: it outlives the engine. Raises OSError.

    `-I` keeps folders of the user's project from shadowing Runroom's modules.
    """
    return _start(paths, environment, "engine.worker")


def start_putting_away(paths: RunPaths, environment: Mapping[str, str], seq: int, step: int) -> subprocess.Popen[bytes]:
    """Starts the process that runs the closing steps of a lost run, as a worker's; see `engine.worker.put_away`."""
    return _start(paths, environment, "engine.worker.put_away", str(seq), str(step))


def _start(paths: RunPaths, environment: Mapping[str, str], module: str, *more: str) -> subprocess.Popen[bytes]:
    with paths.worker_log.open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-I", "-m", module, str(paths.folder), *more],
            cwd="/",
            env={**environment, RUN_FOLDER_VARIABLE: str(paths.folder)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def is_alive(paths: RunPaths) -> bool:
    """Whether the run has a living worker.

    Its lock tells: it goes when the worker does. Numbers of processes are given again, and the time when one started
    moves with the machine's clock.
    """
    return is_locked(paths.worker_lock)


def ask_to_stop(paths: RunPaths, pid: int) -> None:
    """Sends the run's worker the signal that begins its cancel ladder; one that is gone needs none."""
    if is_alive(paths):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)


def end_group(group: int, paths: RunPaths) -> None:
    """Kills what is left of a process group of this run, and nothing that only got the same number since."""
    for process in psutil.process_iter():
        with contextlib.suppress(ProcessLookupError, psutil.Error, PermissionError):
            if os.getpgid(process.pid) == group and process.environ().get(RUN_FOLDER_VARIABLE) == str(paths.folder):
                os.kill(process.pid, signal.SIGKILL)
