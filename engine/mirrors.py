"""Remote repositories and their mirrors: git with its own credentials, never asking anybody, never for ever."""

import asyncio
import fcntl
import os
import re
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from engine.git import GitError, add_worktree, git, run_git
from store.models import Mirror
from store.paths import WorkspacePaths

_QUIETLY = {"GIT_TERMINAL_PROMPT": "0", "SSH_ASKPASS_REQUIRE": "never", "GIT_LFS_SKIP_SMUDGE": "1"}
"""Whoever would have to be asked is not there."""
_ANSWER_S = 60.0
_TRANSFER_S = 900.0
_LOCK_PAUSE_S = 0.1
_DEFAULT = re.compile(r"ref: (\S+)\s+HEAD")
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")


async def remote_heads(folder: Path, remote: str) -> Mapping[str, str]:
    """The commits of a remote's branches and of its pull and merge requests, by their full refs. Raises GitError.

    `folder` is where git works: in a repository `remote` may be the name of one of its remotes.
    """
    wanted = ("refs/heads/*", "refs/pull/*/head", "refs/merge-requests/*/head")
    told = await _ask(folder, _ANSWER_S, "ls-remote", "--quiet", "--", remote, *wanted)
    lines = (line.split("\t", 1) for line in told.splitlines() if "\t" in line)
    return {ref: commit for commit, ref in lines}


def is_mirrored(paths: WorkspacePaths, project: str) -> bool:
    """Whether the remote of this project is here, with its default branch checked out."""
    return (paths.default_checkout(project) / ".git").exists() and (paths.mirror(project) / "HEAD").is_file()


async def bring_up_to_date(mirror: Mirror) -> bool:
    """Clones the remote where it is not mirrored yet, else fetches what is new; whether its default branch moved.

    Raises GitError, as one sentence. One process at a time does so; others that want it wait, and find it done.
    """
    folder = Path(mirror.folder)
    async with _alone(folder):
        if (folder / "HEAD").is_file():
            await _fetch(mirror, folder)
        else:
            await _clone(mirror, folder)
        return await _check_out(mirror, folder)


async def fetch_head(repository: Path, ref: str) -> None:
    """Brings a head of the remote into somebody's repository, and touches none of its refs. Raises GitError."""
    await _ask(repository, _TRANSFER_S, "fetch", "--quiet", "--no-write-fetch-head", "--refmap=", "origin", ref)


async def remote_url(repository: Path) -> str | None:
    """Where a repository came from, without credentials; None where it has no `origin`."""
    with suppress(GitError):
        return without_credentials(await _remote_of(repository))
    return None


def without_credentials(url: str) -> str:
    """The address without a name or password in it, which SSH's `git@host:path` does not count as."""
    if "://" not in url:
        return url
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


async def _remote_of(repository: Path) -> str:
    return await git(repository, "config", "--get", "remote.origin.url")


async def _clone(mirror: Mirror, folder: Path) -> None:
    """Into a folder beside it first: what is half cloned is no mirror."""
    partial = folder.with_suffix(".partial")
    await asyncio.to_thread(shutil.rmtree, partial, True)
    await _ask(folder.parent, _TRANSFER_S, "clone", "--quiet", "--mirror", "--", mirror.url, str(partial))
    partial.rename(folder)


async def _fetch(mirror: Mirror, folder: Path) -> None:
    moved = await _remote_of(folder) != mirror.url
    if moved:
        await git(folder, "config", "remote.origin.url", mirror.url)
    await _ask(folder, _TRANSFER_S, "fetch", "--quiet", "--prune", "origin")
    if moved or await _default_commit(folder) is None:
        # A fetch does not tell that another branch is the default one now.
        told = await _ask(folder, _ANSWER_S, "ls-remote", "--symref", "origin", "HEAD")
        if (found := _DEFAULT.match(told)) is not None:
            await git(folder, "symbolic-ref", "HEAD", found[1])


async def _default_commit(folder: Path) -> str | None:
    try:
        return await git(folder, "rev-parse", "--verify", "--quiet", "HEAD")
    except GitError:
        return None


async def _check_out(mirror: Mirror, folder: Path) -> bool:
    """The default branch, for whatever is asked of the project itself. An empty repository has none."""
    newest = await _default_commit(folder)
    if newest is None:
        return False
    checkout = Path(mirror.checkout)
    if not (checkout / ".git").exists():
        checkout.parent.mkdir(parents=True, exist_ok=True)
        await git(folder, "worktree", "prune")
        await add_worktree(folder, checkout, newest)
    elif await git(checkout, "rev-parse", "HEAD") != newest:
        await git(checkout, "checkout", "--quiet", "--force", "--detach", newest)
    else:
        return False
    return True


@asynccontextmanager
async def _alone(folder: Path) -> AsyncIterator[None]:
    folder.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        while True:
            if _taken(descriptor):
                break
            await asyncio.sleep(_LOCK_PAUSE_S)
        yield
    finally:
        os.close(descriptor)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


async def _ask(folder: Path, limit_s: float, *arguments: str) -> str:
    try:
        output = await asyncio.wait_for(run_git(folder, arguments, _QUIETLY), limit_s)
    except TimeoutError:
        raise GitError(f"git {arguments[0]} did not end within {limit_s:g} s") from None
    except GitError as error:
        raise GitError(_sentence(str(error))) from error
    return output.decode(errors="replace")


def _sentence(said: str) -> str:
    """The line that says why, of all that git says."""
    lines = [_CREDENTIALS.sub("", line.strip()) for line in said.splitlines() if line.strip()]
    why = next((line for line in lines if line.startswith(("fatal:", "ERROR:"))), lines[0] if lines else said)
    return why.removeprefix("fatal: ").removeprefix("ERROR: ")
