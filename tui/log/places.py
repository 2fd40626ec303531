"""Places of a log as people type them: a line, a share of it, a time."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from tui.log.times import ClockTime

_LINE = re.compile(r"[\d,_ ]*\d")
_SHARE = re.compile(r"(\d+(?:\.\d+)?) ?%")
_CLOCK = re.compile(r"(?:(\d{4})-(\d\d)-(\d\d)[T ])?(\d\d?):(\d\d)(?::(\d\d(?:\.\d+)?))?")
_DISTANCE = re.compile(r"([+-]) ?(?:(\d+)h)? ?(?:(\d+)m)? ?(?:(\d+)s)?")


class BadPlace(ValueError):
    """What was typed is no place. Says what would be, in a sentence."""


@dataclass(frozen=True, slots=True)
class LineNumber:
    """A line, counted from 1."""

    number: int


@dataclass(frozen=True, slots=True)
class Share:
    """So much of the bytes are before it, 0 to 1."""

    part: float


@dataclass(frozen=True, slots=True)
class FromStart:
    """So long after the first line."""

    distance: timedelta


@dataclass(frozen=True, slots=True)
class FromEnd:
    """So long before the last line."""

    distance: timedelta


Place = LineNumber | Share | ClockTime | FromStart | FromEnd


def place_of(typed: str) -> Place:
    """What `123`, `50%`, `03:04:05`, `2026-11-21 03:04`, `+5m` and `-1h 30m` mean. Raises BadPlace."""
    text = typed.strip()
    if _LINE.fullmatch(text):
        return LineNumber(int(re.sub(r"\D", "", text)))
    if match := _SHARE.fullmatch(text):
        return Share(min(1.0, float(match[1]) / 100))
    if match := _CLOCK.fullmatch(text):
        return _clock_time(typed, match)
    match = _DISTANCE.fullmatch(text)
    if match and any(match.groups()[1:]):
        hours, minutes, seconds = (int(group or 0) for group in match.groups()[1:])
        distance = timedelta(hours=hours, minutes=minutes, seconds=seconds)
        return FromStart(distance) if match[1] == "+" else FromEnd(distance)
    raise BadPlace(f"{typed!r} is no place: a line is 123, half is 50%, a time 03:04:05 or -5m.")


def _clock_time(typed: str, match: re.Match[str]) -> ClockTime:
    year, month, day, hour, minute, second = match.groups()
    try:
        date = (int(year), int(month), int(day)) if year else None
        datetime(*(date or (2000, 1, 1)), int(hour), int(minute), int(float(second or 0)))
    except ValueError as error:
        raise BadPlace(f"{typed!r} is no time: {error}.") from error
    return ClockTime(int(hour), int(minute), float(second or 0), date)
