"""What the detail of a model says. Values in, text out."""

from collections.abc import Iterable
from datetime import datetime, tzinfo

from rich.text import Text

from store.events import Timing
from store.models import ModelExecution
from store.status import ModelStatus
from tui import formats
from tui.run_view.models import elapsed_s
from tui.run_view.record import RunRecord
from tui.text import one_line

_LABEL_WIDTH = 12
_MOST_NAMES = 12
_MOST_INTERVALS = 6


def title(model: ModelExecution) -> Text:
    """Status and name."""
    return formats.status_text(model.status).append(f"  {one_line(model.name)}", "bold default")


def facts(model: ModelExecution, record: RunRecord, usual_s: float | None, now: datetime, zone: tzinfo | None) -> Text:
    """All that is known beyond the error, a line each; what is not known is left out."""
    lines = [
        ("is", _nature(model)),
        ("took", _took(model, usual_s, now)),
        ("when", _when(model, zone)),
        ("phases", _phases(model.timings)),
        ("rows", formats.count(model.rows) if model.rows is not None else ""),
        ("batches", f"{model.batch or 0} of {model.batches}" if model.batches else ""),
        ("intervals", _intervals(model, zone)),
        ("because", f"{record.name_of(model.cause)} did not succeed" if model.cause else ""),
        ("says", one_line(model.message or "")),
        ("from", _names(record.name_of(parent) for parent in model.parents)),
        ("feeds", _names(child.name for child in record.models.values() if model.model in child.parents)),
        ("file", one_line(model.file or "")),
        ("relation", one_line(model.relation or "")),
    ]
    return labelled(lines)


def labelled(lines: Iterable[tuple[str, str]]) -> Text:
    """Labels and values in two columns; a line without a value is left out."""
    text = Text()
    for label, value in lines:
        if value:
            text.append("\n" if text else "").append(f"{label:<{_LABEL_WIDTH}}", formats.MUTED).append(value)
    return text


def nothing_chosen(record: RunRecord) -> Text:
    """What the detail says while the list is empty."""
    return Text("" if record.models else "Choose a model to see its error, timing and SQL here.", formats.MUTED)


def _nature(model: ModelExecution) -> str:
    return one_line(" ".join(part for part in (model.materialized, model.kind) if part))


def _took(model: ModelExecution, usual_s: float | None, now: datetime) -> str:
    seconds = elapsed_s(model, now)
    if seconds is None:
        return ""
    said = formats.duration(seconds) + (" so far" if model.status is ModelStatus.RUNNING else "")
    if not usual_s or model.status is ModelStatus.FAILED:
        return said
    return f"{said}, usually {formats.duration(usual_s)} ({seconds / usual_s:.1f}×)"


def _when(model: ModelExecution, zone: tzinfo | None) -> str:
    if model.started_at is None or model.status is ModelStatus.SKIPPED:
        return ""
    end = f" → {formats.time_of_day(model.finished_at, zone)}" if model.finished_at else ""
    waited = (model.started_at - model.queued_at).total_seconds()
    parts = [f"{formats.time_of_day(model.started_at, zone)}{end}"]
    if waited >= 1:
        parts.append(f"after {formats.duration(waited)} in the queue")
    if model.thread:
        parts.append(one_line(model.thread))
    return ", ".join(parts)


def _phases(timings: Iterable[Timing]) -> str:
    return "   ".join(
        f"{one_line(timing.name)} {formats.duration((timing.finished_at - timing.started_at).total_seconds())}"
        for timing in timings
    )


def _intervals(model: ModelExecution, zone: tzinfo | None) -> str:
    shown = [
        f"{formats.date_and_time(interval.start, zone)} → {formats.date_and_time(interval.end, zone)}"
        for interval in model.intervals[-_MOST_INTERVALS:]
    ]
    more = len(model.intervals) - len(shown)
    return ("\n" + " " * _LABEL_WIDTH).join([*([f"{more} earlier ones"] if more else []), *shown])


def _names(names: Iterable[str]) -> str:
    known = [one_line(name) for name in names]
    more = len(known) - _MOST_NAMES
    return ", ".join(known[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
