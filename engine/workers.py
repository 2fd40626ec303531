"""Worker processes, seen from outside: start one, ask whether it lives, end what it left behind."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import psutil

from store.paths import RunPaths

_CLOCK_SLACK_S = 2.0


@dataclass(frozen=True, slots=True)
class WorkerIdentity:
    """A process, told from a later one with the same pid by the time of its start (seconds since 1970)."""

    pid: int
    started: float


def start_worker(paths: RunPaths, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Starts the worker of a run in a session of its own: it outlives the engine.

    `-I` keeps folders of the user's project from shadowing Runroom's modules.
    """
    with paths.worker_log.open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-I", "-m", "engine.worker", str(paths.folder)],
            cwd="/",
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def is_alive(worker: WorkerIdentity) -> bool:
    """Whether this very process still runs; a zombie does not."""
    try:
        process = psutil.Process(worker.pid)
        return process.create_time() == worker.started and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def ask_to_stop(worker: WorkerIdentity) -> None:
    """Sends the worker the signal that begins its cancel ladder; one that is gone needs none."""
    if is_alive(worker):
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker.pid, signal.SIGTERM)


def end_group(group: int, since: datetime) -> None:
    """Kills the processes of a group that were started after `since`; an older one only shares the number."""
    for process in psutil.process_iter(["create_time"]):
        with contextlib.suppress(ProcessLookupError, psutil.NoSuchProcess, PermissionError):
            young = process.info["create_time"] >= since.timestamp() - _CLOCK_SLACK_S
            if young and os.getpgid(process.pid) == group:
                os.kill(process.pid, signal.SIGKILL)
