"""The line of the run page that says how few causes its failures have, and since when they are known."""

from collections.abc import Sequence
from datetime import datetime

from rich.text import Text

from store import wording
from store.causes import Cause
from store.run_record import RunRecord
from store.text import one_line
from tui import formats
from tui.run_view.header import Part, fitted

_MOST_CAUSES = 3
_LEAST_NAME = 24
_HINT = Text("A lists such runs", formats.MUTED)


def causes_line(record: RunRecord, now: datetime, width: int) -> Text:
    """`23 failures = 2 causes   21× since 2d ago (#14)   2× new`; empty where nothing is gained by it.

    That is so when each failure has a cause of its own that was never seen before. Where there is room, the commonest
    cause is named.
    """
    causes, run_id = record.causes, record.run.id
    failed = sum(cause.count for cause in causes)
    if failed == len(causes) and not any(_is_known(cause, run_id) for cause in causes):
        return Text()
    parts = []
    if failed > 1:
        many = f"{wording.counted(failed, 'failure')} = {wording.counted(len(causes), 'cause')}"
        parts.append(Part(0, Text(many, "bold")))
    parts += _histories(causes, run_id, now)
    if any(_is_known(cause, run_id) for cause in causes):
        parts.append(Part(_MOST_CAUSES + 2, _HINT))
    return _with_name(fitted(parts, width), causes[0], width)


def _with_name(line: Text, commonest: Cause, width: int) -> Text:
    """The name takes the room that is left, and none from others."""
    said = f"   {commonest.count:,}× {one_line(commonest.sentence)}"
    room = width - line.cell_len
    if commonest.count < 2 or room < _LEAST_NAME:
        return line
    name = Text(said)
    name.truncate(room, overflow="ellipsis")
    return line.append_text(name)


def _histories(causes: Sequence[Cause], run_id: int, now: datetime) -> list[Part]:
    if len(causes) == 1:
        return [Part(1, Text(_history(causes[0], run_id, now)))]
    if not any(_is_known(cause, run_id) for cause in causes):
        return [Part(1, Text("never seen before"))]
    told = [
        Part(rank, Text(f"{cause.count:,}× {_short_history(cause, run_id, now)}"))
        for rank, cause in enumerate(causes[:_MOST_CAUSES], 1)
    ]
    more = len(causes) - _MOST_CAUSES
    return [*told, Part(_MOST_CAUSES + 1, Text(f"{more:,} more", formats.MUTED))] if more > 0 else told


def _history(cause: Cause, run_id: int, now: datetime) -> str:
    if not _is_known(cause, run_id):
        return "never seen before"
    told = []
    if cause.first.run_id != run_id:
        told.append(f"first seen {wording.relative_time(cause.first.at, now)} in #{cause.first.run_id}")
    if cause.last.run_id != run_id:
        told.append(f"last {wording.relative_time(cause.last.at, now)} in #{cause.last.run_id}")
    told.append(wording.counted(cause.runs, "run"))
    return ", ".join(told)


def _short_history(cause: Cause, run_id: int, now: datetime) -> str:
    if not _is_known(cause, run_id):
        return "new"
    is_first = cause.first.run_id == run_id
    since = "new" if is_first else f"since {wording.relative_time(cause.first.at, now)} (#{cause.first.run_id})"
    if cause.last.run_id == run_id:
        return since
    return f"{since}, last {wording.relative_time(cause.last.at, now)} (#{cause.last.run_id})"


def _is_known(cause: Cause, run_id: int) -> bool:
    """Whether another run failed like that."""
    return cause.first.run_id != run_id or cause.last.run_id != run_id
