"""SQL as text with line numbers, the failing line marked."""

from rich.syntax import Syntax
from rich.text import Text

from tui import formats
from tui.text import plain

_MOST_LINES = 1_000


def numbered_sql(sql: str, marked: int | None = None) -> Text:
    """The SQL with its line numbers; the line numbered `marked`, from 1, stands out by an arrow and by colour."""
    # The theme of the sixteen colours: a terminal's own palette decides how they look.
    highlighted = Syntax("", "sql", theme="ansi_dark", background_color="default").highlight(plain(sql).rstrip())
    highlighted.rstrip()
    lines = highlighted.split("\n", allow_blank=True)
    width = len(str(min(len(lines), _MOST_LINES)))
    text = Text()
    for number, line in enumerate(lines[:_MOST_LINES], 1):
        failing = number == marked
        text.append("\n" if number > 1 else "")
        text.append(f"{'→' if failing else ' '}{number:>{width}} ", f"bold {formats.BAD}" if failing else formats.MUTED)
        text.append_text(Text(line.plain, f"bold {formats.BAD}") if failing else line)
    if len(lines) > _MOST_LINES:
        text.append(f"\n… {len(lines) - _MOST_LINES:,} more lines: see Artifacts", formats.MUTED)
    return text
