"""The language of the filter box."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import UsageError
from store.filters import RunFilter
from store.status import ACTIVE, BAD, RunStatus
from tui.activity_filter import ActivityFilter
from tui.filter_text import completions, parse_filter, without_bare_prefix
from tui.overview import Place

NAMES = {"job": ["nightly", "hourly"], "env": ["flights/prod", "flights/dev"]}


def test_words_must_all_occur() -> None:
    assert parse_filter("  int_delays   anna ") == RunFilter(words=("int_delays", "anna"))


def test_prefixes_ask_for_one_field() -> None:
    assert parse_filter("job:nightly author:anna status:fail env:flights/prod kind:plan trigger:rerun x") == RunFilter(
        job="nightly",
        author="anna",
        statuses=frozenset({RunStatus.FAILED}),
        project="flights",
        environment="prod",
        kinds=frozenset({"plan"}),
        triggers=frozenset({"rerun"}),
        words=("x",),
    )


def test_several_statuses_are_alternatives() -> None:
    assert parse_filter("status:failed status:error").statuses == BAD


def test_an_unknown_prefix_is_a_word() -> None:
    assert parse_filter("http://x a:b").words == ("http://x", "a:b")


def test_half_a_name_is_searched_for_as_a_word() -> None:
    assert parse_filter("job:ni", NAMES) == RunFilter(words=("ni",))
    assert parse_filter("job:nightly env:dev", NAMES) == RunFilter(job="nightly", environment="dev")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("job:", "job: needs a value"),
        ("status:faield", "Did you mean failed?"),
        ("status:s", "scheduled or stopping or skipped"),
        ("kind:x", "It can be run, plan"),
    ],
)
def test_nonsense_is_refused_with_what_would_do(text: str, sentence: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse_filter(text)
    assert sentence in str(raised.value)


@given(st.text())
def test_any_text_is_a_filter_or_refused(text: str) -> None:
    try:
        where, values = parse_filter(text, NAMES).where()
    except UsageError:
        return
    assert where.count("?") == len(values)


def test_completions_of_the_last_word() -> None:
    assert completions("anna jo", NAMES) == ["anna job:"]
    assert completions("job:ni", NAMES) == ["job:nightly"]
    assert completions("status:c", NAMES) == ["status:completed", "status:cancelled"]
    assert completions("anna ", NAMES) == []
    assert completions("job:nightly", NAMES) == []


def test_the_text_goes_before_tab_kind_and_place() -> None:
    chosen = ActivityFilter(tab="active", kind="plans").with_text("status:failed kind:run env:dev")
    found = chosen.at(Place("flights", "prod"))

    assert found.statuses == {RunStatus.FAILED}
    assert found.kinds == {"run"}
    assert (found.project, found.environment) == ("flights", "dev")


def test_tab_and_place_narrow_what_the_text_leaves_open() -> None:
    found = ActivityFilter(tab="active", newest_first=False).at(Place("flights", "prod"))

    assert found == RunFilter(statuses=ACTIVE, project="flights", environment="prod", order="oldest")


def test_a_cause_is_named_by_how_its_fingerprint_begins() -> None:
    assert parse_filter("cause:AB12cd job:nightly", NAMES) == RunFilter(cause="ab12cd", job="nightly")
    with pytest.raises(UsageError, match=r"cause:delays is no fingerprint"):
        parse_filter("cause:delays")


@pytest.mark.parametrize(
    ("typed", "meant"), [("job:", ""), ("anna job:", "anna"), ("job:n", "job:n"), ("jo", "jo"), ("what:", "what:")]
)
def test_a_prefix_that_waits_for_its_value_asks_for_nothing_yet(typed: str, meant: str) -> None:
    assert without_bare_prefix(typed) == meant
