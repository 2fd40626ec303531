"""Finds workspaces and engines; apart from the rest, because it is all that the lightest commands need."""

from engine.configuration.locate import find_workspace
from engine.lock import is_locked
from store.paths import WorkspacePaths

__all__ = ["engine_is_running", "find_workspace"]


def engine_is_running(paths: WorkspacePaths) -> bool:
    """Whether an engine serves this workspace, asked of the kernel: no connection is made."""
    return is_locked(paths.engine_lock)
