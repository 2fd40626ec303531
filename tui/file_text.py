"""A file as text, for panes that show what a file held."""

from pathlib import Path

from rich.text import Text

from tui import formats
from tui.code_colours import coloured, language_of

_MOST_LINES = 1_000


def file_text(path: str, text: str) -> Text:
    """A file in the colours of its language, as far as it is shown."""
    lines = text.splitlines()
    shown = Text("\n").join(coloured(lines[:_MOST_LINES], language_of(Path(path))))
    if len(lines) > _MOST_LINES:
        shown.append(f"\n… {len(lines) - _MOST_LINES:,} more lines", formats.MUTED)
    return shown
