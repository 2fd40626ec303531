"""The colours: calm, one accent; what a status needs comes from the sixteen names of a terminal."""

from collections.abc import Mapping
from dataclasses import dataclass

from rich.terminal_theme import TerminalTheme
from textual.theme import Theme


@dataclass(frozen=True, slots=True)
class _Palette:
    """What the themes differ in. `ground` lies below everything, `cursor` below and on the chosen row."""

    foreground: str
    ground: str
    panel: str
    accent: str
    secondary: str
    success: str
    warning: str
    error: str
    cursor: tuple[str, str]
    scrollbar: str

    def theme(self, name: str, *, dark: bool) -> Theme:
        """As Textual wants it."""
        return Theme(
            name=name,
            primary=self.accent,
            secondary=self.secondary,
            accent=self.accent,
            foreground=self.foreground,
            background=self.ground,
            surface=self.ground,
            panel=self.panel,
            success=self.success,
            warning=self.warning,
            error=self.error,
            dark=dark,
            variables=self._variables,
        )

    @property
    def _variables(self) -> dict[str, str]:
        below, on = self.cursor
        handles = ("scrollbar", "scrollbar-hover", "scrollbar-active")
        tracks = ("scrollbar-background", "scrollbar-background-hover", "scrollbar-background-active")
        return {
            "block-cursor-background": below,
            "block-cursor-foreground": on,
            **dict.fromkeys(handles, self.scrollbar),
            **dict.fromkeys((*tracks, "scrollbar-corner-color"), self.ground),
        }


DARK = _Palette(
    foreground="#d5d9e0",
    ground="#14171c",
    panel="#1d2229",
    accent="#7aa2c8",
    secondary="#8f9bb3",
    success="#8fbf7f",
    warning="#d9b36c",
    error="#e07a76",
    cursor=("#2b3440", "#f0f3f7"),
    scrollbar="#2b3440",
).theme("runroom-dark", dark=True)
LIGHT = _Palette(
    foreground="#22262c",
    ground="#f7f7f5",
    panel="#ebebe7",
    accent="#2f5d8a",
    secondary="#5a6472",
    success="#2f7a35",
    warning="#8a6100",
    error="#b3302c",
    cursor=("#d6e0ea", "#14171c"),
    scrollbar="#c9d3dd",
).theme("runroom-light", dark=False)
HIGH_CONTRAST = _Palette(
    foreground="#ffffff",
    ground="#000000",
    panel="#000000",
    accent="#ffff00",
    secondary="#ffffff",
    success="#00ff00",
    warning="#ffff00",
    error="#ff6060",
    cursor=("#ffff00", "#000000"),
    scrollbar="#ffffff",
).theme("runroom-high-contrast", dark=True)
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
