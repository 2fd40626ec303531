"""Texts by pages, and their colours."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.logs.log_file import FileUnreadable
from store.logs.matching import matcher
from tui import code_pages
from tui.code_colours import CHARACTERS_SHOWN, coloured, language_of
from tui.code_pages import PAGE_LINES, CodePages, FilePages, matching_lines, open_pages, reindented

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda values: st.lists(values) | st.dictionaries(st.text(), values),
    max_leaves=20,
)


def _styles(line: str, language: str) -> dict[str, str]:
    text = coloured([line], language)[0]
    return {text.plain[span.start : span.end]: str(span.style) for span in text.spans}


def test_sql_with_jinja_is_coloured() -> None:
    styles = _styles("select 'x', 12 from {{ ref('a') }} -- why", "sql+jinja")

    assert (styles["select"], styles["'x'"], styles["12"], styles["-- why"]) == (
        "blue",
        "green",
        "yellow",
        "dim italic",
    )
    assert styles["{{"] == "magenta"


def test_colours_of_several_lines_stay_on_their_lines() -> None:
    texts = coloured(["/* a", "comment */ select", "", "1"], "sql+jinja")

    assert [text.plain for text in texts] == ["/* a", "comment */ select", "", "1"]
    assert texts[0].spans[0].style == "dim italic"
    assert [(span.start, span.end) for span in texts[1].spans if span.style == "blue"] == [(11, 17)]
    assert texts[3].spans[0].style == "yellow"


@given(
    st.lists(st.text(max_size=20), max_size=5), st.sampled_from(["sql+jinja", "json", "yaml", "python", "toml", None])
)
def test_coloured_lines_are_as_many_and_say_the_same_safely(lines: list[str], language: str | None) -> None:
    texts = coloured(lines, language)

    assert [text.plain for text in texts] == [text.plain for text in coloured(lines, None)]
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", "".join(text.plain for text in texts))


def test_of_a_very_long_line_only_the_beginning_is_shown() -> None:
    text = coloured(["x" * (CHARACTERS_SHOWN + 1500)], None)[0]

    assert text.plain == "x" * CHARACTERS_SHOWN + " … 1,500 more characters in this line"


@pytest.mark.parametrize(
    ("name", "language"),
    [("a.sql", "sql+jinja"), ("schema.YML", "yaml"), ("manifest.json", "json"), ("notes.txt", None)],
)
def test_the_language_is_that_of_the_name(name: str, language: str | None) -> None:
    assert language_of(Path(name)) == language


@given(JSON)
def test_reindented_json_means_the_same_and_keeps_its_tokens(value: object) -> None:
    text = json.dumps(value)

    assert json.loads(reindented(text)) == value
    assert re.sub(r"\s", "", reindented(text)) == re.sub(r"\s", "", text)


def test_reindented_json_looks_as_if_written_by_hand() -> None:
    assert reindented('{"a":[1,{"b":{}}],"c":[] , "d": "x, {y"}').split("\n") == [
        "{",
        '  "a": [',
        "    1,",
        "    {",
        '      "b": {}',
        "    }",
        "  ],",
        '  "c": [],',
        '  "d": "x, {y"',
        "}",
    ]


def _all_lines(pages: CodePages) -> list[str]:
    return [line for page in range(-(-pages.line_count // PAGE_LINES)) for line in pages.lines(page)]


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("count", [0, 1, PAGE_LINES - 1, PAGE_LINES, PAGE_LINES + 1, 20_000])
@pytest.mark.parametrize("ended", [False, True])
def test_pages_have_every_line_of_the_file(
    large: bool, count: int, ended: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(code_pages, "_MEMORY_BYTES", 0 if large else 10**9)
    lines = [f"line {number}" for number in range(count)]
    path = tmp_path / "text.txt"
    path.write_text("\n".join(lines) + ("\n" if ended and lines else ""))

    pages = open_pages(path)
    assert pages.line_count == count
    assert _all_lines(pages) == lines
    assert isinstance(pages, FilePages) == (large and count > 0)
    if count == 20_000:
        assert [text.plain for text in pages.texts(3)] == lines[3 * PAGE_LINES : 4 * PAGE_LINES]
        assert matching_lines(pages, 3, matcher("line 800")) == [800]
    pages.close()


def test_json_for_machines_is_indented_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({f"model.{number}": {"name": "x"} for number in range(200)}))
    pages = open_pages(path)
    assert pages.reindented
    assert pages.line_count == 2 + 3 * 200

    path.write_text('{\n  "a": 1\n}\n')
    assert not open_pages(path).reindented


def test_what_is_no_text_or_not_there_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "flights.duckdb"
    path.write_bytes(b"DUCK\0\0" * 1000)

    with pytest.raises(FileUnreadable, match=r"^flights\.duckdb is not a text: 6\.0 kB\.$"):
        open_pages(path)
    with pytest.raises(FileUnreadable, match=r"does not exist\.$"):
        open_pages(tmp_path / "gone.sql")
