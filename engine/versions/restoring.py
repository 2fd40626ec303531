"""Puts a version's files back into a project's folder, so that nothing is lost by it."""

import asyncio
import contextlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import RunroomError, UsageError
from engine.git import GitError, git, run_git
from engine.refusals import reason, told_clearly
from engine.versions.recording import left_out, record
from engine.versions.repository import UnknownVersion, VersionRepository, split
from store.changes import FileChange

_SHOWN = 5
_STAGED = ("diff", "--cached", "-z", "--name-only", "--relative", "HEAD", "--", ".")
_MOST_FILES_SHOWN = 200
_MOST_SHOWN = 200_000
"""Characters of a difference: what a person may look through before saying yes."""


@dataclass(frozen=True, slots=True)
class Restoration:
    """What restoring a version would do to a folder, and what of it stands against that.

    `present` is the version that the folder's files are now, `uncommitted` are those of the `changes` that would lose
    edits that git does not have. `difference` is a unified diff of what changes, cut off where it is very long.
    """

    version: str
    present: str
    changes: tuple[FileChange, ...]
    uncommitted: tuple[str, ...] = ()
    difference: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What was restored. `stash` is the message under which git keeps the edits that were in the way."""

    changes: tuple[FileChange, ...]
    stash: str | None = None


def kept_reference(project: str) -> str:
    """What keeps the files that restores of a project have replaced, the last ones first."""
    return f"refs/kept/{_as_reference(project)}"


def _restored_reference(project: str) -> str:
    return f"refs/restored/{_as_reference(project)}"


def _as_reference(project: str) -> str:
    return project.encode().hex()


async def kept_version(repository: VersionRepository, project: str) -> str:
    """The files that the last restore of a project replaced. Raises UnknownVersion where none was restored."""
    try:
        return await repository.version_of(kept_reference(project))
    except UnknownVersion as error:
        raise UnknownVersion(f"Nothing was restored in {project} yet, so there is nothing to take back.") from error


async def foresee(repository: VersionRepository, project: str, folder: Path, version: str) -> Restoration:
    """What restoring this version would do; nothing is changed. Raises UnknownVersion, GitError."""
    async with repository.trying() as scratch:
        present = (await record(scratch, folder)).version
        changes = await _to_do(scratch, present, version)
        shown = [each.path for each in changes[:_MOST_FILES_SHOWN]]
        difference = (await scratch.difference_text(present, version, shown))[:_MOST_SHOWN]
    at_stake = {each.path for each in changes}
    restored = await repository.commit_of(_restored_reference(project))
    if restored is not None and await repository.version_of(restored) == present:
        at_stake = set()  # what is there came out of a version and was not edited since
    uncommitted = await _uncommitted(folder) if at_stake else []
    return Restoration(version, present, tuple(changes), tuple(sorted(at_stake.intersection(uncommitted))), difference)


async def restore(
    repository: VersionRepository, project: str, folder: Path, version: str, expected: str, stash: bool = False
) -> Done:
    """Does what was foreseen when the files were the version `expected`. What is replaced is kept as a version.

    Raises UsageError when the files are others by now, or hold uncommitted edits that are not to be stashed;
    RunroomError where git or the disk refuses: then the files are as they were.
    """
    with told_clearly("Nothing was restored"):
        foreseen = await _allowed(repository, project, folder, version, expected, stash)
        before = (await record(repository, folder)).version
        kept = kept_reference(project)
        await repository.keep(kept, before, f"Before version {version} was restored", await repository.commit_of(kept))
        message = f"runroom: before version {version[:10]} was restored" if foreseen.uncommitted else None
        if message is not None:
            await git(folder, "stash", "push", "--include-untracked", "--message", message, "--", ".")
    await _exchange(repository, folder, version, is_stashed=message is not None)
    with told_clearly("The files are restored, but that could not be written down"):
        await repository.keep(_restored_reference(project), (await record(repository, folder)).version, "Restored")
    return Done(foreseen.changes, message)


async def _allowed(
    repository: VersionRepository, project: str, folder: Path, version: str, expected: str, stash: bool
) -> Restoration:
    foreseen = await foresee(repository, project, folder, version)
    if foreseen.present != expected:
        raise UsageError("The files have changed since they were looked at; look again before you restore.")
    if foreseen.uncommitted and not stash:
        raise UsageError(f"{uncommitted_sentence(foreseen.uncommitted)} Commit them, or have them stashed.")
    if (closed := await asyncio.to_thread(_closed, folder, foreseen.changes)) is not None:
        raise UsageError(f"Nothing was restored: {closed} cannot be written.")
    return foreseen


def _closed(folder: Path, changes: Iterable[FileChange]) -> Path | None:
    """A folder in which files would change, and that nobody may write to."""
    for each in changes:
        parent = next(parent for parent in (folder / each.path).parents if parent == folder or parent.is_dir())
        if not os.access(parent, os.W_OK | os.X_OK):
            return parent
    return None


async def _exchange(repository: VersionRepository, folder: Path, version: str, is_stashed: bool) -> None:
    """Puts the version's files into the place of those that are there; all of them, or none. Raises RunroomError."""
    before: str | None = None
    try:
        before = (await record(repository, folder)).version
        await _apply(repository, folder, version, await _to_do(repository, before, version))
    except (GitError, OSError) as error:
        await _take_back(repository, folder, before, is_stashed, why=reason(error))
        raise RunroomError(f"Nothing was restored, the files are as they were: {reason(error)}") from error


async def _take_back(
    repository: VersionRepository, folder: Path, before: str | None, is_stashed: bool, why: str
) -> None:
    """Makes the files what they were. Raises RunroomError, which says what is left to do, where that fails too."""
    try:
        if before is not None:
            now = (await record(repository, folder)).version
            await _apply(repository, folder, before, await repository.difference(now, before))
        if is_stashed:
            await git(folder, "stash", "pop", "--index", "--quiet")
    except (GitError, OSError) as error:
        stashed = " Your edits are in git's stash." if is_stashed else ""
        raise RunroomError(
            f"Restoring failed half way ({why.rstrip('.')}), and so did taking it back ({reason(error).rstrip('.')}). "
            f'Once that is mended, "runroom restore RUN --undo" puts the files back.{stashed}'
        ) from error


def uncommitted_sentence(paths: Sequence[str]) -> str:
    """That these files hold edits which git does not have."""
    more = len(paths) - _SHOWN
    names = ", ".join(paths[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
    return f"Uncommitted edits would be replaced: {names}."


async def _to_do(repository: VersionRepository, present: str, version: str) -> list[FileChange]:
    """Files that the version leaves out because of their size are left alone."""
    await repository.files(version)
    aside = await _left_out_of(repository, version)
    return [each for each in await repository.difference(present, version) if each.path not in aside]


async def _left_out_of(repository: VersionRepository, version: str) -> frozenset[str]:
    return frozenset().union(*(left_out(message) for message in await repository.messages_of(version)))


async def _uncommitted(folder: Path) -> list[str]:
    """Files with edits that git does not have, by their paths within the folder; none outside of git."""
    arguments = ("ls-files", "-z", "--modified", "--others", "--exclude-standard", "--deduplicate")
    try:
        unstaged = split(await run_git(folder, arguments))
        staged = split(
            await run_git(folder, ("diff", "--cached", "-z", "--name-only", "--relative", "HEAD", "--", "."))
        )
    except GitError:
        return []
    return [*unstaged, *staged]


async def _apply(repository: VersionRepository, folder: Path, version: str, changes: Iterable[FileChange]) -> None:
    # Deletions first: a file may have to make room for a folder.
    gone = [each.path for each in changes if each.change == "deleted"]
    await asyncio.to_thread(_delete, folder, gone)
    await repository.put(version, [each.path for each in changes if each.change != "deleted"], folder)


def _delete(folder: Path, paths: Sequence[str]) -> None:
    for path in paths:
        (folder / path).unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # a folder that still holds something stays
            for parent in (folder / path).parents:
                if parent == folder:
                    break
                parent.rmdir()
