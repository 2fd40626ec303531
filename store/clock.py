"""Time, injected: whoever needs the present asks a `Clock`, so that tests and pictures can freeze it."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the present moment, in UTC and aware of it."""


def system_clock() -> datetime:
    """The machine's own clock, in UTC."""
    return datetime.now(UTC)


def to_microseconds(moment: datetime) -> int:
    """The moment as whole microseconds since 1970 in UTC: how the database keeps times."""
    delta = moment - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def from_microseconds(value: int) -> datetime:
    """The inverse of `to_microseconds`."""
    seconds, microseconds = divmod(value, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=microseconds)


def to_iso(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and a Z, as in logs, journals and `--json`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
