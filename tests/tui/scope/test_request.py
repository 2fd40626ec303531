"""What a run with choices comes to."""

import pytest

from engine.errors import UsageError
from store.models import RunOptions
from tui.scope.branches import Chosen
from tui.scope.request import Choices, expected_s, options_of

SOME = Chosen(("path:models/staging", "tag:core"), frozenset({"a", "b"}))


def test_fields_become_options() -> None:
    choices = Choices(variables="{region: north, limit: 10}", threads=" 4 ", full_refresh=True)
    assert options_of(SOME, choices) == RunOptions(
        select=SOME.selectors, variables={"region": "north", "limit": 10}, threads=4, full_refresh=True
    )
    assert options_of(SOME, Choices(start=" 2013-01-01 ", end="")).start == "2013-01-01"


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        (Choices(variables="north"), "written as YAML"),
        (Choices(variables="{a: [}"), "written as YAML"),
        (Choices(threads="many"), "from 1 on"),
        (Choices(threads="0"), "from 1 on"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(choices: Choices, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        options_of(SOME, choices)


def test_a_part_takes_its_part_of_the_usual_time() -> None:
    usual = {"a": 10.0, "b": 20.0, "c": 70.0}
    assert expected_s(SOME, usual, 200.0, ["a", "b", "c"]) == pytest.approx(60.0)
    assert expected_s(SOME, {}, 200.0, ["a", "b", "c"]) is None
    assert expected_s(SOME, usual, None, ["a", "b", "c"]) is None
