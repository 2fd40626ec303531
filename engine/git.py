"""What Runroom asks of git, as values."""

import asyncio
from asyncio.subprocess import DEVNULL, PIPE
from dataclasses import dataclass
from pathlib import Path


class GitError(Exception):
    """Git refused; the text is what it said."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit, and the branch that it was met on."""

    sha: str
    author: str
    message: str
    branch: str | None


async def git(folder: Path, *arguments: str) -> str:
    """Runs git in a folder and returns its output. Raises GitError, also where git is not installed."""
    try:
        process = await asyncio.create_subprocess_exec(
            "git", "-C", str(folder), *arguments, stdin=DEVNULL, stdout=PIPE, stderr=PIPE
        )
    except OSError as error:
        raise GitError(f"git could not be started: {error}") from error
    output, problem = await process.communicate()
    if process.returncode != 0:
        raise GitError(problem.decode(errors="replace").strip() or f"git ended with {process.returncode}")
    return output.decode(errors="replace").strip()


async def repository_of(folder: Path) -> Path | None:
    """The top folder of the repository that tracks this folder; None where there is none."""
    try:
        top = await git(folder, "rev-parse", "--show-toplevel")
        await git(folder, "rev-parse", "--verify", "--quiet", "HEAD")
    except GitError:
        return None
    return Path(top)


async def commit_at(repository: Path, revision: str = "HEAD") -> Commit:
    """Raises GitError when there is no such revision."""
    fields = await git(repository, "log", "-1", "--format=%H%x00%an%x00%s", revision, "--")
    sha, author, message = fields.split("\0")
    branch = revision if revision != "HEAD" else await git(repository, "rev-parse", "--abbrev-ref", "HEAD")
    return Commit(sha, author, message, None if branch == "HEAD" else branch)


async def add_worktree(repository: Path, folder: Path, commit: str) -> None:
    """Puts the files of a commit into a folder of their own, without touching anyone's branch. Raises GitError."""
    await git(repository, "worktree", "add", "--detach", "--force", str(folder), commit)


async def remove_worktree(repository: Path, folder: Path) -> None:
    """Raises GitError."""
    await git(repository, "worktree", "remove", "--force", str(folder))
