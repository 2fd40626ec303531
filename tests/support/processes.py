"""Processes of a workspace, and their violent end."""

import contextlib
import os
import signal
from pathlib import Path

import psutil

from engine.workers import RUN_FOLDER_VARIABLE


def is_running(process: psutil.Process) -> bool:
    """Whether this very process still does anything; a zombie does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def kill(process: psutil.Process) -> None:
    """`kill -9`; nothing happens to a process that is gone."""
    with contextlib.suppress(ProcessLookupError, psutil.NoSuchProcess):
        os.kill(process.pid, signal.SIGKILL)


def below(process: psutil.Process) -> list[psutil.Process]:
    """The processes that this one started, and those that they started."""
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def reading_for(engine: psutil.Process) -> list[psutil.Process]:
    """The processes that answer the API's questions for this one."""
    found: list[psutil.Process] = []
    for child in below(engine):
        with contextlib.suppress(psutil.Error):
            if is_running(child) and "engine.api.reading" in child.cmdline():
                found.append(child)
    return found


def of_workspace(folder: Path) -> list[psutil.Process]:
    """The engines of a workspace, which are told their folder, and what belongs to one of its runs."""
    found: list[psutil.Process] = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            words = [*process.cmdline(), process.environ().get(RUN_FOLDER_VARIABLE, "")]
            if any(Path(word).is_relative_to(folder) for word in words):
                found.append(process)
    return found
