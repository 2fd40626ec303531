"""Text from tools loses its power over a terminal, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.text import one_line, plain

SEQUENCES = ("\x1b]52;c;aGk=\x07", "\x1b]0;title\x1b\\", "\x1b]8;;http://x\x07link\x1b]8;;\x07", "\x1b[31m", "\x9b2J")
FRAGMENTS = (
    "\x1b",
    "\x1b[",
    "\x1b]",
    "\x1b]0;",
    "\x1bP",
    "\x1b(",
    "\x90",
    "\x9d0;",
    "\x9c",
    "\r",
    "\r\n",
    "\x7f",
    "\u202e",
)
HOSTILE = st.lists(st.sampled_from(SEQUENCES + FRAGMENTS) | st.text(max_size=5), max_size=10).map("".join)
CONTROLS = {chr(code) for code in (*range(0x20), 0x7F, *range(0x80, 0xA0))} - {"\n", "\t"}


@given(HOSTILE)
def test_no_control_character_survives(text: str) -> None:
    assert not CONTROLS & set(plain(text))


@given(HOSTILE)
def test_safe_text_is_left_alone(text: str) -> None:
    safe = plain(text)

    assert plain(safe) == safe


@given(st.text(alphabet=st.characters(exclude_categories=["C", "Zl", "Zp"]) | st.sampled_from("\n\t")))
def test_honest_text_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b]52;c;aGk=\x07b", "ab"),
        ("a\x1b]52;c;aGk=\x1b\\b", "ab"),
        ("a\x1b]0;a title\x07b", "ab"),
        ("\x1b]8;;http://evil\x07click\x1b]8;;\x07 me", "click me"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("\x1bP1$r0m\x1b\\b", "b"),
        ("bell\x07", "bell␇"),
        ("half\x1b", "half␛"),
        ("50 %\r100 %", "50 %␍100 %"),
        ("dos\r\nlines", "dos\nlines"),
        ("over\u202eride", "over�ride"),
        ("naïve 界 🙂", "naïve 界 🙂"),
    ],
)
def test_what_is_shown(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_a_sequence_that_never_ends_swallows_no_other_line() -> None:
    assert plain("one\x1b]0;oops\ntwo\nthree").splitlines()[1:] == ["two", "three"]
    assert plain("one\x1bPoops\ntwo\nthree").splitlines()[1:] == ["two", "three"]
    assert plain("one\x9doops\ntwo\nthree").splitlines()[1:] == ["two", "three"]


@given(HOSTILE)
def test_one_line_is_one_line(text: str) -> None:
    line = one_line(text)

    assert line.splitlines() in ([], [line])
    assert line == line.strip()
