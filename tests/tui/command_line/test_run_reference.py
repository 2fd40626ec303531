import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import UsageError
from tui.command_line.run_reference import RunReference, parse_run_reference


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("123", RunReference(number=123)),
        ("#123", RunReference(number=123)),
        ("007", RunReference(number=7)),
        ("latest", RunReference()),
        ("latest:nightly", RunReference(job="nightly")),
        ("latest:flights/nightly", RunReference(project="flights", job="nightly")),
    ],
)
def test_the_ways_to_name_a_run(text: str, reference: RunReference) -> None:
    assert parse_run_reference(text) == reference


@pytest.mark.parametrize("text", ["", "#", "##1", "-1", "1.5", "one", "latest:", "Latest", "٣"])
def test_what_is_no_reference(text: str) -> None:
    with pytest.raises(UsageError, match="is no run; name it by its number"):
        parse_run_reference(text)


@given(st.integers(min_value=0))
def test_every_number_is_one_that_the_store_can_be_asked_for(number: int) -> None:
    found = parse_run_reference(f"#{number}").number
    assert found is not None
    assert found == min(number, 2**63 - 1)
