"""SQL as text with line numbers, the failing line marked."""

from rich.syntax import Syntax
from rich.text import Text

from tui import formats
from tui.text import plain

_MOST_LINES = 1_000
_AROUND = 2


def numbered_sql(sql: str, marked: int | None = None) -> Text:
    """The SQL with its line numbers; the line numbered `marked`, from 1, stands out by an arrow and by colour."""
    lines = _highlighted(sql)
    text = _numbered(lines, range(1, min(len(lines), _MOST_LINES) + 1), marked)
    if len(lines) > _MOST_LINES:
        text.append(f"\n… {len(lines) - _MOST_LINES:,} more lines: see Artifacts", formats.MUTED)
    return text


def sql_around(sql: str, marked: int) -> Text:
    """The marked line with a few lines before and behind it."""
    lines = _highlighted(sql)
    return _numbered(lines, range(max(1, marked - _AROUND), min(len(lines), marked + _AROUND) + 1), marked)


def _highlighted(sql: str) -> list[Text]:
    # The theme of the sixteen colours: a terminal's own palette decides how they look.
    highlighted = Syntax("", "sql", theme="ansi_dark", background_color="default").highlight(plain(sql).rstrip())
    highlighted.rstrip()
    return list(highlighted.split("\n", allow_blank=True))


def _numbered(lines: list[Text], numbers: range, marked: int | None) -> Text:
    width = len(str(numbers[-1])) if numbers else 1
    text = Text()
    for number in numbers:
        failing, line = number == marked, lines[number - 1]
        text.append("\n" if text else "")
        text.append(f"{'→' if failing else ' '}{number:>{width}} ", f"bold {formats.BAD}" if failing else formats.MUTED)
        text.append_text(Text(line.plain, f"bold {formats.BAD}") if failing else line)
    return text
