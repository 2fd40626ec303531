import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.configuration.durations import parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"), [("30s", 30), ("90m", 5400), ("2h", 7200), ("1h30m", 5400), ("1d", 86_400), (" 5m ", 300)]
)
def test_what_people_write(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99), st.integers(1, 99))
def test_parts_add_up(days: int, hours: int, minutes: int, seconds: int) -> None:
    text = f"{days}d{hours}h{minutes}m{seconds}s"
    assert parse_duration(text) == days * 86_400 + hours * 3_600 + minutes * 60 + seconds


@pytest.mark.parametrize("text", ["", "2", "2 hours", "h", "0s", "-1h", "1m1h", "1.5h", "2H"])
def test_what_is_no_duration_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError, match="is not a length of time"):
        parse_duration(text)
