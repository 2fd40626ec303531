"""The files of a run that its tool named: a path from a tool is data, and may lead anywhere."""

import asyncio
from pathlib import Path

MOST_BYTES = 256_000
"""What is read of a file at once; the rest is for a viewer, which pages."""


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


async def read_run_file(folder: Path, relative: str, most: int = MOST_BYTES) -> str:
    """The beginning of a file of the run in `folder`, at most `most` bytes of it.

    The path comes from the tool, so it is data: one that leads out of the run's folder is refused.
    Raises RunFileError.
    """
    return await asyncio.to_thread(_read, folder, relative, most)


def _read(folder: Path, relative: str, most: int) -> str:
    path = run_file(folder, relative)
    try:
        with path.open("rb") as file:
            return file.read(most).decode("utf-8", "replace")
    except OSError as error:
        raise RunFileError(f"{relative} cannot be read: {error.strerror}.") from error
