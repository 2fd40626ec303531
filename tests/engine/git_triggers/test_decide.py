"""What a look at a remote, and a head that moved, mean."""

from engine.git_triggers.decide import Moves, asked_for, jobs_for, moves, of_the_repository
from engine.git_triggers.heads import Head
from store.models import Environment, GitHead, Job

MAIN, STAGING, REQUEST = "refs/heads/main", "refs/heads/staging", "refs/pull/7/head"
ENVIRONMENTS = (
    Environment(project="shop", name="prod", branch="main"),
    Environment(project="shop", name="staging", branch="staging"),
    Environment(project="shop", name="test"),
    Environment(project="bank", name="prod", branch="main"),
)
JOBS = (
    Job(project="shop", name="deliver", environment="prod", type="merge", steps=("build",)),
    Job(project="shop", name="rehearse", environment="staging", type="merge", steps=("build",)),
    Job(project="shop", name="loose", environment="test", type="merge", steps=("build",)),
    Job(project="shop", name="check", environment="test", type="ci", steps=("build",)),
    Job(project="shop", name="nightly", environment="prod", steps=("build",)),
    Job(project="bank", name="deliver", environment="prod", type="merge", steps=("build",)),
)


def started(head: Head) -> list[str]:
    return [f"{job.project}/{job.name}" for job in jobs_for(head, JOBS, ENVIRONMENTS)]


def test_a_branch_starts_the_merge_jobs_whose_environment_follows_it() -> None:
    assert started(Head("shop", MAIN, "c1")) == ["shop/deliver"]
    assert started(Head("shop", STAGING, "c1")) == ["shop/rehearse"]
    assert started(Head("shop", "refs/heads/feature", "c1")) == []


def test_a_request_starts_the_ci_jobs_of_its_project() -> None:
    assert started(Head("shop", REQUEST, "c1")) == ["shop/check"]
    assert started(Head("shop", "refs/merge-requests/7/head", "c1")) == ["shop/check"]
    assert started(Head("bank", REQUEST, "c1")) == []


def test_other_refs_start_nothing() -> None:
    assert started(Head("shop", "refs/tags/main", "c1")) == []
    assert started(Head("shop", "refs/pull/7/merge", "c1")) == []


def test_new_moved_and_vanished_heads_are_told_apart() -> None:
    before = {MAIN: "c1", STAGING: "c1", "refs/heads/old": "c1"}
    now = {MAIN: "c2", STAGING: "c1", REQUEST: "c3"}

    assert moves("shop", before, now, now) == Moves(
        (Head("shop", MAIN, "c2"), Head("shop", REQUEST, "c3")), ("refs/heads/old",)
    )


def test_what_does_not_count_neither_moves_nor_is_gone() -> None:
    assert moves("shop", {REQUEST: "c1"}, {REQUEST: "c2"}, {}) == Moves((), ())


def test_a_request_from_a_fork_is_at_no_branch_of_the_repository() -> None:
    heads = {MAIN: "c1", "refs/heads/feature": "c2", REQUEST: "c2", "refs/pull/8/head": "c9"}

    counted = of_the_repository(heads, "git@github.com:acme/shop.git")

    assert counted == {MAIN: "c1", "refs/heads/feature": "c2", REQUEST: "c2"}


def test_a_folder_of_this_machine_has_no_forks() -> None:
    heads = {MAIN: "c1", REQUEST: "c9"}
    assert of_the_repository(heads, "/srv/git/shop.git") == heads


def test_the_run_says_for_which_head_it_is() -> None:
    wanted, origin = asked_for(JOBS[3], Head("shop", REQUEST, "a1b2c3d4e5f6", "Add a column, by Anna"))

    assert (wanted.job, wanted.environment, wanted.trigger) == ("shop/check", "shop/test", "pull_request")
    assert origin.head == GitHead(ref=REQUEST, commit="a1b2c3d4e5f6")
    assert origin.note == "pull/7 at a1b2c3d4e5: Add a column, by Anna"
    assert not origin.is_a_person
    assert asked_for(JOBS[0], Head("shop", MAIN, "a1b2c3d4e5f6"))[0].trigger == "merge"
