"""Stretches of time as SQLMesh counts them, in UTC, whatever zone the screen shows other times in."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time

from store.events import Interval


def moment_text(moment: datetime) -> str:
    """`2013-01-01` for a midnight, `2013-01-01 05:00` for any other time."""
    there = moment.astimezone(UTC)
    return f"{there:%Y-%m-%d}" if there.time() == time() else f"{there:%Y-%m-%d %H:%M}"


def span_text(start: datetime, end: datetime) -> str:
    """`2013-01-01 → 2013-02-01`, the end left out of the span; only its time where that is on the same day."""
    first, last = moment_text(start), moment_text(end)
    if first[:10] == last[:10] and len(last) > 10:
        last = last[11:]
    return f"{first} → {last}"


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """The same time in as few intervals as it takes, in the order of time."""
    found: list[Interval] = []
    for interval in sorted(intervals, key=lambda each: each.start):
        if found and interval.start <= found[-1].end:
            found[-1] = Interval(start=found[-1].start, end=max(found[-1].end, interval.end))
        else:
            found.append(interval)
    return found


def spans_text(intervals: Sequence[Interval], most: int) -> str:
    """The stretches that the intervals cover, at most so many of them and how many more there are."""
    spans = merged(intervals)
    told = ", ".join(span_text(each.start, each.end) for each in spans[:most])
    more = len(spans) - most
    return told + (f" and {more:,} more" if more > 0 else "")
