import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.command_line.output import say, say_json, say_table, table

HOSTILE = "\x1b]0;owned\x07\x1b[2Jred\x9b31m\r\x00"


def test_control_sequences_do_not_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    say(HOSTILE)
    say_table(("head",), [(HOSTILE,)])
    say_json({"text": HOSTILE})
    printed = capsys.readouterr().out
    assert not [character for character in printed if ord(character) < 32 and character != "\n"]
    assert "\x9b" not in printed
    assert "red" in printed


def test_json_keeps_every_text(capsys: pytest.CaptureFixture[str]) -> None:
    say_json([HOSTILE, "Zürich"])
    assert json.loads(capsys.readouterr().out) == [HOSTILE, "Zürich"]


def test_columns_are_aligned_by_cells() -> None:
    assert table(("a", "n"), [["東京", "1"], ["x", "12"]], frozenset({1})) == ["a      n", "東京   1", "x     12"]


@given(st.lists(st.lists(st.text("ab 東", max_size=5), min_size=2, max_size=2), max_size=5))
def test_a_table_has_a_line_a_row(rows: list[list[str]]) -> None:
    assert len(table(("x", "y"), rows)) == len(rows) + 1
