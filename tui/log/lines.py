"""How one line of a log looks."""

import re

from rich.text import Text

from store.logs.log_file import LogLine
from store.wording import byte_size
from tui.formats import BAD, MUTED, WARNING
from tui.log.joined import HEADING
from tui.log.times import STAMP
from tui.text import plain_with_colour

# `LEVEL [node] message`, with the time before it or without.
_LEVEL = re.compile(r"(?:\d\S* )?([A-Z]+) ")

_LEVEL_STYLES = {
    "CRITICAL": BAD,
    "FATAL": BAD,
    "ERROR": BAD,
    "WARNING": WARNING,
    "WARN": WARNING,
    "DEBUG": MUTED,
    "TRACE": MUTED,
}


def line_text(line: LogLine, *, with_time: bool = True) -> Text:
    """The line as it is shown: safe for the terminal, its level coloured, and how much of it is left out."""
    content = line.content
    if not with_time and (stamp := STAMP.match(content)) is not None:
        content = content[stamp.end() :]
    text = plain_with_colour(content.decode("utf-8", errors="replace"))
    level = _LEVEL.match(text.plain)
    if level is not None and level[1] in _LEVEL_STYLES:
        text.stylize(_LEVEL_STYLES[level[1]], *level.span(1))
    if text.plain.startswith(HEADING):
        text.stylize("bold")
    if line.hidden:
        text.append(f" … {byte_size(line.hidden)} more in this line", MUTED)
    return text
