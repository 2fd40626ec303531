import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import UsageError
from store.logs.log_lines import LogParser
from tui.command_line.log_options import log_filter

HEAD = "2026-11-21T03:04:05.123Z"


def test_a_line_with_its_head() -> None:
    line = LogParser().parse(f"{HEAD} WARN  [stg_flights] slow [really]")
    assert (line.time, line.level, line.node, line.text) == (HEAD, "WARN", "stg_flights", "slow [really]")


def test_a_line_without_a_node() -> None:
    line = LogParser().parse(f"{HEAD} INFO  Found 3 models")
    assert (line.level, line.node, line.text) == ("INFO", None, "Found 3 models")


def test_a_line_without_a_head_belongs_to_the_one_before() -> None:
    parser = LogParser()
    parser.parse(f"{HEAD} ERROR [stg_flights] Binder Error")
    line = parser.parse("  LINE 14: tailnum")
    assert (line.time, line.level, line.node, line.text) == (HEAD, "ERROR", "stg_flights", "  LINE 14: tailnum")


@given(st.text(alphabet=st.characters(exclude_characters="\n")))
def test_every_text_is_a_line_and_is_kept(text: str) -> None:
    assert LogParser().parse(text).raw == text


@pytest.mark.parametrize(
    ("model", "level", "pattern", "through"),
    [
        (None, None, None, True),
        ("flights", None, None, True),  # the tool's unique name ends with it
        ("model.shop.flights", None, None, True),
        ("lights", None, None, False),
        (None, "warn", None, True),
        (None, "warning", None, True),
        (None, "error", None, False),
        (None, None, "slow|fast", True),
        (None, None, "^slow", False),
        ("flights", "info", "fast", False),
    ],
)
def test_the_sieve(model: str | None, level: str | None, pattern: str | None, through: bool) -> None:
    line = LogParser().parse(f"{HEAD} WARN  [model.shop.flights] is slow")
    assert log_filter(model, level, pattern).lets_through(line) is through


def test_what_cannot_be_asked_for() -> None:
    with pytest.raises(UsageError, match='no level "loud"; known: debug, info, warn, error'):
        log_filter(None, "loud", None)
    with pytest.raises(UsageError, match=r'"\(" is no regular expression'):
        log_filter(None, None, "(")
