"""The help: every key of the place, moved through as lists are."""

from functools import partial

import pytest

from tests.tui.conftest import WorldMaker
from tests.tui.staging import staged_app, text_of, until, until_shown
from tui import keymap
from tui.help_text import ACTS, help_lines
from tui.keymap import Scope
from tui.screens.help import HelpScreen
from tui.widgets.styled_lines import StyledLines


def plain(*scopes: Scope, remapped: dict[str, str] | None = None, width: int = 69) -> list[str]:
    return [line.plain for line in help_lines(scopes, remapped or {}, width)]


def test_tabs_are_one_line() -> None:
    assert [line.strip() for line in plain("run") if "tab" in line] == ["1-8              show a tab by its number"]
    moved = plain("run", remapped={"run.tab_2": "f2"})
    assert [line.strip() for line in moved if "show a tab" in line] == ["1 f2 3 4 5 6 7 8 show a tab by its number"]


@pytest.mark.parametrize("scope", keymap.SCOPE_TITLES)
def test_every_key_is_there_with_its_mark_and_within_the_width(scope: Scope) -> None:
    lines = plain(scope)
    assert all(len(line) <= 69 for line in lines)
    whole = " ".join(" ".join(lines).split())
    for key in keymap.keys_of(scope):
        if not key.action.startswith("show_tab("):
            mark = f"{ACTS} " if key.acts else ""
            asks = " asks first" if key.dangerous else ""
            assert f"{mark}{keymap.spelled(key.keys)} {' '.join(key.help.split())}{asks}" in whole


def is_at(lines: StyledLines, line: int) -> bool:
    return round(lines.scroll_y) == line


async def test_it_moves_as_lists_do_and_closes(make_world: WorldMaker) -> None:
    app = staged_app(make_world("failed"))
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "nightly")
        await pilot.press("question_mark")
        await until_shown(pilot, "Keys")
        lines = app.screen.query_one(StyledLines)
        end = lines.max_scroll_y
        for keys, where in (("ctrl+d", lines.size.height // 2), ("ctrl+u", 0), ("G", end), ("g", 0), ("j", 1)):
            await pilot.press(keys)
            await until(pilot, partial(is_at, lines, where), f"{keys} to go to line {where}")
        assert "give it another name" not in text_of(pilot)
        await pilot.press("slash", *"another name", "enter")
        await until_shown(pilot, "give it another name")
        await pilot.press("q")
        await until(pilot, lambda: not isinstance(app.screen, HelpScreen), "the help to close")
