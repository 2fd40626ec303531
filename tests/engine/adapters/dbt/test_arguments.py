"""Steps as dbt arguments."""

import pytest

from engine.adapters.dbt.arguments import BadStep, as_listing, command_of, option_value, split_step, with_options
from store.models import RunOptions


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("build", ["build"]),
        ("dbt build --select 'tag:a b'", ["build", "--select", "tag:a b"]),
        ("--debug run -s x+", ["--debug", "run", "-s", "x+"]),
        ("source freshness", ["source", "freshness"]),
    ],
)
def test_a_step_is_split_like_a_shell_would(step: str, words: list[str]) -> None:
    assert split_step(step) == words


@pytest.mark.parametrize("step", ["", "biuld", "build --select 'open", "--select x"])
def test_what_is_no_command_is_refused(step: str) -> None:
    with pytest.raises(BadStep, match="step"):
        split_step(step)


def test_a_selection_of_the_run_replaces_the_jobs() -> None:
    options = RunOptions(select=("a", "b+"))

    found = with_options(["build", "-s", "x", "y", "--exclude", "z", "--selector=nightly"], options, None)

    assert found == ["build", "--exclude", "z", "--select", "a", "b+"]


def test_exclusions_add_up() -> None:
    found = with_options(["build", "--exclude", "z"], RunOptions(exclude=("a",)), None)

    assert found == ["build", "--exclude", "z", "--exclude", "a"]


def test_options_go_only_to_commands_that_know_them() -> None:
    options = RunOptions(
        select=("a",), exclude=("b",), full_refresh=True, threads=3, start="2026-01-01", end="2026-02-01"
    )

    assert with_options(["deps"], options, None) == ["deps"]
    assert "--full-refresh" not in with_options(["test"], options, None)
    assert with_options(["run"], options, None)[1:] == [
        *("--select", "a", "--exclude", "b", "--full-refresh", "--threads", "3"),
        *("--event-time-start", "2026-01-01", "--event-time-end", "2026-02-01"),
    ]


def test_variables_are_json() -> None:
    found = with_options(["run"], RunOptions(variables={"day": "2026-01-01", "n": 3}), None)

    assert found == ["run", "--vars", '{"day": "2026-01-01", "n": 3}']


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["run"], ["run", "--target", "prod"]),
        (["run", "--target=dev"], ["run", "--target=dev"]),
        (["run", "-t", "dev"],) * 2,
    ],
)
def test_a_target_in_the_step_wins(words: list[str], expected: list[str]) -> None:
    assert with_options(words, RunOptions(), "prod") == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["build", "--select", "a", "--full-refresh", "--threads", "4"], ["ls", "--select", "a"]),
        (["run", "--target", "prod"], ["ls", "--target", "prod", "--resource-type", "model"]),
        (["test"], ["ls", "--resource-type", "test", "--resource-type", "unit_test"]),
        (["build", "--resource-type", "seed"], ["ls", "--resource-type", "seed"]),
    ],
)
def test_a_plan_lists_what_the_command_would_execute(words: list[str], expected: list[str]) -> None:
    assert as_listing(words) == [*expected, "--output", "json", "--output-keys", "unique_id"]


def test_the_last_value_of_an_option_counts() -> None:
    words = ["run", "--profiles-dir", "a", "--profiles-dir=b"]

    assert option_value(words, ("--profiles-dir",)) == "b"
    assert option_value(["run", "--profiles-dir"], ("--profiles-dir",)) is None
    assert command_of(words) == "run"
