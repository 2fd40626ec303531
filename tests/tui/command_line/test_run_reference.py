import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import UsageError
from store.errors import RunNotFound
from tui.command_line.run_reference import RunReference, parse_run_reference


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("123", RunReference(number=123)),
        ("#123", RunReference(number=123)),
        ("007", RunReference(number=7)),
        ("latest", RunReference()),
        ("latest:nightly", RunReference(job="nightly")),
        ("latest:flights/nightly", RunReference(job="flights/nightly")),
    ],
)
def test_the_ways_to_name_a_run(text: str, reference: RunReference) -> None:
    assert parse_run_reference(text) == reference


@pytest.mark.parametrize("text", ["", "#", "##1", "-1", "1.5", "one", "latest:", "Latest", "٣"])
def test_what_is_no_reference(text: str) -> None:
    with pytest.raises(UsageError, match="is no run; name it by its number"):
        parse_run_reference(text)


@given(st.integers(min_value=0, max_value=2**63 - 1))
def test_every_number_that_the_store_can_be_asked_for_is_one(number: int) -> None:
    assert parse_run_reference(f"#{number}").number == number


@pytest.mark.parametrize("digits", [str(2**63), "9" * 20, "9" * 5000])
def test_a_number_that_no_run_can_have_is_named_as_it_was_typed(digits: str) -> None:
    with pytest.raises(RunNotFound, match=f"^There is no run #{digits}\\.$"):
        parse_run_reference(f"#{digits}")
