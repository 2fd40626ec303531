"""The view of code."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from store.logs.matching import BadPattern
from tui import code_pages
from tui.widgets.code_view import CodeView

SQL = """\
select
    tailnum,
    count(*) as flights -- [bold]all[/]
from {{ ref('stg_flights') }}
"""


class CodeApp(App[None]):
    """One code view."""

    def __init__(self) -> None:
        super().__init__()
        self.view = CodeView(empty="Choose a file.")

    def compose(self) -> ComposeResult:
        yield self.view

    def lines(self) -> list[str]:
        return [self.view.render_line(y).text.rstrip() for y in range(self.view.scrollable_content_region.height)]


async def _until(app: CodeApp, pilot: Pilot[None], condition: Callable[[], bool], what: str = "") -> None:
    try:
        async with asyncio.timeout(10):
            while not condition():
                await pilot.pause(0.005)
    except TimeoutError:
        raise AssertionError("\n".join([f"waited for {what}; the view shows:", *app.lines()])) from None
    await pilot.pause()


async def _shows(app: CodeApp, pilot: Pilot[None], text: str) -> None:
    await _until(app, pilot, lambda: text in "\n".join(app.lines()), repr(text))


def _file(folder: Path, lines: int) -> Path:
    path = folder / "text.txt"
    path.write_text("".join(f"line {number}\n" for number in range(1, lines + 1)))
    return path


async def test_a_text_is_shown_with_numbers_and_colours_and_never_as_markup() -> None:
    app = CodeApp()
    async with app.run_test(size=(60, 8)) as pilot:
        app.view.show_text(SQL, language="sql+jinja")
        await _shows(app, pilot, "from")

        assert app.lines()[:5] == [
            "1  select",
            "2      tailnum,",
            "3      count(*) as flights -- [bold]all[/]",
            "4  from {{ ref('stg_flights') }}",
            "",
        ]
        select = next(segment for segment in app.view.render_line(0) if segment.text == "select")
        assert select.style is not None
        assert select.style.color is not None
        assert select.style.color.name == "blue"
        assert app.view.summary == "4 lines"


async def test_a_marked_line_is_in_view_and_stands_out(tmp_path: Path) -> None:
    app = CodeApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.view.show_file(_file(tmp_path, 1000), mark=500)
        await _shows(app, pilot, " 500  line 500")

        marked = app.lines().index(" 500  line 500")
        assert 0 < marked < 11
        backgrounds = [{s.style.bgcolor for s in app.view.render_line(y) if s.style} for y in (marked, marked + 1)]
        assert backgrounds[0].isdisjoint(backgrounds[1])

        app.view.mark_line(3)
        await _shows(app, pilot, "   3  line 3")


async def test_a_large_file_is_read_by_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_pages, "_MEMORY_BYTES", 1000)
    app = CodeApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.view.show_file(_file(tmp_path, 100_000))
        app.view.focus()
        await _shows(app, pilot, "     1  line 1")
        await pilot.press("G")
        await _shows(app, pilot, "100000  line 100000")
        await pilot.press("pageup", "k", "ctrl+u")
        await _until(app, pilot, lambda: app.lines()[0] == " 99971  line 99971", "line 99971 on top")
        await pilot.press("g", "j", "ctrl+d", "pagedown")
        await _until(app, pilot, lambda: app.lines()[0] == "    19  line 19", "line 19 on top")


async def test_search_goes_to_matches_counts_and_marks_them(tmp_path: Path) -> None:
    app = CodeApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.view.show_file(_file(tmp_path, 1000))
        app.view.focus()
        await _shows(app, pilot, "line 1")
        app.view.search("LINE 77")
        await _until(app, pilot, lambda: app.view.summary == "1,000 lines   0 lines with /LINE 77")
        app.view.search("line 77")
        await _until(app, pilot, lambda: app.view.summary == "1,000 lines   11 lines with /line 77")
        assert "  77  line 77" in app.lines()
        marked = app.view.get_component_rich_style("code-view--match", partial=True).bgcolor
        line = app.view.render_line(app.lines().index("  77  line 77"))
        assert [s.text for s in line if s.style and s.style.bgcolor == marked] == ["line 77"]

        await pilot.press("n")
        await _shows(app, pilot, " 770  line 770")
        await pilot.press("N", "N")
        await _shows(app, pilot, " 779  line 779")
        await pilot.press("n")
        await _shows(app, pilot, "  77  line 77")
        app.view.search("line 9.*7$", regex=True)
        await _shows(app, pilot, "  97  line 97")
        with pytest.raises(BadPattern):
            app.view.search("[", regex=True)
        app.view.search("")
        assert app.view.summary == "1,000 lines"


async def test_search_below_the_last_match_goes_to_the_first(tmp_path: Path) -> None:
    app = CodeApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.view.show_file(_file(tmp_path, 1000))
        await _shows(app, pilot, "line 1")
        app.view.action_scroll_bottom()
        app.view.search("line 5$", regex=True)

        await _shows(app, pilot, "   5  line 5")


async def test_long_lines_scroll_sideways_under_their_numbers() -> None:
    app = CodeApp()
    async with app.run_test(size=(30, 8)) as pilot:
        app.view.show_text("0123456789" * 10)
        await _shows(app, pilot, "1  0123")
        app.view.scroll_to(x=4, animate=False)
        await pilot.pause()
        assert app.lines()[0].startswith("1  4567")
        app.view.scroll_to(x=1000, animate=False)
        await pilot.pause()
        assert app.lines()[0].endswith("789")


async def test_what_cannot_be_shown_says_why_and_what_is_empty_what_would_be_there(tmp_path: Path) -> None:
    app = CodeApp()
    async with app.run_test(size=(160, 8)) as pilot:
        await _shows(app, pilot, "Choose a file.")
        app.view.show_file(tmp_path / "gone.sql")
        await _shows(app, pilot, "gone.sql does not exist.")
        app.view.show_text("")
        await _until(app, pilot, lambda: not any(app.lines()))
        app.view.clear("Nothing here.")
        await _shows(app, pilot, "Nothing here.")
        assert app.view.summary == ""
