"""How values are said, on screens, in messages and in files alike: statuses, durations, times, counts."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from store.models import Counts
from store.status import AuditStatus, ModelStatus, RunStatus, StepStatus

Status = RunStatus | ModelStatus | AuditStatus | StepStatus
Tally = tuple[tuple[Status, int], ...]
"""How many ended how, in the order of their telling."""

GLYPHS = {
    "scheduled": "◷",
    "queued": "○",
    "running": "●",
    "stopping": "◍",
    "completed": "✓",
    "partial": "◐",
    "failed": "✗",
    "cancelled": "■",
    "skipped": "↷",
    "error": "!",
    "review": "◇",
    "succeeded": "✓",
    "passed": "✓",
    "warned": "▲",
}
"""The one glyph of each status. The same word looks the same, whether a run, a model, an audit or a step has it."""

NOTHING = "–"
"""Stands where there is no value (yet)."""


def duration(seconds: float | None) -> str:
    """Seconds as people say them: `0.4s`, `12.3s`, `4m 12s`, `1h 05m`, `2d 03h`."""
    if seconds is None:
        return NOTHING
    if seconds < 59.95:
        return f"{seconds:.1f}s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes}m {rest:02d}s"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours}h {minutes:02d}m"
    return f"{hours // 24}d {hours % 24:02d}h"


def whole_duration(seconds: float | None) -> str:
    """`duration` for a clock that ticks once a second: no tenths."""
    return f"{int(seconds)}s" if seconds is not None and seconds < 60 else duration(seconds and int(seconds))


def count(number: int | None) -> str:
    """A number with its thousands apart: `336,776`."""
    return NOTHING if number is None else f"{number:,}"


def counted(number: int, noun: str) -> str:
    """`1 model`, `2 models`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def byte_size(size: int) -> str:
    """Bytes as `812 B`, `3.4 kB`, `1.1 GB` (powers of a thousand)."""
    if size < 1000:
        return f"{size} B"
    value = float(size)
    for unit in ("kB", "MB", "GB"):
        value /= 1000
        if value < 999.95:
            return f"{value:.1f} {unit}"
    return f"{value / 1000:.1f} TB"


def relative_time(moment: datetime | None, now: datetime) -> str:
    """How long ago, or how soon: `now`, `42s ago`, `58m ago`, `3h ago`, `12d ago`, `30w ago`, `2y ago`, `in 5m`."""
    if moment is None:
        return NOTHING
    seconds = (now - moment).total_seconds()
    size = _rough(abs(seconds))
    if size == "0s":
        return "now"
    return f"{size} ago" if seconds > 0 else f"in {size}"


_DAY_S = 86_400


def _rough(seconds: float) -> str:
    if seconds >= 100 * _DAY_S:
        weeks, years = int(seconds // (7 * _DAY_S)), int(seconds // (365 * _DAY_S))
        return f"{weeks}w" if weeks < 100 else f"{years}y"
    for unit, length in (("d", _DAY_S), ("h", 3_600), ("m", 60)):
        if seconds >= length:
            return f"{int(seconds // length)}{unit}"
    return f"{int(seconds)}s"


def time_of_day(moment: datetime | None, zone: tzinfo | None = None) -> str:
    """`13:02:11` in `zone`; None is the machine's own."""
    return NOTHING if moment is None else moment.astimezone(zone).strftime("%H:%M:%S")


def date_and_time(moment: datetime | None, zone: tzinfo | None = None) -> str:
    """`2026-11-21 13:02:11` in `zone`; None is the machine's own."""
    return NOTHING if moment is None else moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def short_time(moment: datetime | None, now: datetime, zone: tzinfo | None = None) -> str:
    """`13:02` today, `20 Nov 13:02` this year, `2025-11-20` before: enough to place a run, in at most 12 cells."""
    if moment is None:
        return NOTHING
    there, here = moment.astimezone(zone), now.astimezone(zone)
    if there.date() == here.date():
        return there.strftime("%H:%M")
    return there.strftime("%d %b %H:%M") if there.year == here.year else there.strftime("%Y-%m-%d")


def zone_name(now: datetime, zone: tzinfo | None = None) -> str:
    """What the zone of the shown times is called: `UTC`, `CET`."""
    return now.astimezone(zone).tzname() or "local"


def model_tally(counts: Counts) -> Tally:
    """How a run's models ended."""
    return (
        (ModelStatus.SUCCEEDED, counts.models_succeeded),
        (ModelStatus.FAILED, counts.models_failed),
        (ModelStatus.SKIPPED, counts.models_skipped),
        (ModelStatus.CANCELLED, counts.models_cancelled),
    )


def audit_tally(counts: Counts) -> Tally:
    """How a run's audits ended."""
    return (
        (AuditStatus.PASSED, counts.audits_passed),
        (AuditStatus.WARNED, counts.audits_warned),
        (AuditStatus.FAILED, counts.audits_failed),
        (AuditStatus.ERROR, counts.audits_error),
        (AuditStatus.SKIPPED, counts.audits_skipped),
    )


def said_tally(tally: Tally) -> Iterator[tuple[Status, str]]:
    """Each with its glyph, `18 ✓`; what is none is left out."""
    return ((status, f"{number:,} {GLYPHS[status.value]}") for status, number in tally if number)
