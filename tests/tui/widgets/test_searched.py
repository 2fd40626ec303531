"""Searching a view of lines."""

from rich.text import Text
from textual.app import App, ComposeResult
from textual.widgets import Input

from tui.widgets.run.search_box import SearchBox
from tui.widgets.searched import Searched
from tui.widgets.styled_lines import StyledLines


class Stage(App[None]):
    """A hundred lines."""

    def compose(self) -> ComposeResult:
        yield Searched(StyledLines(), "search")

    def on_mount(self) -> None:
        self.query_one(StyledLines).show([Text(f"line {number}") for number in range(100)])
        self.query_one(StyledLines).focus()


async def test_a_search_goes_to_the_line_and_gives_the_keys_back_to_the_view() -> None:
    async with Stage().run_test(size=(40, 10)) as pilot:
        lines = pilot.app.query_one(StyledLines)
        assert not pilot.app.query_one(SearchBox).display
        await pilot.press("slash")
        assert isinstance(pilot.app.focused, Input)
        await pilot.press(*"line 77", "enter")
        await pilot.pause()
        assert lines.has_focus
        assert not pilot.app.query_one(SearchBox).display
        assert lines.scroll_y <= 77 < lines.scroll_y + 10
