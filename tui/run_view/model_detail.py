"""What the detail of a model says. Values in, text out."""

from collections.abc import Iterable
from datetime import datetime, tzinfo

from rich.text import Text

from store import wording
from store.events import Interval, Timing
from store.history import PastExecution
from store.models import ModelExecution
from store.run_record import RunRecord
from store.status import ModelStatus
from store.text import one_line
from store.wording import counted
from tui import formats
from tui.intervals import span_text, spans_text
from tui.run_view.facts import Facts, known
from tui.run_view.models import elapsed_s
from tui.run_view.timeline import ready_at
from tui.run_view.torn import unrepaired

_MOST_NAMES = 12
_MOST_INTERVALS = 6


def title(model: ModelExecution) -> Text:
    """Status and name."""
    return Text().append_text(formats.status_text(model.status)).append(f"  {one_line(model.name)}", "bold")


def facts(model: ModelExecution, record: RunRecord, usual_s: float | None, now: datetime, zone: tzinfo | None) -> Facts:
    """All that is known beyond the error; what is not known is left out."""
    return known(
        ("is", _nature(model)),
        ("took", _took(model, usual_s, now)),
        ("when", _when(model, record, zone)),
        ("phases", _phases(model.timings)),
        ("rows", wording.count(model.rows) if model.rows is not None else ""),
        ("batches", f"{model.batch or 0} of {model.batches}" if model.batches else ""),
        ("intervals", _intervals(model)),
        ("half-written", _half_written(model, record)),
        ("because", f"{record.name_of(model.cause)} did not succeed" if model.cause else ""),
        ("says", one_line(model.message or "") if model.status is not ModelStatus.SUCCEEDED else ""),
        ("from", _names(record.name_of(parent) for parent in model.parents)),
        ("feeds", _names(child.name for child in record.models.values() if model.model in child.parents)),
        ("file", one_line(model.file or "")),
        ("relation", one_line(model.relation or "")),
    )


def past_line(past: PastExecution, now: datetime) -> Text:
    """How the model fared in an earlier run: `#18 ✗ failed  0.4s  1h ago`."""
    text = Text().append(f"{f'#{past.run_id}':<7}").append_text(formats.status_text(past.status))
    text.append(" " * max(1, 7 + formats.STATUS_WIDTH + 1 - text.cell_len))
    rows = "" if past.rows is None else f"{wording.count(past.rows)} rows"
    text.append(f"{wording.duration(past.duration_s):>7}  {rows:>15}")
    return text.append(f"  {wording.relative_time(past.started_at, now)}", formats.MUTED)


def _nature(model: ModelExecution) -> str:
    # A seed or a snapshot is materialized as just that.
    return one_line(" ".join(dict.fromkeys(part for part in (model.materialized, model.kind) if part)))


def _took(model: ModelExecution, usual_s: float | None, now: datetime) -> str:
    seconds = elapsed_s(model, now)
    if seconds is None:
        return ""
    said = wording.duration(seconds) + (" so far" if model.status is ModelStatus.RUNNING else "")
    if not usual_s or model.status is ModelStatus.FAILED:
        return said
    return f"{said}, usually {wording.duration(usual_s)} ({seconds / usual_s:.1f}×)"


def _when(model: ModelExecution, record: RunRecord, zone: tzinfo | None) -> str:
    if model.started_at is None or model.status is ModelStatus.SKIPPED:
        return ""
    end = f" → {wording.time_of_day(model.finished_at, zone)}" if model.finished_at else ""
    waited = (model.started_at - ready_at(model, model.started_at, record)).total_seconds()
    parts = [f"{wording.time_of_day(model.started_at, zone)}{end}"]
    if waited >= 1:
        parts.append(f"after {wording.duration(waited)} waiting for its turn")
    if model.thread:
        parts.append(one_line(model.thread))
    return ", ".join(parts)


def _phases(timings: Iterable[Timing]) -> str:
    return "   ".join(
        f"{one_line(timing.name)} {wording.duration((timing.finished_at - timing.started_at).total_seconds())}"
        for timing in timings
    )


def _intervals(model: ModelExecution) -> str:
    """What was loaded on the whole, then the last of its parts; batches stand in a list of their own."""
    spans = [span_text(interval.start, interval.end) for interval in model.intervals]
    if len(spans) < 2:
        return "".join(spans)
    if model.batches:
        return f"{spans_text(model.intervals, _MOST_INTERVALS)} in {counted(len(spans), 'part')}"
    shown = [f"  {span}" for span in spans[-_MOST_INTERVALS:]]
    more = len(spans) - len(shown)
    whole = f"{spans_text(model.intervals, _MOST_INTERVALS)} in {counted(len(spans), 'part')}"
    return "\n".join([whole, *([f"  {more:,} earlier ones"] if more else []), *shown])


def _half_written(model: ModelExecution, record: RunRecord) -> str:
    """The intervals that count as loaded though the run was stopped while it wrote them."""
    torn = [Interval(start=each.start, end=each.end) for each in unrepaired(record) if each.model == model.model]
    return f"▲ {spans_text(torn, _MOST_INTERVALS)}: rows may be missing, m loads them again" if torn else ""


def _names(names: Iterable[str]) -> str:
    known = [one_line(name) for name in names]
    more = len(known) - _MOST_NAMES
    return ", ".join(known[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
