"""Where one can search, and in how many runs."""

from tests.tui.run.records import a_run
from tui.search.choices import WORKSPACE, choices_from


def test_of_the_runs_of_a_job_the_last_are_searched_or_more_or_all() -> None:
    _, job, _ = choices_from(a_run())
    seen = [job]
    for _ in range(3):
        seen.append(seen[-1].with_next_last())

    assert [choice.name for choice in seen[:3]] == ["last 20 of nightly", "last 100 of nightly", "all of nightly"]
    assert [choice.scope.last for choice in seen] == [20, 100, None, 20]
    assert {choice.scope.runs.job for choice in seen} == {"nightly"}


def test_of_the_workspace_all_runs_are_searched_or_the_last() -> None:
    assert (WORKSPACE.name, WORKSPACE.with_next_last().name) == ("the workspace", "last 20 of the workspace")


def test_of_one_run_there_are_no_others() -> None:
    assert [choice.has_more_runs for choice in choices_from(a_run())] == [False, True, True]
