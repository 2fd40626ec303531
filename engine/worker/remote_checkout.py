"""The checkout step of a run whose files come from a remote: a head that moved there, or a git project's branch."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from engine.adapters.base import StepContext, StepOutcome, StepPlan
from engine.git import Commit, GitError, add_worktree, commit_at, has_folder, repository_of
from engine.git_triggers.refs import shown_ref
from engine.mirrors import bring_up_to_date, fetch_head, remote_url
from store.events import SourceFound
from store.models import RunRequest
from store.paths import RunPaths
from store.status import StepStatus

_LOOK_S = 0.1


@dataclass(frozen=True, slots=True)
class RemoteSource:
    """Where the files are to come from: the repository that is kept here, and the project's folder in it."""

    repository: Path
    inside: Path


async def remote_source(request: RunRequest) -> RemoteSource | None:
    """None for a run of the files that are here. Raises GitError where a head is asked for without a repository."""
    project = Path(request.project_path)
    if request.mirror is not None:
        return RemoteSource(Path(request.mirror.folder), project.relative_to(request.mirror.checkout))
    if request.head is None:
        return None
    repository = await repository_of(project)
    if repository is None:
        raise GitError(f"{project} is in no git repository")
    return RemoteSource(repository, project.resolve().relative_to(repository.resolve()))


def remote_checkout_step(request: RunRequest, source: RemoteSource, paths: RunPaths) -> StepPlan:
    """The step that fetches what is new and makes the checkout."""
    head = shown_ref(request.head.ref) if request.head else request.branch or "HEAD"

    async def run(context: StepContext) -> StepOutcome:
        try:
            if not await _unless_stopped(context, _fetch(request, source)):
                return StepOutcome(StepStatus.CANCELLED)
            commit = await _commit(request, source)
            if not await has_folder(source.repository, commit.sha, source.inside):
                raise GitError(f"{head} has no folder {source.inside}.")
            await add_worktree(source.repository, paths.checkout, commit.sha)
            remote = await remote_url(source.repository)
        except GitError as error:
            return StepOutcome(StepStatus.FAILED, reason=f"The checkout of {head} failed: {error}")
        context.emit(
            SourceFound(
                ts=context.clock(),
                branch=commit.branch,
                commit=commit.sha,
                commit_author=commit.author,
                commit_message=commit.message,
                remote=remote,
            )
        )
        context.log(f"{commit.branch} is at {commit.sha} by {commit.author}")
        context.log(commit.message)
        return StepOutcome(StepStatus.SUCCEEDED)

    return StepPlan("checkout", ("git", "worktree", "add", "--detach", str(paths.checkout), head), run)


async def _unless_stopped(context: StepContext, work: Coroutine[None, None, None]) -> bool:
    """Whether it came to its end: a remote may take long to answer, and whoever stops the run shall not wait for it."""
    task = asyncio.create_task(work)
    while not task.done():
        await asyncio.wait({task}, timeout=_LOOK_S)
        if context.stop_requested and not task.done():
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            return False
    task.result()
    return True


async def _fetch(request: RunRequest, source: RemoteSource) -> None:
    if request.mirror is not None:
        await bring_up_to_date(request.mirror)
    elif request.head is not None:
        await fetch_head(source.repository, request.head.ref)


async def _commit(request: RunRequest, source: RemoteSource) -> Commit:
    """Raises GitError for what is not there, or not any more."""
    if request.head is not None:
        found = await commit_at(source.repository, request.head.commit)
        return Commit(found.sha, found.author, found.message, shown_ref(request.head.ref))
    if request.branch is not None:
        found = await commit_at(source.repository, f"refs/heads/{request.branch}")
        return Commit(found.sha, found.author, found.message, request.branch)
    return await commit_at(source.repository)
