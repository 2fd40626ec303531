"""Reads the files of a run for the screen: a bounded piece, off the event loop."""

import asyncio
from pathlib import Path

from store.run_file import RunFileError, run_file

__all__ = ["MOST_BYTES", "RunFileError", "read_run_file", "run_file"]

MOST_BYTES = 256_000
"""What a pane shows of a file at most; the rest is for the viewer, which pages."""


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
