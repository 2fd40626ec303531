"""Failing rows of an audit on their way to the record."""

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.adapters.samples import audit_sampled

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def test_values_become_text_and_stay_small() -> None:
    (event,) = audit_sampled("test.a", {"columns": ["n", 2], "rows": [[1, None], ["x" * 201, 2.5]]}, NOW)
    assert (event.audit, event.ts, event.columns) == ("test.a", NOW, ("n", "2"))
    assert event.rows == (("1", None), ("x" * 199 + "…", "2.5"))


def test_no_more_than_twenty_rows_are_kept() -> None:
    (event,) = audit_sampled("a", {"columns": ["n"], "rows": [[number] for number in range(30)]}, NOW)
    assert len(event.rows) == 20


def test_halves_of_characters_can_be_written() -> None:
    (event,) = audit_sampled("a", {"columns": ["n"], "rows": [["\udce4"]]}, NOW)
    assert event.rows == (("?",),)


@pytest.mark.parametrize("said", [None, 7, "x", {}, {"columns": ["a"]}, {"columns": "a", "rows": 1}, {"rows": [[1]]}])
def test_what_is_no_sample_is_none(said: Any) -> None:
    assert audit_sampled("a", said, NOW) == []
