"""What of a request can be refused before anything is recorded, and what is left to the tool."""

from typing import Any

import pytest

from engine.configuration.plan_options import check_options
from engine.errors import UsageError
from store.models import RunOptions


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"start": "2013-13-45"}, "The start, 2013-13-45, is in no calendar; write a day as 2013-01-31."),
        ({"end": "2013-02-29 10:00"}, "The end, 2013-02-29 10:00, is in no calendar"),
        ({"start": "tomorow"}, "The start, tomorow, is no day; is tomorrow meant?"),
        ({"start": "2013-02-01", "end": "2013-01-31"}, "The end, 2013-01-31, is before the start, 2013-02-01."),
        ({"categories": ("foo",)}, "foo is no category of a change: breaking or non_breaking."),
        ({"categories": ("core.flights=braking",)}, "braking is no category of a change; is breaking meant?"),
        ({"categories": ("core.flights=",)}, "Nothing is no category of a change"),
    ],
)
def test_what_cannot_be_is_refused_with_one_sentence(asked: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_options(RunOptions(**asked), "sqlmesh", "mesh")
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    "asked",
    [
        {"start": "2013-1-5", "end": "2013-01-05T10:00:00+02:00"},
        {"start": "1 week ago", "end": "yesterday"},
        {"start": "last monday"},
        {"start": "gestern"},
        {"start": "20130131"},
        {"categories": ("breaking", "core.flights=non_breaking")},
        {"restate": ("nobody.knows",), "forward_only": True, "create_from": "prod"},
    ],
)
def test_what_only_the_tool_can_judge_is_left_to_it(asked: dict[str, Any]) -> None:
    check_options(RunOptions(**asked), "sqlmesh", "mesh")


def test_a_plan_of_dbt_is_not_asked_what_only_sqlmesh_can_do() -> None:
    asked = RunOptions(restate=("stg_flights",), categories=("breaking",))
    with pytest.raises(UsageError, match=r"flights is a dbt project; .* plans with restate, category"):
        check_options(asked, "dbt", "flights")


def test_dbt_takes_a_stretch_of_time_whole() -> None:
    with pytest.raises(UsageError, match=r"^shop is a dbt project: dbt takes a start together with an end\.$"):
        check_options(RunOptions(start="2013-01-01"), "dbt", "shop")
    check_options(RunOptions(start="2013-01-01", end="2013-02-01"), "dbt", "shop")
