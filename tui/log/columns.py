"""The columns left of the lines of a log: marks, numbers, times."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from rich.text import Text

from store import wording
from tui import formats
from tui.log.modes import LogModes
from tui.log.times import TIME_WIDTH, said

MARK = "▸"
GAP = "┆"
"""Stands where lines are left out above."""

_BYTES_OF_A_SHORT_LINE = 50
_LEAST_NUMBER_WIDTH = 5


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What the columns say of one line."""

    number: int | None = None
    """From 1; None while it was not counted."""
    time: datetime | None = None
    previous: datetime | None = None
    """The time of the line that is shown above."""
    is_marked: bool = False
    is_behind_gap: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns there are for a log of `size` bytes, and how wide each is."""

    modes: LogModes
    has_marks: bool
    size: int
    start: datetime | None
    """The time of the first line; None in a log without times, which has no column for them."""
    zone: tzinfo | None

    @property
    def width(self) -> int:
        """Cells, the blank behind each column included."""
        return sum(width + 1 for width in (self._mark_width, self._number_width, self._time_width) if width)

    @property
    def _mark_width(self) -> int:
        return 1 if self.has_marks or self.modes.context else 0

    @property
    def _number_width(self) -> int:
        if not self.modes.numbers:
            return 0
        return max(_LEAST_NUMBER_WIDTH, len(wording.count(self.size // _BYTES_OF_A_SHORT_LINE)))

    @property
    def _time_width(self) -> int:
        return 0 if self.start is None or self.modes.times in ("off", "written") else TIME_WIDTH

    def text(self, facts: LineFacts | None) -> Text:
        """The columns of a line; of None, which is another row of the same one, they are blank."""
        text = Text(end="", no_wrap=True)
        if facts is None:
            return text.append(" " * self.width)
        if self._mark_width:
            text.append(f"{MARK if facts.is_marked else GAP if facts.is_behind_gap else ' '} ", formats.LIVE)
        if self._number_width:
            number = "" if facts.number is None else wording.count(facts.number)
            text.append(f"{number:>{self._number_width}} ", formats.MUTED)
        if self._time_width:
            time = said(facts.time, self.modes.times, self.start, facts.previous, self.zone)
            text.append(f"{time:>{self._time_width}} ", formats.MUTED)
        return text
