"""Finds the workspace that a folder belongs to, and the user's own settings."""

from collections.abc import Mapping
from pathlib import Path

from engine.configuration.detect import detect_projects, is_project
from engine.errors import NoWorkspace
from store.paths import WorkspacePaths


def find_workspace(folder: Path) -> WorkspacePaths:
    """The workspace of this folder: the nearest one upward with a `runroom.toml` or a record, else a project.

    A project is looked for upward first, then one or two folders below. Raises NoWorkspace.
    """
    start = folder.expanduser().absolute()
    if not start.is_dir():
        raise NoWorkspace(f"There is no folder {start}.")
    upward = [start, *start.parents]
    for place in upward:
        paths = WorkspacePaths(place)
        if paths.configuration.is_file() or paths.record.is_dir():
            return paths
    for place in upward:
        if is_project(place):
            return WorkspacePaths(place)
    found = detect_projects(start)
    if found.projects or found.problems:
        return WorkspacePaths(start)
    raise NoWorkspace(
        f"{start} has no runroom.toml and no dbt or SQLMesh project; "
        'go to a project, name one with --workspace, or see the demo with "runroom demo".'
    )


def user_file(environ: Mapping[str, str]) -> Path | None:
    """Where a user's own settings are, None for a user without a home."""
    if base := environ.get("XDG_CONFIG_HOME"):
        return Path(base) / "runroom" / "config.toml"
    return Path(environ["HOME"]) / ".config" / "runroom" / "config.toml" if environ.get("HOME") else None
