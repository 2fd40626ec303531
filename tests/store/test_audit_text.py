"""What tells audits of one name apart."""

from typing import Any

import pytest

from store.audit_text import arguments_text, distinction
from tests.tui.run.records import START, an_audit


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, ""),
        ({"columns": "(id)"}, "id"),
        ({"columns": "(id, day)"}, "(id, day)"),
        ({"max_v": "1000", "column": "distance"}, "distance, max_v 1000"),
        ({"column_name": "carrier", "values": ["AA", "B6"]}, "carrier, values (AA, B6)"),
    ],
)
def test_columns_come_first(arguments: dict[str, Any], expected: str) -> None:
    assert arguments_text(arguments) == expected


def test_an_audit_of_a_stretch_of_time_says_where_that_begins() -> None:
    midnight = START.replace(hour=0)
    assert distinction(an_audit("a", arguments={"column": "id"}, interval_start=midnight)) == "id, from 2026-11-21"
    assert distinction(an_audit("a", interval_start=START)) == "from 2026-11-21 13:00"
    assert distinction(an_audit("a")) == ""
