"""Long lines as rows: nothing is lost, no row is too wide, words stay whole."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from tui.folding import all_folded, folded


def rows(line: str, width: int, hanging: str | None = None) -> list[str]:
    return [row.plain for row in folded(Text(line), width, None if hanging is None else Text(hanging))]


def test_words_stay_whole_and_a_row_begins_with_one() -> None:
    assert rows("dbt keeps no intervals at all", 12) == ["dbt keeps no", "intervals at", "all"]
    assert rows("as wide as it may be", 20) == ["as wide as it may be"]


def test_later_rows_stand_as_deep_as_the_line() -> None:
    assert rows("    one two three", 12) == ["    one two", "    three"]
    assert rows("from        stg_flights, stg_planes", 26, " " * 12) == [
        "from        stg_flights,",
        "            stg_planes",
    ]


def test_a_word_without_end_is_cut_and_not_what_stands_before_it() -> None:
    assert rows("▌ " + "x" * 14, 10, "▌ ") == ["▌ xxxxxxxx", "▌ xxxxxx"]


def test_what_hangs_never_takes_all_the_room() -> None:
    assert rows(" " * 30 + "word", 10)[-1].strip() == "word"
    assert all(len(row) <= 10 for row in rows(" " * 30 + "word", 10))


def test_the_style_goes_along() -> None:
    line = Text().append("plain and ").append("red as blood", "red")
    assert [[span.style for span in row.spans] for row in folded(line, 14)] == [["red"], ["red"]]


def test_lines_that_fit_stay_the_very_same() -> None:
    short = Text("short")
    assert all_folded([short, Text("much too long")], 8) == [short, Text("much too"), Text("long")]


def test_a_line_of_a_megabyte_is_folded() -> None:
    assert len(rows("x" * 1_000_000, 77)) == -(-1_000_000 // 77)


@given(st.text(st.sampled_from("ab 飛é\u0301"), max_size=80), st.integers(4, 20), st.sampled_from([None, "", "▌ "]))
def test_nothing_is_lost_and_nothing_too_wide(line: str, width: int, hanging: str | None) -> None:
    found = rows(line, width, hanging)
    assert all(cell_len(row) <= width for row in found if row.strip())
    said = "".join(row.removeprefix(hanging or "") if number else row for number, row in enumerate(found))
    assert said.replace(" ", "") == line.replace(" ", "")
