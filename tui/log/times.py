"""Times of log lines: read from their heads, looked up by bisection, and said in several ways."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal

from store.logs.log_file import Log

TimeStyle = Literal["clock", "since_start", "since_previous", "off", "written"]
TIME_STYLES: tuple[TimeStyle, ...] = ("clock", "since_start", "since_previous", "off", "written")
TIME_WIDTH = 12
"""Cells of a time in any style but `written`."""

STAMP = re.compile(rb"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?)Z ")
"""What a line of a step's log begins with; in UTC."""

_LINES_LOOKED_AT = 200
"""So many lines without a time are skipped to find one that has it."""


def time_of(line: bytes) -> datetime | None:
    """When a line was written; None where it does not say."""
    match = STAMP.match(line)
    if match is None:
        return None
    try:
        return datetime.fromisoformat(match[1].decode()).replace(tzinfo=UTC)
    except ValueError:
        return None


def said(
    moment: datetime | None,
    style: TimeStyle,
    start: datetime | None,
    previous: datetime | None,
    zone: tzinfo | None,
) -> str:
    """A time in at most `TIME_WIDTH` cells; empty where it is not known, or relative to what is not known."""
    if moment is None:
        return ""
    if style == "clock":
        return moment.astimezone(zone).strftime("%H:%M:%S.%f")[:-3]
    before = start if style == "since_start" else previous
    return "" if before is None else _elapsed((moment - before).total_seconds())


def _elapsed(seconds: float) -> str:
    sign = "-" if seconds < 0 else "+"
    milliseconds = round(abs(seconds) * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    if minutes < 60:
        return f"{sign}{minutes}:{rest // 1000:02d}.{rest % 1000:03d}" if minutes else f"{sign}{rest / 1000:.3f}"
    hours, minutes = divmod(minutes, 60)
    return f"{sign}{hours}:{minutes:02d}:{rest // 1000:02d}"


# What follows reads from the disk: to be called from a thread.


def first_time(log: Log) -> datetime | None:
    """The time of the first line that has one."""
    return next((found for line in log.lines_from(0, _LINES_LOOKED_AT) if (found := time_of(line.content))), None)


def last_time(log: Log) -> datetime | None:
    """The time of the last line that has one."""
    lines = reversed(log.lines_before(log.size, _LINES_LOOKED_AT))
    return next((found for line in lines if (found := time_of(line.content))), None)


def offset_at(log: Log, moment: datetime) -> int:
    """Where the first line begins that was written at a moment or later; the end of the log if none was.

    Halves what is left to look through, so the lines have to be in the order of time.
    """
    low, high = 0, log.size
    while low < high:
        middle = log.line_start((low + high) // 2)
        stamped = _stamped_from(log, middle)
        if stamped is None or stamped[0] >= high:
            # Nothing has a time between here and there.
            high = middle
        elif stamped[2] < moment:
            low = stamped[1]
        else:
            high = middle
    stamped = _stamped_from(log, low)
    return log.size if stamped is None else stamped[0]


def _stamped_from(log: Log, start: int) -> tuple[int, int, datetime] | None:
    for line in log.lines_from(start, _LINES_LOOKED_AT):
        if (found := time_of(line.content)) is not None:
            return line.start, line.end, found
    return None


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time of day, on a day if that was said, in the zone that times are shown in."""

    hour: int
    minute: int
    second: float = 0
    day: tuple[int, int, int] | None = None

    def moment(self, first: datetime, zone: tzinfo | None) -> datetime:
        """The first such moment from that of the log's first line on, to the minute."""
        there = first.astimezone(zone)
        year, month, day = self.day or (there.year, there.month, there.day)
        second, part = divmod(self.second, 1)
        found = datetime(year, month, day, self.hour, self.minute, int(second), int(part * 1_000_000), there.tzinfo)
        is_past = self.day is None and found < there.replace(second=0, microsecond=0)
        return found + timedelta(days=1) if is_past else found
