"""The page that says of a model how it fared in this run and lately, and what comes next."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import zip_longest

from rich.text import Text

from store import wording
from store.lineage.overview import ModelOverview, PastRun
from store.models import ModelExecution
from store.text import one_line
from store.wording import counted
from tui import formats
from tui.folding import folded
from tui.run_view import model_detail
from tui.run_view.explore.chart import duration_chart
from tui.run_view.view import RunView
from tui.text import plain

_LABEL_WIDTH = 11
_MOST_ERROR_ROWS = 24
_SIDE_BY_SIDE = 110
"""Cells from which on there is room for two lists beside each other."""


def overview_lines(overview: ModelOverview, view: RunView, width: int) -> list[Text]:
    """What went wrong first, then facts, the chart, and the runs around this one."""
    is_wide = width >= _SIDE_BY_SIDE
    left, right = (width // 2 - 2, width - width // 2) if is_wide else (width, width)
    facts = _folded(_facts(overview, view), left)
    beside = _chart(overview) + _tiles(overview, view)
    for heading, runs in (("last runs", overview.runs), ("last plans", overview.plans)):
        beside += _past(heading, runs, view.now)
    beside = _folded(beside, right)
    lines = _beside(facts, beside, left) if is_wide else [*facts, Text(), *beside]
    return [*_error(overview.execution, width), *lines]


def _error(execution: ModelExecution | None, width: int) -> list[Text]:
    if execution is None or not execution.error:
        return []
    bar = Text().append("▌ ", formats.BAD)
    rows: list[Text] = []
    for line in plain(execution.error).strip("\n").splitlines():
        hanging = bar.copy().append(" " * (len(line) - len(line.lstrip(" "))))
        rows += folded(bar.copy().append(line), width, hanging)
    told, more = rows[:_MOST_ERROR_ROWS], len(rows) - _MOST_ERROR_ROWS
    if more > 0:
        told.append(bar.copy().append(f"{counted(more, 'more line')}: y copies all", formats.MUTED))
    return [*told, Text()]


def _facts(overview: ModelOverview, view: RunView) -> list[Text]:
    node, execution = overview.node, overview.execution
    facts: list[tuple[str, str]] = []
    if execution is not None:
        facts += model_detail.facts(execution, view.record, overview.usual_s, view.now, view.zone)
    else:
        facts += [("is", one_line(" ".join(dict.fromkeys(filter(None, (node.materialized, node.kind))))))]
        facts += [("in this run", "not executed"), ("file", one_line(node.file or ""))]
        facts += [("relation", one_line(node.relation or ""))]
    facts += [
        ("owner", one_line(node.owner or "")),
        ("tags", one_line(", ".join(node.tags))),
        ("says of it", one_line(node.description or "")),
    ]
    return [line for label, value in facts for line in _fact(label, value)]


def _folded(lines: Iterable[Text], width: int) -> list[Text]:
    """What does not fit goes on below, beside the label."""
    hanging = Text(" " * (_LABEL_WIDTH + 1))
    return [row for line in lines for row in folded(line, width, hanging)]


def _fact(label: str, value: str) -> Iterable[Text]:
    for number, line in enumerate(value.splitlines()):
        yield Text().append(f"{'' if number else label:<{_LABEL_WIDTH}} ", formats.MUTED).append(line)


def _chart(overview: ModelOverview) -> list[Text]:
    number = len(overview.durations)
    if not number:
        return []
    usual = f", usually {wording.duration(overview.usual_s)}" if overview.usual_s else ""
    heading = f"took, in {counted(number, 'run')}{usual}" if number > 1 else f"took, the only time so far{usual}"
    return [Text().append(heading, formats.MUTED), *duration_chart(overview.durations), Text()]


def _tiles(overview: ModelOverview, view: RunView) -> list[Text]:
    now = view.now
    plan = overview.last_plan
    lines = [
        _tile("previous", overview.previous, now, "this is the first run of its job"),
        _tile("last plan", plan, now, "") if plan is None or plan.run.id != view.record.run.id else None,
    ]
    due = Text().append("next".ljust(_LABEL_WIDTH) + " ", formats.MUTED)
    if overview.next_at is None:
        due.append("not scheduled", formats.MUTED)
    else:
        moment = wording.short_time(overview.next_at, now, view.zone)
        due.append(f"{wording.relative_time(overview.next_at, now)}, {moment}")
        due.append(f"  by {one_line(overview.schedule)}" if overview.schedule else "", formats.MUTED)
    return [line for line in lines if line is not None] + [due]


def _tile(label: str, past: PastRun | None, now: datetime, otherwise: str) -> Text | None:
    if past is None:
        return Text().append(label.ljust(_LABEL_WIDTH) + f" {otherwise}", formats.MUTED) if otherwise else None
    line = Text().append(label.ljust(_LABEL_WIDTH) + " ", formats.MUTED)
    line.append_text(_run_text(past))
    if past.execution is None:
        line.append("  without this model", formats.MUTED)
    else:
        line.append("  this model ").append_text(formats.status_text(past.execution.status))
        line.append(f" {wording.duration(past.execution.duration_s)}")
    return line.append(f"  {wording.relative_time(past.run.started_at, now)}", formats.MUTED)


def _run_text(past: PastRun) -> Text:
    run = past.run
    return Text().append(f"#{run.id} ").append_text(formats.status_text(run.status)).append(f"  {one_line(run.name)}")


def _past(heading: str, runs: Sequence[PastRun], now: datetime) -> list[Text]:
    lines = [model_detail.past_line(past.execution, now) for past in runs if past.execution is not None]
    return [Text(), Text().append(f"{heading} with this model", formats.MUTED), *lines] if lines else []


def _beside(left: Sequence[Text], right: Sequence[Text], width: int) -> list[Text]:
    found = []
    for one, other in zip_longest(left, right, fillvalue=Text()):
        line = one.copy()
        line.truncate(width, overflow="ellipsis", pad=True)
        found.append(line.append("  ").append_text(other))
    return found
