"""The page with the stretches of time of a model: as a strip, and as a list."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from rich.text import Text

from store import wording
from store.events import Interval
from store.lineage.intervals import ModelTimes
from store.wording import counted
from tui import formats
from tui.intervals import merged, moment_text, span_text

_LABEL_WIDTH = 11
_MOST_SPANS = 200
_KINDS = (
    # What is told of a stretch, from the least to the most important: its cell, its style.
    ("loaded", "▄", formats.GOOD),
    ("processed", "█", formats.LIVE),
    ("missing", "░", formats.WARNING),
    ("interrupted", "▚", formats.BAD),
)
_FRESHNESS = {"complete": "complete", "pending": "the latest is due", "behind": "behind"}


def times_lines(times: ModelTimes, is_dbt: bool, width: int, now: datetime) -> list[Text]:
    """The strip with its legend, then every stretch."""
    stretches = _stretches(times)
    if not any(stretches.values()):
        return [Text(_why_nothing(times, is_dbt), formats.MUTED)]
    lines = [*_strip(stretches, width), Text(), *_facts(times, now)]
    for kind, cell, style in reversed(_KINDS):
        if stretches[kind]:
            lines += [Text(), *_list(kind, stretches[kind], times, cell, style)]
    return lines


def _stretches(times: ModelTimes) -> dict[str, Sequence[Interval]]:
    return {
        "loaded": times.loaded,
        "processed": times.processed,
        "missing": times.missing,
        "interrupted": times.interrupted,
    }


def _why_nothing(times: ModelTimes, is_dbt: bool) -> str:
    if is_dbt:
        return "dbt keeps no intervals, but for microbatch models: there, the batches of this run stand here."
    if times.is_known:
        return "This model has no data of its own that is loaded by intervals."
    return "SQLMesh was not asked yet what is loaded here: F5 on the environment's page asks it."


def _strip(stretches: dict[str, Sequence[Interval]], width: int) -> list[Text]:
    """One cell a slice of the time between the first and the last moment that is known."""
    spans = [interval for found in stretches.values() for interval in found]
    begin, end = min(each.start for each in spans), max(each.end for each in spans)
    cells = max(10, width)
    slice_s = (end - begin).total_seconds() / cells
    told = [(" ", "")] * cells
    for kind, cell, style in _KINDS:
        for interval in merged(stretches[kind]):
            first = int((interval.start - begin).total_seconds() / slice_s)
            last = max(first + 1, round((interval.end - begin).total_seconds() / slice_s))
            told[first:last] = [(cell, style)] * (min(last, cells) - first)
    strip = Text()
    for cell, style in told:
        strip.append(cell, style)
    left, right = moment_text(begin), moment_text(end)
    scale = Text(left + right.rjust(max(len(right) + 1, cells - len(left))), formats.MUTED)
    return [strip, scale]


def _facts(times: ModelTimes, now: datetime) -> list[Text]:
    facts = [
        ("cron", times.cron or ""),
        ("is", _FRESHNESS.get(times.freshness or "", "")),
        ("next", wording.relative_time(times.next_at, now) if times.next_at else ""),
        ("as of", wording.relative_time(times.read_at, now) if times.read_at else ""),
    ]
    return [Text().append(f"{label:<{_LABEL_WIDTH}} ", formats.MUTED).append(value) for label, value in facts if value]


def _list(kind: str, intervals: Sequence[Interval], times: ModelTimes, cell: str, style: str) -> Iterable[Text]:
    spans = merged(intervals)
    number = times.missing_count if kind == "missing" else len(intervals)
    where = {"processed": " in this run", "interrupted": " and half-written: m repairs"}.get(kind, "")
    yield (
        Text()
        .append(f"{cell} ", style)
        .append(f"{kind}{where}", "bold")
        .append(f"  {counted(number, 'interval')}", formats.MUTED)
    )
    for span in spans[:_MOST_SPANS]:
        yield Text(f"  {span_text(span.start, span.end)}")
    if len(spans) > _MOST_SPANS:
        yield Text(f"  and {len(spans) - _MOST_SPANS:,} more", formats.MUTED)
