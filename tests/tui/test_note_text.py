"""Notes in one line: their words stay, the marks of Markdown go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.note_text import note_line


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("**known**, see [#42](https://example.org/42)", "known, see #42"),
        ("# Upstream\n\nrenamed a column", "Upstream"),
        ("\n---\n```sql\n> - a _quoted_ item", "a quoted item"),
        ("1. `int_delays.tail_*` is ~~late~~ **_gone_**", "int_delays.tail_* is late gone"),
        ("int_delays and stg_flights, 2 * 3 * 4", "int_delays and stg_flights, 2 * 3 * 4"),
        ("![a picture](x.png) <https://example.org/a_b_c>", "a picture https://example.org/a_b_c"),
        (r"not \*strong\*", "not *strong*"),
        ("#42 knows", "#42 knows"),
        ("red\x1b[31m\there", "red here"),
        ("---\n\n", ""),
        ("", ""),
    ],
)
def test_the_words_of_a_note(note: str, words: str) -> None:
    assert note_line(note) == words


@given(st.text(alphabet="a_*`~[]()#<>\\ -\n!", max_size=60))
def test_any_note_is_one_line(note: str) -> None:
    assert "\n" not in note_line(note)
