"""The workspace's `versions.git`: a bare repository that keeps files by their content, for git's plumbing alone.

A version is the id of a git tree. What refers to one keeps it: `refs/runs/<id>` for a run, `refs/jobs/…` for a job
that always runs it, `refs/kept/…` for files that a restore replaced.
"""

import asyncio
import contextlib
import os
import tempfile
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import UsageError
from engine.git import GitError, GitNotInstalled, run_git
from engine.versions.ignored import ALWAYS_IGNORED, USUALLY_IGNORED
from engine.versions.scratch import scratch_folder
from store.changes import FileChange, FileChangeKind

_LINK = "120000"
_CHANGES: dict[str, FileChangeKind] = {"A": "added", "D": "deleted", "M": "modified", "T": "modified"}
# Of nobody's own configuration: files are kept byte by byte, whatever filters and line ends somebody prefers.
_VARIABLES = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_AUTHOR_NAME": "Runroom",
    "GIT_AUTHOR_EMAIL": "runroom@localhost",
    "GIT_COMMITTER_NAME": "Runroom",
    "GIT_COMMITTER_EMAIL": "runroom@localhost",
    "LC_ALL": "C",
}
_ATTRIBUTES = "* -text -eol -ident -filter -working-tree-encoding\n"


class UnknownVersion(UsageError):
    """No such version was recorded here, or it is not kept any more."""


@dataclass(frozen=True, slots=True)
class VersionFile:
    """A file of a version. `size` in bytes; `blob` is the id of its content."""

    path: str
    blob: str
    size: int
    is_link: bool = False


@dataclass(frozen=True, slots=True)
class VersionRepository:
    """The repository at `folder`. With `scratch`, what is written goes there and the repository is only read."""

    folder: Path
    scratch: Path | None = None

    async def prepare(self) -> None:
        """Makes the repository where there is none. Raises GitError, OSError."""
        if not await asyncio.to_thread((self.folder / "HEAD").exists):
            await self._make()
        await asyncio.to_thread(_write_if_changed, self.folder / "info" / "attributes", _ATTRIBUTES)
        ignored = "\n".join((*USUALLY_IGNORED, *ALWAYS_IGNORED, ""))
        await asyncio.to_thread(_write_if_changed, self.folder / "info" / "exclude", ignored)

    async def _make(self) -> None:
        # It appears whole: other workers may want it at the same moment.
        await asyncio.to_thread(self.folder.parent.mkdir, parents=True, exist_ok=True)
        async with scratch_folder(self.folder.parent) as partial:
            made = partial / self.folder.name
            await run_git(partial, ("init", "--quiet", "--bare", "--template=", str(made)), _VARIABLES)
            with contextlib.suppress(OSError):  # somebody else was first
                await asyncio.to_thread(made.rename, self.folder)

    @asynccontextmanager
    async def trying(self) -> AsyncIterator["VersionRepository"]:
        """The same repository for as long as something is tried out: nothing that is written in it stays."""
        async with scratch_folder() as scratch:
            yield replace(self, scratch=scratch)

    # -- writing ------------------------------------------------------------------------------------------------

    async def write(self, folder: Path, files: Sequence[str], index: Path) -> str:
        """Takes these files of a folder in and returns their version. Raises GitError.

        `index` is git's index of the folder: what it knows to be unchanged is not read again.
        """
        known = await self._paths_in(index)
        if gone := known.difference(files):
            await self._git(("update-index", "-z", "--force-remove", "--stdin"), index, folder, _listed(sorted(gone)))
        arguments = ("update-index", "-z", "--add", "--remove", "--replace", "--stdin")
        await self._git(arguments, index, folder, _listed(files))
        return (await self._git(("write-tree",), index)).decode().strip()

    async def keep(self, reference: str, version: str, message: str, after: str | None = None) -> None:
        """Makes a reference say that this version is wanted, with an earlier commit behind it. Raises GitError."""
        parents = ("-p", after) if after else ()
        commit = await self._git(("commit-tree", version, *parents), given=message.encode())
        await self._git(("update-ref", reference, commit.decode().strip()))

    async def drop(self, reference: str) -> None:
        """Nothing is wanted by this reference any more; it need not exist. Raises GitError."""
        await self._git(("update-ref", "-d", reference))

    async def put(self, version: str, paths: Sequence[str], folder: Path) -> None:
        """Writes these files of a version into a folder, in place of what is there. Raises GitError."""
        async with scratch_folder() as scratch:
            index = scratch / "index"
            await self._git(("read-tree", version), index)
            await self._git(("checkout-index", "-z", "--force", "--stdin"), index, folder, _listed(paths))

    # -- reading ------------------------------------------------------------------------------------------------

    async def commit_of(self, reference: str) -> str | None:
        """The commit that a reference names; None where there is no such reference."""
        try:
            return (await self._git(("rev-parse", "--verify", "--quiet", reference))).decode().strip()
        except GitNotInstalled:
            raise
        except GitError:
            return None

    async def messages_of(self, version: str) -> list[str]:
        """What was said whenever this version was kept, one text a reference. Raises GitError."""
        form = "%(tree)%09%(contents)%00"
        told = (await self._git(("for-each-ref", f"--format={form}"))).decode(errors="replace").split("\0")
        pairs = (entry.strip("\n").partition("\t") for entry in told)
        return [message for tree, _, message in pairs if tree == version]

    async def version_of(self, text: str) -> str:
        """The whole id of a version that may be abbreviated. Raises UnknownVersion."""
        try:
            found = await self._git(("rev-parse", "--verify", "--quiet", f"{text}^{{tree}}"))
        except GitNotInstalled:
            raise
        except GitError as error:
            raise UnknownVersion(f"The version {text} is not recorded in this workspace.") from error
        return found.decode().strip()

    async def files(self, version: str) -> list[VersionFile]:
        """All files of a version, by path. Raises UnknownVersion."""
        try:
            listed = await self._git(("ls-tree", "-r", "-z", "--long", "--full-tree", version))
        except GitNotInstalled:
            raise
        except GitError as error:
            raise UnknownVersion(f"The version {version[:10]} is not recorded in this workspace.") from error
        return [_file(entry) for entry in listed.decode("utf-8", "surrogateescape").split("\0") if entry]

    async def contents(self, blobs: Iterable[str]) -> dict[str, bytes]:
        """What is in each of these blobs. Raises GitError."""
        wanted = sorted(set(blobs))
        if not wanted:
            return {}
        answer = await self._git(("cat-file", "--batch"), given="".join(f"{blob}\n" for blob in wanted).encode())
        return _batch(answer)

    async def difference(self, before: str, after: str) -> list[FileChange]:
        """What has to be done to the files of one version to get those of another, by path. Raises GitError."""
        arguments = ("diff-tree", "-r", "-z", "--no-renames", "--name-status", before, after)
        parts = (await self._git(arguments)).decode("utf-8", "surrogateescape").split("\0")
        pairs = zip(parts[0:-1:2], parts[1::2], strict=False)
        return [FileChange(path=path, change=_CHANGES[letter]) for letter, path in pairs]

    async def difference_text(self, before: str, after: str, paths: Sequence[str]) -> str:
        """The same for these files as a unified diff; of binary ones only that they differ. Raises GitError."""
        if not paths:
            return ""
        shown = ("-r", "-p", "--no-renames", "--no-color", "--no-ext-diff")
        arguments = ("diff-tree", *shown, before, after, "--", *paths)
        return (await self._git(arguments)).decode("utf-8", "replace")

    async def others(self, folder: Path) -> list[str]:
        """The files of a folder that is in no repository of its own, without what is usually ignored."""
        async with scratch_folder() as scratch:
            arguments = ("ls-files", "-z", "--others", "--exclude-standard")
            return split(await self._git(arguments, scratch / "none", folder))

    async def _paths_in(self, index: Path) -> set[str]:
        if not await asyncio.to_thread(index.exists):
            return set()
        return set(split(await self._git(("ls-files", "-z"), index)))

    async def _git(
        self,
        arguments: Sequence[str],
        index: Path | None = None,
        folder: Path | None = None,
        given: bytes | None = None,
    ) -> bytes:
        variables = {**_VARIABLES, "GIT_DIR": str(self.folder)}
        if index is not None:
            variables["GIT_INDEX_FILE"] = str(index)
        if folder is not None:
            variables["GIT_WORK_TREE"] = str(folder)
        if self.scratch is not None:
            variables["GIT_OBJECT_DIRECTORY"] = str(self.scratch)
            variables["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = str(self.folder / "objects")
        return await run_git(folder or self.folder, arguments, variables, given)


def split(output: bytes) -> list[str]:
    """The paths that git lists with `-z`."""
    return [os.fsdecode(path) for path in output.split(b"\0") if path]


def _listed(paths: Iterable[str]) -> bytes:
    return b"".join(os.fsencode(path) + b"\0" for path in paths)


def _file(entry: str) -> VersionFile:
    """Reads `<mode> <type> <id> <size>\\t<path>`."""
    facts, path = entry.split("\t", 1)
    mode, _, blob, size = facts.split()
    return VersionFile(path, blob, int(size) if size.isdigit() else 0, mode == _LINK)


def _batch(answer: bytes) -> dict[str, bytes]:
    """Reads `<id> blob <size>\\n<content>\\n` until nothing is left; what is missing is left out."""
    found: dict[str, bytes] = {}
    position = 0
    while position < len(answer):
        end = answer.index(b"\n", position)
        blob, *facts = answer[position:end].decode().split()
        size = int(facts[1]) if len(facts) == 2 else -1
        if size >= 0:
            found[blob] = answer[end + 1 : end + 1 + size]
        position = end + 2 + size
    return found


def _write_if_changed(file: Path, text: str) -> None:
    if not file.is_file() or file.read_text("utf-8") != text:
        file.parent.mkdir(exist_ok=True)
        # Runs that begin at once, in one process or several, must not take each other's half-written file.
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=file.parent, delete=False) as partial:
            partial.write(text)
        Path(partial.name).replace(file)
