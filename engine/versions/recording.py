"""Records a project's files as a version."""

import asyncio
import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from engine.versions.listing import Listing, list_files
from engine.versions.repository import VersionRepository
from engine.versions.scratch import scratch_folder

_LEFT_OUT = "Left out: "


@dataclass(frozen=True, slots=True)
class Recorded:
    """A version, and what was to be in it."""

    version: str
    listing: Listing


def run_reference(run_id: int) -> str:
    """What keeps the version of a run."""
    return f"refs/runs/{run_id}"


async def record_run(repository: VersionRepository, folder: Path, run_id: int, changing: bool = True) -> Recorded:
    """Records the files of a run and keeps them for as long as there is the run.

    `changing` says that the folder will be recorded again. Raises GitError, OSError.
    """
    await repository.prepare()
    recorded = await record(repository, folder, changing)
    await repository.keep(run_reference(run_id), recorded.version, _message(f"Run #{run_id}", recorded.listing))
    return recorded


async def forget_run(repository: VersionRepository, run_id: int) -> None:
    """The version of a deleted run is no longer kept for its sake. Raises GitError."""
    if await asyncio.to_thread(repository.folder.exists):
        await repository.drop(run_reference(run_id))


async def record(repository: VersionRepository, folder: Path, changing: bool = True) -> Recorded:
    """Records the files that are in a folder now, kept by nothing yet. Raises GitError, OSError."""
    listing = await list_files(repository, folder)
    index = index_file(repository, folder)
    async with scratch_folder() as scratch:
        # A copy: another run may record the same folder at this moment.
        own = scratch / "index"
        if changing:
            await asyncio.to_thread(_copy_if_there, index, own)
        version = await repository.write(folder, listing.files, own)
        if changing and repository.scratch is None:
            await asyncio.to_thread(_put_back, own, index)
    return Recorded(version, listing)


def index_file(repository: VersionRepository, folder: Path) -> Path:
    """Git's index of a folder: by it, files that did not change are recognised without reading them."""
    name = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    return repository.folder / "indexes" / name


def left_out(message: str) -> frozenset[str]:
    """The files that a version leaves out, from what was said when it was kept."""
    return frozenset(line.removeprefix(_LEFT_OUT) for line in message.splitlines() if line.startswith(_LEFT_OUT))


def _message(subject: str, listing: Listing) -> str:
    return "\n".join((subject, "", *(f"{_LEFT_OUT}{file}" for file in listing.left_out)))


def _copy_if_there(source: Path, target: Path) -> None:
    """With its time: git tells by it which files may have changed right after it was written."""
    try:
        shutil.copy2(source, target)
    except FileNotFoundError:
        return


def _put_back(own: Path, index: Path) -> None:
    if not own.exists():
        return
    index.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=index.parent) as beside:
        partial = Path(beside) / "index"
        shutil.copy2(own, partial)
        partial.replace(index)
