"""What a run with choices comes to."""

import pytest

from engine.errors import UsageError
from store.models import RunOptions
from tui.scope.branches import Chosen
from tui.scope.request import Choices, expected_s, narrows, options_of

SOME = Chosen(("path:models/staging", "tag:core"), frozenset({"a", "b"}))


def test_fields_become_options() -> None:
    choices = Choices(variables="{region: north, limit: 10}", threads=" 4 ", full_refresh=True)
    assert options_of(SOME, choices, "dbt") == RunOptions(
        select=SOME.selectors, variables={"region": "north", "limit": 10}, threads=4, full_refresh=True
    )
    assert options_of(SOME, Choices(start=" 2013-01-01 ", end=""), "sqlmesh").start == "2013-01-01"


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        (Choices(variables="north"), "written as YAML"),
        (Choices(variables="{a: [}"), "written as YAML"),
        (Choices(threads="many"), "from 1 on"),
        (Choices(threads="0"), "from 1 on"),
        (Choices(start="2013-01-01"), "together with an end"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(choices: Choices, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        options_of(SOME, choices, "dbt")


def test_what_a_job_leaves_out_by_itself_makes_a_count_an_upper_bound() -> None:
    everything = Chosen((), SOME.models)

    assert not narrows(("deps", "build --full-refresh"), "dbt", everything)
    assert narrows(("build --select=marts",), "dbt", everything)
    assert not narrows(("build -s marts",), "dbt", SOME), "a selection takes the place of the job's own"
    assert narrows(("build --exclude tag:slow",), "dbt", SOME)
    assert narrows(("run",), "sqlmesh", everything), "only what is due is executed"


def test_a_part_takes_its_part_of_the_usual_time() -> None:
    usual = {"a": 10.0, "b": 20.0, "c": 70.0}
    assert expected_s(SOME, usual, 200.0, ["a", "b", "c"]) == pytest.approx(60.0)
    assert expected_s(SOME, {}, 200.0, ["a", "b", "c"]) is None
    assert expected_s(SOME, usual, None, ["a", "b", "c"]) is None
