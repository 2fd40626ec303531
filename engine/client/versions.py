"""Looks into recorded versions, in the process of whoever asks: nothing is changed, and no engine is needed."""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from engine.errors import RunroomError, UsageError
from engine.git import GitError
from engine.run_files import read_request
from engine.versions.changes import Present, changes_since, read_nodes
from engine.versions.recording import record
from engine.versions.repository import VersionFile, VersionRepository
from store.changes import FileChange, VersionChanges
from store.models import EarlierRun, Run, RunRequest
from store.paths import WorkspacePaths
from store.reads import StoreReader
from store.run_json import names_of

__all__ = [
    "Standing",
    "VersionFile",
    "changes_between",
    "compare_with_now",
    "earlier_run",
    "file_json",
    "read_changes",
    "read_version_file",
    "version_files",
]


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Standing:
    """How the project's files of now differ from those of a run: what restoring them would do."""

    changes: tuple[FileChange, ...]

    @property
    def is_same(self) -> bool:
        """Whether nothing was changed since."""
        return not self.changes


async def version_files(paths: WorkspacePaths, run: Run) -> list[VersionFile]:
    """The files that a run saw, by path. Raises UsageError where they were not recorded, RunroomError without git."""
    return await _asked(_repository(paths).files(_version(run)))


async def read_version_file(paths: WorkspacePaths, file: VersionFile) -> bytes:
    """What was in a file of a version. Raises RunroomError."""
    contents = await _asked(_repository(paths).contents([file.blob]))
    if file.blob not in contents:
        raise UsageError(f"{file.path} is not recorded any more.")
    return contents[file.blob]


async def compare_with_now(paths: WorkspacePaths, run: Run) -> Standing:
    """Whether the project's folder holds the files that the run saw. Raises UsageError, RunroomError."""
    version = _version(run)
    folder = Path((await _request(paths, run)).project_path)

    async def compare() -> Standing:
        async with _repository(paths).trying() as scratch:
            present = (await record(scratch, folder)).version
            return Standing(tuple(await scratch.difference(present, version)))

    return await _asked(compare())


async def changes_between(paths: WorkspacePaths, earlier: Run, run: Run) -> VersionChanges:
    """What differs from an earlier run to this one, with the differences in full. Raises UsageError, RunroomError."""
    before = EarlierRun(
        id=earlier.id, version=_version(earlier), commit=earlier.commit, tool_version=earlier.tool_version
    )
    request = await _request(paths, run)
    nodes = await asyncio.to_thread(read_nodes, paths.run(run.id).journal)
    present = Present(request, _version(run), nodes, run.commit, run.tool_version)
    return await _asked(changes_since(_repository(paths), before, paths.run(earlier.id), present))


async def earlier_run(reader: StoreReader, run: Run, named: Run | None, good: bool = False) -> Run | None:
    """What a run is compared with: the one that somebody named, else the previous one of its job, or last `good` one.

    None where there is none whose files were recorded. Raises UsageError for one that is not earlier, or of another
    project.
    """
    if named is None:
        known = await reader.earlier_run(run.id, good=good)
        return await reader.run(known.id) if known is not None else None
    if named.project != run.project or named.id >= run.id:
        raise UsageError(f"#{named.id} is no earlier run of {run.project}, so nothing changed since.")
    return named


async def read_changes(
    reader: StoreReader, paths: WorkspacePaths, earlier: Run | None, run: Run
) -> tuple[Mapping[str, str], VersionChanges | None]:
    """The names that people use for the models, and what differs since `earlier`. Raises as `changes_between` does."""
    names = dict(names_of(await reader.graph(run.id), await reader.models(run.id)))
    if earlier is None:
        return names, None
    # A model that is gone has a name in the earlier graph only.
    names = {**names_of(await reader.graph(earlier.id), []), **names}
    return names, await changes_between(paths, earlier, run)


def file_json(file: VersionFile) -> dict[str, Any]:
    """A file of a version as JSON, its size in bytes."""
    return {"path": file.path, "size": file.size, "is_link": file.is_link}


def _repository(paths: WorkspacePaths) -> VersionRepository:
    return VersionRepository(paths.versions)


def _version(run: Run) -> str:
    if run.version is None:
        raise UsageError(f"The files of run #{run.id} were not recorded.")
    return run.version


async def _request(paths: WorkspacePaths, run: Run) -> RunRequest:
    try:
        return await asyncio.to_thread(read_request, paths.run(run.id))
    except (OSError, ValueError) as error:
        raise UsageError(f"What was asked for as run #{run.id} cannot be read: {error}") from error


async def _asked(answer: Awaitable[T]) -> T:
    """What git answers. Raises RunroomError with what it says instead."""
    try:
        return await answer
    except (GitError, OSError) as error:
        raise RunroomError(f"The recorded versions cannot be read: {error}") from error
