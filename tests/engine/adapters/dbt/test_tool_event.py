"""dbt's events, read without trusting their shape."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.adapters.dbt.tool_event import clean, moment, read_event, seconds, text, whole


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b"3", b'{"info": 3}', b"\xff", b"[" * 100_000])
def test_what_is_no_event_is_none(line: bytes) -> None:
    assert read_event(line) is None


def test_an_event_of_another_shape_is_still_one() -> None:
    event = read_event(json.dumps({"info": {"code": 3, "ts": "noon"}, "data": {"node_info": []}}).encode())

    assert event is not None
    assert (event.code, event.at, event.node, event.result) == ("", None, None, {})


@pytest.mark.parametrize(
    ("value", "expected"),
    [(3, 3), (3.0, 3), (-1.5, -1), (True, None), ("3", None), (float("nan"), None), (1e300, None), (2**63, None)],
)
def test_whole_numbers_fit_a_database(value: Any, expected: int | None) -> None:
    assert whole(value) == expected


def test_durations_are_finite() -> None:
    assert (seconds(1), seconds(float("inf")), seconds(None), seconds(True)) == (1.0, None, None, None)


def test_times_are_utc_where_dbt_does_not_say() -> None:
    assert moment("2026-11-21T12:00:00.5") == datetime(2026, 11, 21, 12, 0, 0, 500_000, tzinfo=UTC)
    assert moment("2026-11-21T12:00:00Z") == datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert moment(None) is None


def test_broken_text_can_be_written() -> None:
    assert text("caf\udce9 é") == "caf? é"
    assert clean({"a\udce9": ["\udce9", {"b": 1}]}) == {"a?": ["?", {"b": 1}]}
