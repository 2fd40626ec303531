"""What the log of a step says of one model: read beside the event loop, from the end of the file."""

from collections import deque
from pathlib import Path

from rich.text import Text

from store.logs.log_file import LINE_BYTES_SHOWN, LogLine
from store.logs.log_lines import LogParser, is_of
from tui import formats
from tui.log.lines import line_text

MOST_BYTES = 32_000_000
"""How much of the end of a log is looked through; the whole log is for the tab of the steps."""
MOST_LINES = 2_000


def lines_about(log: Path, node: str, name: str) -> list[Text]:
    """The last lines about a model, named as the tool or as people do. Raises OSError."""
    parser = LogParser()
    found: deque[str] = deque(maxlen=MOST_LINES)
    with log.open("rb") as stream:
        size = stream.seek(0, 2)
        start = max(0, size - MOST_BYTES)
        stream.seek(start)
        if start:
            stream.readline()
        for raw in stream:
            line = parser.parse(raw.decode("utf-8", "replace").rstrip("\n"))
            if is_of(node, line.node) or is_of(name, line.node):
                found.append(line.raw)
    head = [Text("Only the end of this log was looked through: l opens all of it.", formats.MUTED)] if start else []
    return head + [_shown(line.encode("utf-8", "replace")) for line in found]


def _shown(content: bytes) -> Text:
    begin = content[:LINE_BYTES_SHOWN]
    return line_text(LogLine(0, len(content), begin, len(content) - len(begin), complete=True))
