"""The colours: calm, one accent; what a status needs comes from the sixteen names of a terminal."""

from collections.abc import Mapping

from rich.terminal_theme import TerminalTheme
from textual.theme import Theme


def _scrollbars(handle: str, track: str) -> dict[str, str]:
    handles = dict.fromkeys(("scrollbar", "scrollbar-hover", "scrollbar-active"), handle)
    names = (
        "scrollbar-background",
        "scrollbar-background-hover",
        "scrollbar-background-active",
        "scrollbar-corner-color",
    )
    return handles | dict.fromkeys(names, track)


DARK = Theme(
    name="runroom-dark",
    primary="#7aa2c8",
    secondary="#8f9bb3",
    accent="#7aa2c8",
    foreground="#d5d9e0",
    background="#14171c",
    surface="#14171c",
    panel="#1d2229",
    success="#8fbf7f",
    warning="#d9b36c",
    error="#e07a76",
    dark=True,
    variables={
        "block-cursor-background": "#2b3440",
        "block-cursor-foreground": "#f0f3f7",
        **_scrollbars("#2b3440", "#14171c"),
    },
)
LIGHT = Theme(
    name="runroom-light",
    primary="#2f5d8a",
    secondary="#5a6472",
    accent="#2f5d8a",
    foreground="#22262c",
    background="#f7f7f5",
    surface="#f7f7f5",
    panel="#ebebe7",
    success="#2f7a35",
    warning="#8a6100",
    error="#b3302c",
    dark=False,
    variables={
        "block-cursor-background": "#d6e0ea",
        "block-cursor-foreground": "#14171c",
        **_scrollbars("#c9d3dd", "#f7f7f5"),
    },
)
HIGH_CONTRAST = Theme(
    name="runroom-high-contrast",
    primary="#ffff00",
    secondary="#ffffff",
    accent="#ffff00",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000000",
    success="#00ff00",
    warning="#ffff00",
    error="#ff6060",
    dark=True,
    variables={
        "block-cursor-background": "#ffff00",
        "block-cursor-foreground": "#000000",
        **_scrollbars("#ffffff", "#000000"),
    },
)
OWN_THEMES = (DARK, LIGHT, HIGH_CONTRAST)
DEFAULT = DARK.name
ON_SIXTEEN_COLOURS = "ansi-dark"
OFFERED = (*(theme.name for theme in OWN_THEMES), "ansi-dark", "ansi-light")
"""The themes that a key goes through; the palette offers all that there are."""

Colour = tuple[int, int, int]


def _terminal(background: Colour, foreground: Colour, normal: list[Colour]) -> TerminalTheme:
    return TerminalTheme(background, foreground, normal, [_towards(colour, foreground) for colour in normal])


def _towards(colour: Colour, other: Colour) -> Colour:
    """A shade of the colour: what plots show as its bright form."""
    red, green, blue = (round(0.75 * own + 0.25 * its) for own, its in zip(colour, other, strict=True))
    return red, green, blue


# Black, red, green, yellow, blue, magenta, cyan, white.
ANSI_DARK = _terminal(
    (20, 23, 28),
    (213, 217, 224),
    [
        (20, 23, 28), (224, 122, 118), (143, 191, 127), (217, 179, 108),
        (122, 162, 200), (189, 147, 196), (104, 190, 196), (213, 217, 224),
    ],
)  # fmt: skip
ANSI_LIGHT = _terminal(
    (247, 247, 245),
    (34, 38, 44),
    [
        (34, 38, 44), (179, 48, 44), (47, 122, 53), (138, 97, 0),
        (47, 93, 138), (125, 63, 135), (0, 111, 120), (247, 247, 245),
    ],
)  # fmt: skip


def default_theme(environ: Mapping[str, str]) -> str:
    """The theme for a terminal that nobody chose one for: terminals of sixteen colours keep their own."""
    name = environ.get("TERM", "")
    many = "256color" in name or "direct" in name or environ.get("COLORTERM", "") in ("truecolor", "24bit")
    return DEFAULT if many or name in ("xterm-kitty", "alacritty", "foot", "xterm-ghostty") else ON_SIXTEEN_COLOURS
