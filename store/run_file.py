"""Where a file of a run is that its tool named: a path from a tool is data, and may lead anywhere."""

from pathlib import Path


class RunFileError(Exception):
    """The file cannot be shown; the text is one sentence that says why."""


def run_file(folder: Path, relative: str) -> Path:
    """Where a file of the run is. Touches the disk, so not for the event loop. Raises RunFileError."""
    path = (folder / relative).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise RunFileError(f"{relative} is outside of the run's folder.")
    if not path.exists():
        raise RunFileError(f"{relative} is not there any more.")
    return path
