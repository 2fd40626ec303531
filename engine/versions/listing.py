"""Which files of a project a version holds."""

import asyncio
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.git import GitError, GitNotInstalled, run_git
from engine.versions.ignored import is_always_ignored
from engine.versions.repository import VersionRepository, split

FILE_LIMIT = 10_000_000
"""Bytes: a larger file is data, not a definition."""
TOTAL_LIMIT = 200_000_000
"""Bytes of all files of a version; beyond it the largest are left out."""
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Listing:
    """The files that a version holds, and those that it would hold were they smaller, or readable."""

    files: tuple[str, ...]
    left_out: tuple[str, ...] = ()

    @property
    def notice(self) -> str | None:
        """A sentence that names what was left out; None when nothing was."""
        if not self.left_out:
            return None
        more = len(self.left_out) - _NAMED
        names = ", ".join(self.left_out[:_NAMED]) + (f" and {more} more" if more > 0 else "")
        megabytes = FILE_LIMIT // 1_000_000
        return f"The recorded version leaves out what is unreadable, or larger than {megabytes} MB: {names}."


async def list_files(repository: VersionRepository, folder: Path) -> Listing:
    """Tracked and new files, without those that git ignores; outside of git, without what is usually ignored.

    Raises GitError.
    """
    found = await _known_to_git(folder) or await repository.others(folder)
    files = await _within(folder, found)
    return await asyncio.to_thread(_limited, folder, [file for file in files if not is_always_ignored(file)])


async def _known_to_git(folder: Path) -> list[str]:
    """Nothing where the folder is in no repository, or ignored by its own."""
    try:
        return split(await run_git(folder, ("ls-files", "-z", "--cached", "--others", "--exclude-standard")))
    except GitNotInstalled:
        raise
    except GitError:
        return []


async def _within(folder: Path, paths: Sequence[str]) -> list[str]:
    """The paths, with the files of repositories inside of this one in the place of their folders."""
    inner = [path.rstrip("/") for path in paths if await asyncio.to_thread(_is_folder, folder / path)]
    found = {path for path in paths if path.rstrip("/") not in inner}
    for path in inner:
        below = await _within(folder / path, await _known_to_git(folder / path))
        found.update(f"{path}/{file}" for file in below)
    return sorted(found)


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _is_text(name: str) -> bool:
    """Whether a name can be said at all: file systems take any bytes."""
    return not any("\ud800" <= character <= "\udfff" for character in name)


def _limited(folder: Path, files: Sequence[str]) -> Listing:
    sizes: dict[str, int] = {}
    left_out: list[str] = []
    for file in files:
        if not _is_text(file):
            left_out.append(os.fsencode(file).decode(errors="backslashreplace"))
            continue
        try:
            status = os.lstat(folder / file)
        except OSError:
            continue  # gone since it was listed
        if stat.S_ISLNK(status.st_mode):
            sizes[file] = 0
        elif stat.S_ISREG(status.st_mode) and status.st_size <= FILE_LIMIT and os.access(folder / file, os.R_OK):
            sizes[file] = status.st_size
        else:
            left_out.append(file)
    total = sum(sizes.values())
    for file in sorted(sizes, key=lambda each: -sizes[each]):
        if total <= TOTAL_LIMIT:
            break
        total -= sizes.pop(file)
        left_out.append(file)
    return Listing(tuple(sizes), tuple(sorted(left_out)))
