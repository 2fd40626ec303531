"""Which colours can be read on which."""

import pytest
from rich.color import Color
from rich.terminal_theme import TerminalTheme
from textual.theme import Theme

from tui import themes
from tui.contrast import is_legible


@pytest.mark.parametrize(
    ("colour", "background", "legible"),
    [
        ("#ffffff", "#000000", True),
        ("#767676", "#ffffff", True),  # 4.5 to 1
        ("#9a9a9a", "#ffffff", False),  # 2.8 to 1
        ("#ffff00", "#ffff00", False),
        ("yellow", "#ffff00", False),
        ("red", "#2b3440", True),
        ("default", "#2b3440", True),
    ],
)
def test_a_text_can_be_read_when_it_is_enough_lighter_or_darker(colour: str, background: str, legible: bool) -> None:
    assert is_legible(Color.parse(colour), Color.parse(background), themes.ANSI_DARK) is legible


@pytest.mark.parametrize("colour", ["red", "green", "yellow", "cyan", "blue", "magenta"])
@pytest.mark.parametrize(
    ("theme", "terminal"), [(themes.DARK, themes.ANSI_DARK), (themes.LIGHT, themes.ANSI_LIGHT)], ids=["dark", "light"]
)
def test_every_status_colour_can_be_read_on_the_cursor(colour: str, theme: Theme, terminal: TerminalTheme) -> None:
    background = Color.parse(theme.variables["block-cursor-background"])

    assert is_legible(Color.parse(colour), background, terminal)
