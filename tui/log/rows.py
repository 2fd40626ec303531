"""Lines of a log as rows of a view: one each, or as many as it takes to show them whole."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import chop_cells
from rich.style import Style
from rich.text import Text
from textual.cache import FIFOCache

from store.logs.log_file import LogLine
from store.logs.matching import Matcher
from tui.log.columns import Columns, LineFacts
from tui.log.lines import line_text

_LINES_KEPT = 1500


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line, what stands in the columns left of it, and its part of the line's text."""

    line: LogLine
    columns: Text
    text: Text


class LineTexts:
    """Texts of lines, made once; `width` is that of a row."""

    def __init__(self, width: int = 0, *, with_time: bool = False) -> None:
        self.width = width
        self.with_time = with_time
        self._texts: FIFOCache[LogLine, Text] = FIFOCache(_LINES_KEPT)
        self._counts: FIFOCache[LogLine, int] = FIFOCache(_LINES_KEPT)

    def of(self, line: LogLine) -> Text:
        """The whole line."""
        text = self._texts.get(line)
        if text is None:
            text = self._texts[line] = line_text(line, with_time=self.with_time)
        return text

    def count(self, line: LogLine) -> int:
        """How many rows the line takes when it is wrapped."""
        count = self._counts.get(line)
        if count is None:
            count = self._counts[line] = len(_breaks(self.of(line).plain, self.width)) + 1
        return count

    def wrapped(self, text: Text) -> Sequence[Text]:
        """A line's text in rows."""
        return list(text.divide(_breaks(text.plain, self.width)))


def _breaks(text: str, width: int) -> list[int]:
    """Behind how many characters a new row begins, so that no row is wider than `width` cells."""
    if width <= 0:
        return []
    if text.isascii():
        return list(range(width, len(text), width))
    ends, end = [], 0
    for piece in chop_cells(text, width)[:-1]:
        end += len(piece)
        ends.append(end)
    return ends


def marked_matches(text: Text, wanted: Matcher | None, style: Style) -> Text:
    """The text with what matches in this style."""
    spans = [] if wanted is None else list(wanted.spans(text.plain))
    if not spans:
        return text
    marked = text.copy()
    for start, end in spans:
        marked.stylize(style, start, end)
    return marked


def rows_of(line: LogLine, facts: LineFacts, columns: Columns, pieces: Sequence[Text]) -> list[Row]:
    """The rows of one line."""
    return [Row(line, columns.text(facts if number == 0 else None), piece) for number, piece in enumerate(pieces)]
