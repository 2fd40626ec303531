"""A run for a pushed head has the files of just that commit, from the remote."""

from pathlib import Path

import pytest

from store.events import SourceFound
from store.models import GitHead, Mirror
from store.status import RunStatus
from tests.engine.worker.executing import MadeUpAdapter, Stage, succeed
from tests.engine.worker.test_checkout import noting
from tests.support.remotes import Remote
from tests.support.repositories import git

REQUEST = "refs/pull/7/head"


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """An empty stage."""
    return Stage(tmp_path)


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    """The remote of the stage's project, which is a clone of it."""
    found = Remote(tmp_path)
    found.make({"model.sql": "select 1"})
    git(tmp_path, "clone", "--quiet", str(found.path), "project")
    return found


async def test_a_head_of_the_remote_of_somebody_s_folder(stage: Stage, remote: Remote) -> None:
    sha = remote.push({"model.sql": "select 2"}, "Try", REQUEST)
    remote.push({"model.sql": "select 3"}, "Merge")
    seen, look = noting("model.sql")

    ended = await stage.execute(MadeUpAdapter([look]), head=GitHead(ref=REQUEST, commit=sha))

    assert ended.status is RunStatus.COMPLETED
    assert seen == ["select 2"]
    (found,) = [event for event in stage.events if isinstance(event, SourceFound)]
    assert (found.branch, found.commit, found.commit_author, found.commit_message) == ("pull/7", sha, "Anna", "Try")
    assert found.remote == str(remote.path)
    assert git(stage.project, "worktree", "list").count("\n") == 0


async def test_a_branch_of_a_git_project_is_the_newest(stage: Stage, remote: Remote) -> None:
    mirror = Mirror(
        url=str(remote.path), folder=str(stage.folder / "mirror.git"), checkout=str(stage.folder / "default")
    )
    seen, look = noting("model.sql")
    remote.push({"model.sql": "select 2"}, "Count", "refs/heads/staging")

    await stage.execute(
        MadeUpAdapter([look]), mirror=mirror, project_path=str(stage.folder / "default"), branch="staging"
    )

    assert seen == ["select 2"]


async def test_a_commit_that_was_pushed_over_is_not_there(stage: Stage, remote: Remote) -> None:
    sha = "0123456789" * 4
    ended = await stage.execute(MadeUpAdapter([succeed]), head=GitHead(ref="refs/heads/main", commit=sha))

    assert ended.status is RunStatus.FAILED
    assert ended.reason is not None
    assert ended.reason.startswith("The checkout of main failed: ")
    assert not stage.paths.checkout.exists()


async def test_a_head_that_is_gone(stage: Stage, remote: Remote) -> None:
    head = GitHead(ref=REQUEST, commit="0123456789" * 4)
    ended = await stage.execute(MadeUpAdapter([succeed]), head=head)
    assert ended.reason == "The checkout of pull/7 failed: couldn't find remote ref refs/pull/7/head"


async def test_a_head_without_a_repository(stage: Stage) -> None:
    head = GitHead(ref=REQUEST, commit="0123456789" * 4)
    ended = await stage.execute(MadeUpAdapter([succeed]), head=head)
    assert ended.reason == f"There is nothing to fetch: {stage.project} is in no git repository."
