"""Reads recorded versions for the screens: git is asked in a thread of its own, never on the loop that paints."""

import asyncio
from collections.abc import Callable, Coroutine
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
    def work() -> T:
        from engine.client import versions  # loaded in the thread as well

        return asyncio.run(ask(versions))

    return await asyncio.to_thread(work)
