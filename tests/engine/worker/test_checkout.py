"""A run of a git project with a branch sees that branch, whatever lies in the user's folder."""

from pathlib import Path

import pytest

from engine.adapters.base import StepContext, StepOutcome
from engine.git import GitError, commit_at, repository_of
from store.events import Notice, RunStarted
from store.status import RunStatus
from tests.engine.worker.executing import SUCCEEDED, MadeUpAdapter, Stage, StepBody, succeed
from tests.support.repositories import commit, git, make_repository


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """An empty stage."""
    return Stage(tmp_path)


def noting(file: str) -> tuple[list[str], StepBody]:
    """A step that notes what it reads in a file of the project."""
    seen: list[str] = []

    async def look(context: StepContext) -> StepOutcome:
        seen.append((context.project_folder / file).read_text("utf-8"))
        return SUCCEEDED

    return seen, look


async def test_the_branch_is_used_and_not_what_is_being_edited(stage: Stage) -> None:
    sha = make_repository(stage.project, {"model.sql": "select 1"})
    git(stage.project, "switch", "--quiet", "--create", "feature")
    commit(stage.project, {"model.sql": "select 2"}, "Try")
    (stage.project / "model.sql").write_text("select 3", encoding="utf-8")
    seen, look = noting("model.sql")
    adapter = MadeUpAdapter([look])

    ended = await stage.execute(adapter, branch="main")

    assert ended.status is RunStatus.COMPLETED
    assert seen == ["select 1"]
    assert adapter.folders == [stage.paths.checkout]
    first = stage.events[0]
    assert isinstance(first, RunStarted)
    assert (first.branch, first.commit, first.commit_author, first.commit_message) == ("main", sha, "Anna", "Begin")
    assert f"main is at {sha} by Anna" in stage.log("01-checkout.log")


async def test_the_user_s_repository_is_left_as_it_was(stage: Stage) -> None:
    make_repository(stage.project, {"model.sql": "select 1"})
    (stage.project / "model.sql").write_text("select 3", encoding="utf-8")

    await stage.execute(MadeUpAdapter([succeed]), branch="main")

    assert not stage.paths.checkout.exists()
    assert git(stage.project, "worktree", "list").count("\n") == 0
    assert git(stage.project, "status", "--short") == "M model.sql"
    assert git(stage.project, "branch", "--show-current") == "main"


async def test_the_checkout_is_removed_after_a_failure_too(stage: Stage) -> None:
    make_repository(stage.project, {"model.sql": "select 1"})

    async def broken(context: StepContext) -> StepOutcome:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await stage.execute(MadeUpAdapter([broken]), branch="main")

    assert not stage.paths.checkout.exists()


async def test_a_project_in_a_folder_of_its_repository(stage: Stage) -> None:
    make_repository(stage.folder, {"project/model.sql": "select 1", "README.md": "hello"})
    (stage.project / "model.sql").write_text("select 3", encoding="utf-8")
    seen, look = noting("model.sql")
    adapter = MadeUpAdapter([look])

    await stage.execute(adapter, branch="main")

    assert seen == ["select 1"]
    assert adapter.folders == [stage.paths.checkout / "project"]


async def test_a_branch_that_is_not_there_is_named(stage: Stage) -> None:
    make_repository(stage.project, {"model.sql": "select 1"})

    ended = await stage.execute(MadeUpAdapter([succeed]), branch="mian")

    assert ended.status is RunStatus.FAILED
    assert ended.reason is not None
    assert ended.reason.startswith(f"Branch mian is not in {stage.project}: ")
    assert "\n" not in ended.reason
    assert stage.types == ["run.started", "step.started", "step.finished", "run.finished"]


async def test_a_branch_without_the_project_is_named(stage: Stage) -> None:
    make_repository(stage.folder, {"README.md": "hello"})
    git(stage.folder, "switch", "--quiet", "--create", "feature")
    commit(stage.folder, {"project/model.sql": "select 1"}, "Begin the project")

    ended = await stage.execute(MadeUpAdapter([succeed]), branch="main")

    assert ended.status is RunStatus.FAILED
    assert ended.reason == f"Branch main of {stage.folder} has no folder project."


async def test_without_a_branch_the_folder_is_used_as_it_is(stage: Stage) -> None:
    sha = make_repository(stage.project, {"model.sql": "select 1"})
    (stage.project / "model.sql").write_text("select 3", encoding="utf-8")
    seen, look = noting("model.sql")

    await stage.execute(MadeUpAdapter([look]))

    assert seen == ["select 3"]
    first = stage.events[0]
    assert isinstance(first, RunStarted)
    assert (first.branch, first.commit) == ("main", sha)
    assert "checkout" not in str(stage.types)


@pytest.mark.parametrize("branch", [None, "main"])
async def test_a_folder_that_git_does_not_track_is_used_as_it_is(stage: Stage, branch: str | None) -> None:
    """As a demo's folder inside of a clone, which the clone ignores."""
    make_repository(stage.folder, {".gitignore": "project/\n"})
    stage.project.mkdir()
    (stage.project / "model.sql").write_text("select 3", encoding="utf-8")
    seen, look = noting("model.sql")

    ended = await stage.execute(MadeUpAdapter([look]), branch=branch)

    assert (ended.status, seen) == (RunStatus.COMPLETED, ["select 3"])
    first = stage.events[0]
    assert isinstance(first, RunStarted)
    assert first.commit is None


async def test_no_repository_at_all(stage: Stage) -> None:
    ended = await stage.execute(MadeUpAdapter([succeed]), branch="main")

    assert ended.status is RunStatus.COMPLETED
    assert await repository_of(stage.project) is None


async def test_a_repository_without_a_commit_is_none_yet(stage: Stage) -> None:
    stage.project.mkdir()
    git(stage.project, "init", "--quiet")

    assert await repository_of(stage.project) is None


async def test_a_checkout_that_cannot_be_removed_is_a_notice(stage: Stage) -> None:
    make_repository(stage.project, {"model.sql": "select 1"})

    async def spoil(context: StepContext) -> StepOutcome:
        (context.paths.checkout / ".git").write_text("gitdir: /no/such/place\n", encoding="utf-8")
        return SUCCEEDED

    ended = await stage.execute(MadeUpAdapter([spoil]), branch="main")

    assert ended.status is RunStatus.COMPLETED
    notices = [event.text for event in stage.events if isinstance(event, Notice)]
    assert len(notices) == 1
    assert notices[0].startswith("The checkout could not be removed: ")


async def test_a_detached_head_has_no_branch(stage: Stage) -> None:
    sha = make_repository(stage.project, {"model.sql": "select 1"})
    git(stage.project, "switch", "--quiet", "--detach")

    found = await commit_at(stage.project)

    assert (found.sha, found.branch) == (sha, None)
    with pytest.raises(GitError):
        await commit_at(stage.project, "mian")


async def test_a_hook_s_variables_do_not_lead_astray(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Git tells its hooks which repository it works on; a run that such a hook starts may be about another."""
    sha = make_repository(stage.project, {"model.sql": "select 1"})
    other = tmp_path_factory.mktemp("other")
    make_repository(other, {"README.md": "hello"})
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))

    assert (await commit_at(stage.project)).sha == sha
