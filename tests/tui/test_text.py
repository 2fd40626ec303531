"""Text from tools is shown, and never obeyed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from store.text import one_line, visible
from tui.text import cut, plain, plain_with_colour

FORBIDDEN = {*map(chr, range(0x20)), "\x7f", *map(chr, range(0x80, 0xA0)), "\u202e", "\u2066"}

SEQUENCES = (
    "\x1b]0;title\x07",
    "\x1b]52;c;aGk=\x1b\\",
    "\x9b2J",
    "\x1b[2J",
    "\x1b[31m",
    "\x1b[5;8m",
    "\x1b(0",
    "\x1bc",
)
FRAGMENTS = ("\x1b", "\x1b[", "\x1b]", "\x1bP", "\x9d8;", "[31m", "m", "\\", "\r", "\t", "\0", "\x07", "\x9c", "\u202e")
HOSTILE_PIECES = st.sampled_from(SEQUENCES + FRAGMENTS)
HOSTILE = st.lists(HOSTILE_PIECES | st.text(max_size=5), max_size=12).map("".join)
ANY_TEXT = HOSTILE | st.text() | st.binary().map(lambda data: data.decode("utf-8", "surrogateescape"))


@given(ANY_TEXT)
def test_no_control_survives_in_plain_text(text: str) -> None:
    assert not (FORBIDDEN - {"\n"}) & set(plain(text))


@given(ANY_TEXT)
def test_no_control_survives_in_coloured_text(text: str) -> None:
    assert not FORBIDDEN & set(plain_with_colour(text).plain)


@given(ANY_TEXT)
def test_colour_is_all_that_coloured_text_takes_from_a_tool(text: str) -> None:
    for span in plain_with_colour(text).spans:
        assert not isinstance(span.style, str)
        assert span.style.link is None
        assert not any((span.style.blink, span.style.blink2, span.style.conceal))


@given(ANY_TEXT)
def test_safe_text_can_be_encoded_and_stays_as_it_is(text: str) -> None:
    safe = plain(text)
    safe.encode()
    assert plain(safe) == safe


@given(ANY_TEXT)
def test_visible_text_keeps_its_length(text: str) -> None:
    assert len(visible(text)) == len(text)
    assert not FORBIDDEN & set(visible(text))


@given(st.text(alphabet="ab界é…", max_size=20), st.integers(min_value=0, max_value=12))
def test_cut_text_never_takes_more_cells_than_allowed(text: str, width: int) -> None:
    assert cell_len(cut(text, width)) <= width


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("no escapes [bold]at all[/]", "no escapes [bold]at all[/]"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]0;a title\x07after", "after"),
        ("\x1b]8;;http://example.org\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b2Jcleared", "cleared"),
        ("open \x1b]0;never ended", "open 0;never ended"),
        ("\x1b\x1b[31m[31m", "␛[31m"),
        ("nul \0 bell \a", "nul ␀ bell ␇"),
        ("10%\r50%\r100%\r\ndone\r\n", "100%\ndone\n"),
        ("a\tb\n界\tc", "a       b\n界      c"),
        ("abc\u202etxt.exe", "abc\ufffdtxt.exe"),
        ("bad \udcff byte", "bad \ufffd byte"),
    ],
)
def test_plain(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_one_line_joins_lines_and_squeezes_space() -> None:
    assert one_line("Binder Error:\n   column\tx \x1b[31mnot found\r\n") == "Binder Error: column x not found"


def test_colours_are_honoured_and_nothing_else() -> None:
    text = plain_with_colour("a \x1b[31mred\x1b[2J\x1b[0m \x1b[38;5;200mpink\x1b[5m")

    assert text.plain == "a red pink"
    assert [(span.start, span.end, str(span.style)) for span in text.spans if span.end > span.start] == [
        (2, 5, "not blink not blink2 not conceal color(1)"),
        (6, 10, "not blink not blink2 not conceal color(200)"),
    ]


def test_a_colour_set_before_a_carriage_return_still_holds() -> None:
    text = plain_with_colour("\x1b[32m10%\r90%\tleft\x1b[0m")

    assert text.plain == "90%     left"
    assert "color(2)" in str(text.spans[0].style)


def test_a_sequence_with_thousands_of_digits_is_no_colour() -> None:
    assert plain_with_colour(f"\x1b[{'9' * 5000}mtext").plain == "text"


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("界界", 3, "界…"), ("a界b", 3, "a …"), ("ab", 1, "…")],
)
def test_cut(text: str, width: int, shown: str) -> None:
    assert cut(text, width) == shown
