"""Reads recorded versions for the screens: git is a process beside the loop that paints, files are read in threads."""

import asyncio
from collections.abc import Callable, Coroutine
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from store.changes import VersionChanges
from store.models import Run
from store.paths import WorkspacePaths

if TYPE_CHECKING:
    from engine.client.versions import Standing, VersionFile

T = TypeVar("T")


async def standing_of(paths: WorkspacePaths, run: Run) -> "Standing":
    """How the files of now differ from those of a run. Raises RunroomError."""
    return await _apart(lambda reading: reading.compare_with_now(paths, run))


async def files_of(paths: WorkspacePaths, run: Run) -> "list[VersionFile]":
    """The files that a run saw. Raises RunroomError."""
    return await _apart(lambda reading: reading.version_files(paths, run))


async def text_of(paths: WorkspacePaths, file: "VersionFile") -> str | None:
    """What was in a file of a version; None for what is no text. Raises RunroomError."""
    content = await _apart(lambda reading: reading.read_version_file(paths, file))
    return None if b"\0" in content else content.decode("utf-8", "replace")


async def changes_of(paths: WorkspacePaths, earlier: Run, run: Run) -> VersionChanges:
    """What differs from an earlier run. Raises RunroomError."""
    return await _apart(lambda reading: reading.changes_between(paths, earlier, run))


async def _apart(ask: Callable[[Any], Coroutine[Any, Any, T]]) -> T:
    # Loading what knows git and SQL takes a tenth of a second.
    return await ask(await asyncio.to_thread(import_module, "engine.client.versions"))
