"""How a log looks: its lines, and the line that says where in it one is."""

import re

from rich.text import Text

from tui.formats import BAD, MUTED, WARNING, byte_size, counted
from tui.log_file import LogLine
from tui.log_reading import LogStatus
from tui.text import cut, plain, plain_with_colour

# `2026-11-21T03:04:05.123Z LEVEL [node] message`, as the worker writes it.
_LEVEL = re.compile(r"\S+ ([A-Z]+) ")

_LEVEL_STYLES = {
    "CRITICAL": BAD,
    "FATAL": BAD,
    "ERROR": BAD,
    "WARNING": WARNING,
    "WARN": WARNING,
    "DEBUG": MUTED,
    "TRACE": MUTED,
}


def line_text(line: LogLine) -> Text:
    """The line as it is shown: safe for the terminal, its level coloured, and how much of it is left out."""
    text = plain_with_colour(line.content.decode("utf-8", errors="replace"))
    level = _LEVEL.match(text.plain)
    if level is not None and level[1] in _LEVEL_STYLES:
        text.stylize(_LEVEL_STYLES[level[1]], *level.span(1))
    if line.hidden:
        text.append(f" … {byte_size(line.hidden)} more in this line", MUTED)
    return text


def status_text(status: LogStatus, width: int) -> Text:
    """Where one is in the log, what came meanwhile, and how the search stands."""
    place = "following" if status.following else f"{status.position:.0%}"
    parts = [f"{place} of {byte_size(status.size)}" if not status.following else f"{place}, {byte_size(status.size)}"]
    if status.new_lines:
        parts.append(f"+{status.new_lines:,} new, F follows")
    if status.pattern is not None:
        parts.append(_search_text(status))
    return Text(cut("   ".join(parts), width), end="", no_wrap=True)


def _search_text(status: LogStatus) -> str:
    count = f"{counted(status.matches, 'line')} with /{plain(status.pattern or '')}"
    if status.searched < 1:
        return f"{count}, {status.searched:.0%} searched"
    return f"{count}, no other" if status.not_found and status.matches else count
