"""What Runroom asks of git, as values."""

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from store.changes import CommitRecord

# Git tells its hooks by these which repository it works on; a run that a hook starts may be about another.
_OF_A_HOOK = frozenset(
    {
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_COMMON_DIR",
        "GIT_NAMESPACE",
        "GIT_PREFIX",
    }
)

_MOST_COMMITS = 100


class GitError(Exception):
    """Git refused; the text is what it said."""


class GitNotInstalled(GitError):
    """There is no git to be run."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit, and the branch that it was met on."""

    sha: str
    author: str
    message: str
    branch: str | None


async def git(folder: Path, *arguments: str) -> str:
    """Runs git in a folder and returns its output. Raises GitError, also where git is not installed."""
    return (await run_git(folder, arguments)).decode(errors="replace").strip()


async def run_git(
    folder: Path, arguments: Sequence[str], variables: Mapping[str, str] | None = None, given: bytes | None = None
) -> bytes:
    """Runs git in a folder, with more environment `variables` and with what it is `given` to read; its very output.

    Raises GitNotInstalled, GitError.
    """
    environment = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
    try:
        process = await asyncio.create_subprocess_exec(
            *("git", "-C", str(folder), *arguments),
            stdin=DEVNULL if given is None else PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env={**environment, **(variables or {})},
            start_new_session=True,
        )
    except FileNotFoundError as error:
        raise GitNotInstalled("git is not there: install it, or put it on the PATH of the engine.") from error
    except OSError as error:
        raise GitNotInstalled(f"git could not be started: {error.strerror}.") from error
    try:
        output, problem = await process.communicate(given)
    except asyncio.CancelledError:
        # With the helpers that it started: a remote that does not answer keeps them for ever.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        raise
    if process.returncode != 0:
        raise GitError(problem.decode(errors="replace").strip() or f"git ended with {process.returncode}")
    return output


async def repository_of(folder: Path) -> Path | None:
    """The top folder of the repository that this folder belongs to; None where there is none.

    A folder that its repository ignores belongs to none, nor does one of a repository without a commit.
    """
    try:
        top = await git(folder, "rev-parse", "--show-toplevel")
        await git(folder, "rev-parse", "--verify", "--quiet", "HEAD")
    except GitError:
        return None
    return None if await _answers_yes(folder, "check-ignore", "--quiet", ".") else Path(top)


async def has_folder(repository: Path, commit: str, folder: Path) -> bool:
    """Whether a commit has this folder, given relative to the repository."""
    return folder == Path() or await _answers_yes(repository, "cat-file", "-e", f"{commit}:{folder.as_posix()}")


async def _answers_yes(folder: Path, *arguments: str) -> bool:
    try:
        await git(folder, *arguments)
    except GitError:
        return False
    return True


async def commit_at(repository: Path, revision: str = "HEAD") -> Commit:
    """Raises GitError when there is no such revision."""
    fields = await git(repository, "log", "-1", "--format=%H%x00%an%x00%s", revision, "--")
    sha, author, message = fields.split("\0")
    branch = revision if revision != "HEAD" else await git(repository, "rev-parse", "--abbrev-ref", "HEAD")
    return Commit(sha, author, message, None if branch == "HEAD" else branch)


async def commits_between(folder: Path, before: str, after: str) -> tuple[CommitRecord, ...]:
    """The commits that touched this folder and are in `after`, but not in `before`; newest first, the last hundred.

    Raises GitError, also where one of the two is not there any more.
    """
    form = "--format=%H%x00%an%x00%aI%x00%s"
    told = await git(folder, "log", form, f"--max-count={_MOST_COMMITS}", f"{before}..{after}", "--", ".")
    fields = (line.split("\0") for line in told.splitlines() if line)
    return tuple(
        CommitRecord(sha=sha, author=who, at=datetime.fromisoformat(at), subject=what) for sha, who, at, what in fields
    )


async def add_worktree(repository: Path, folder: Path, commit: str) -> None:
    """Puts the files of a commit into a folder of their own, without touching anyone's branch. Raises GitError."""
    await git(repository, "worktree", "add", "--detach", "--force", str(folder), commit)


async def remove_worktree(folder: Path) -> None:
    """Takes such a folder away again, and what its repository knows of it. Raises GitError."""
    await git(folder, "worktree", "remove", "--force", str(folder))
