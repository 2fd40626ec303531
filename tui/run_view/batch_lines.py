"""The batches of a model, one a line: how each went, its stretch of time, rows, how long it took."""

from collections.abc import Sequence
from datetime import datetime

from rich.text import Text

from store import wording
from store.batches import Batch
from store.models import InterruptedInterval
from store.status import ModelStatus
from tui import formats
from tui.intervals import span_text

MOST = 60
"""The last of very many are shown."""


def batch_lines(batches: Sequence[Batch], torn: Sequence[InterruptedInterval], now: datetime) -> list[Text]:
    """`✓  3/12  2013-03-01 → 2013-04-01   28,834 rows   1.2s`; `torn` are half-written intervals of the model.

    Empty for a model that is built in one go: its facts say the same.
    """
    if all(batch.of == 1 for batch in batches):
        return []
    shown = batches[-MOST:]
    more = len(batches) - len(shown)
    head = [Text(f"{more:,} earlier ones", formats.MUTED)] if more else []
    spans = [_span(batch) for batch in shown]
    width = max(map(len, spans), default=0)
    return [*head, *(_line(batch, span.ljust(width), torn, now) for batch, span in zip(shown, spans, strict=True))]


def _line(batch: Batch, span: str, torn: Sequence[InterruptedInterval], now: datetime) -> Text:
    digits = len(f"{batch.of}")
    text = Text().append_text(formats.status_glyph(batch.status))
    text.append(f" {batch.number:>{digits}}/{batch.of}  {span}")
    rows = "" if batch.rows is None else f"{wording.count(batch.rows)} rows"
    text.append(f"  {rows:>15}  {wording.duration(_seconds(batch, now)):>7}")
    if mark := _mark(batch, torn):
        text.append(f"  {mark}", formats.WARNING)
    return text


def _mark(batch: Batch, torn: Sequence[InterruptedInterval]) -> str:
    """What is to be known of a batch that was interrupted while it was written."""
    if batch.interval is None:
        return ""
    broken = [each for each in torn if each.start < batch.interval.end and batch.interval.start < each.end]
    if not broken:
        return ""
    repairs = sorted({each.repaired_by for each in broken if each.repaired_by is not None})
    if any(each.repaired_by is None for each in broken):
        return "▲ half-written"
    return f"half-written, repaired by {', '.join(f'#{run}' for run in repairs)}"


def _seconds(batch: Batch, now: datetime) -> float | None:
    if batch.duration_s is not None or batch.started_at is None:
        return batch.duration_s
    ended = now if batch.status is ModelStatus.RUNNING else batch.finished_at
    return None if ended is None else max(0.0, (ended - batch.started_at).total_seconds())


def _span(batch: Batch) -> str:
    return "" if batch.interval is None else span_text(batch.interval.start, batch.interval.end)
