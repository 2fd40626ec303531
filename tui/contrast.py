"""Whether a text can be read on its background: colours that mean a status stay only where they can."""

from functools import lru_cache

from rich.color import Color
from rich.terminal_theme import TerminalTheme

LEAST_CONTRAST = 3.0
"""What WCAG 2.2 asks of large text and of glyphs (1.4.3, 1.4.11)."""


@lru_cache(maxsize=256)
def is_legible(colour: Color, background: Color, theme: TerminalTheme) -> bool:
    """Whether the contrast is enough. `theme` says what a terminal's own colours are, as far as that is known."""
    lighter, darker = sorted(
        (_luminance(colour, theme, foreground=True), _luminance(background, theme, foreground=False)), reverse=True
    )
    return (lighter + 0.05) / (darker + 0.05) >= LEAST_CONTRAST


def _luminance(colour: Color, theme: TerminalTheme, foreground: bool) -> float:
    """The relative luminance of WCAG, from 0 for black to 1 for white."""
    red, green, blue = (_linear(part / 255) for part in colour.get_truecolor(theme, foreground))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
