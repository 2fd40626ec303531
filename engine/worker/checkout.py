"""The checkout step: the project's files at the head of the environment's branch, in a folder of the run's own.

Or as an earlier run saw them, where the request names a version.

The tool still works in the project's folder, so that relative database paths mean what they always mean.
"""

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path

from engine.adapters.base import StepContext, StepOutcome, StepPlan
from engine.git import Commit, GitError, add_worktree, commit_at, has_folder, remove_worktree, repository_of
from engine.mirrors import remote_url
from engine.versions.repository import UnknownVersion, VersionRepository
from engine.worker.remote_checkout import RemoteSource, remote_source
from store.models import RunRequest
from store.paths import RunPaths
from store.status import StepStatus


@dataclass(frozen=True, slots=True)
class Source:
    """Which files a run uses. `problem` is why there are none, as one sentence.

    With an `origin` they are yet to be fetched; `remote` is the address of the one that the repository knows.
    """

    folder: Path
    repository: Path | None = None
    commit: Commit | None = None
    checked_out: bool = False
    problem: str | None = None
    version: str | None = None
    origin: RemoteSource | None = None
    remote: str | None = None


async def find_source(request: RunRequest, paths: RunPaths) -> Source:
    """The project's folder as it is, or, in a git repository with a branch, a checkout that is yet to be made.

    So is that of a recorded version, which counts for more than the branch.
    """
    if request.version is not None:
        return Source(paths.checkout, checked_out=True, version=request.version)
    project = Path(request.project_path)
    try:
        origin = await remote_source(request)
    except GitError as error:
        return Source(paths.checkout, checked_out=True, problem=f"There is nothing to fetch: {error}.")
    if origin is not None:
        return Source(paths.checkout / origin.inside, checked_out=True, origin=origin)
    repository = await repository_of(project)
    if repository is None:
        return Source(project)
    remote = await remote_url(repository)
    if request.branch is None:
        return Source(project, repository, await commit_at(repository), remote=remote)
    inside = project.resolve().relative_to(repository.resolve())
    folder = paths.checkout / inside
    try:
        commit = await commit_at(repository, request.branch)
    except GitError as error:
        said = str(error).splitlines()[0]
        return Source(folder, repository, None, True, f"Branch {request.branch} is not in {repository}: {said}")
    problem = None
    if not await has_folder(repository, commit.sha, inside):
        problem = f"Branch {request.branch} of {repository} has no folder {inside}."
    return Source(folder, repository, commit, True, problem, remote=remote)


def version_step(source: Source, paths: RunPaths, versions: VersionRepository) -> StepPlan:
    """The step that takes the files out of a recorded version."""
    version = source.version or ""

    async def run(context: StepContext) -> StepOutcome:
        try:
            files = await versions.files(version)
            paths.checkout.mkdir()
            await versions.put(version, [file.path for file in files], paths.checkout)
        except (UnknownVersion, GitError, OSError) as error:
            return StepOutcome(StepStatus.FAILED, reason=f"The files of version {version[:10]} are not there: {error}")
        context.log(f"{len(files):,} files as version {version} has them")
        return StepOutcome(StepStatus.SUCCEEDED)

    return StepPlan("checkout", ("runroom", "files", version), run)


def checkout_step(source: Source, paths: RunPaths) -> StepPlan:
    """The step that makes the checkout."""

    async def run(context: StepContext) -> StepOutcome:
        if source.repository is None or source.commit is None or source.problem is not None:
            return StepOutcome(StepStatus.FAILED, reason=source.problem)
        try:
            await add_worktree(source.repository, paths.checkout, source.commit.sha)
        except GitError as error:
            return StepOutcome(StepStatus.FAILED, reason=f"The checkout failed: {error}")
        context.log(f"{source.commit.branch} is at {source.commit.sha} by {source.commit.author}")
        context.log(source.commit.message)
        return StepOutcome(StepStatus.SUCCEEDED)

    revision = source.commit.sha if source.commit else "?"
    return StepPlan("checkout", ("git", "worktree", "add", "--detach", str(paths.checkout), revision), run)


async def clean_up(paths: RunPaths) -> None:
    """Takes the checkout away again, if there is one; what the run read is in git. Raises GitError."""
    if not paths.checkout.exists():
        return
    if (paths.checkout / ".git").exists():
        await remove_worktree(paths.checkout)
    else:
        await asyncio.to_thread(shutil.rmtree, paths.checkout, True)
