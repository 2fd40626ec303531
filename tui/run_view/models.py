"""The list of models: which rows, in which order, with which cells. Values in, cells out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Literal

from rich.text import Text

from store import wording
from store.error_text import error_line
from store.history import UsualDurations
from store.models import ModelExecution
from store.run_record import RunRecord
from store.status import ModelStatus
from store.text import one_line
from tui import formats
from tui.intervals import moment_text, spans_text

Order = Literal["status", "duration", "name", "start"]
ORDERS: tuple[Order, ...] = ("status", "start", "duration", "name")
Grouping = Literal["flat", "folder", "schema"]
GROUPINGS: tuple[Grouping, ...] = ("flat", "folder", "schema")

BAR_WIDTH = 6
_SLOWER, _FASTER, _WORTH_SAYING_S = 1.5, 0.67, 1.0
_MODELS = PurePosixPath("models")
_RANK = {
    status: rank
    for rank, status in enumerate(
        (
            ModelStatus.FAILED,
            ModelStatus.RUNNING,
            ModelStatus.CANCELLED,
            ModelStatus.SKIPPED,
            ModelStatus.QUEUED,
            ModelStatus.SUCCEEDED,
        )
    )
}


@dataclass(frozen=True, slots=True)
class GroupRow:
    """The heading of a folder or schema in a grouped list."""

    name: str
    members: tuple[ModelExecution, ...]

    @property
    def key(self) -> str:
        """Cannot be a model's name: no tool gives a name with a line end."""
        return f"{self.name}\n"


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model in the list; `depth` tells how far its name is indented."""

    model: ModelExecution
    depth: int = 0

    @property
    def key(self) -> str:
        """The model's unique name."""
        return self.model.model


Row = GroupRow | ModelRow


def arranged(models: Iterable[ModelExecution], order: Order, grouping: Grouping, now: datetime) -> list[Row]:
    """The rows of the list. Within a group, and without groups, the order is the one asked for."""
    ordered = _sorted(list(models), order, now)
    if grouping == "flat":
        return [ModelRow(model) for model in ordered]
    groups: dict[str, list[ModelExecution]] = {}
    for model in ordered:
        groups.setdefault(_group_of(model, grouping), []).append(model)
    names = sorted(groups) if order == "name" else list(groups)
    rows: list[Row] = []
    for name in names:
        rows.append(GroupRow(name, tuple(groups[name])))
        rows += [ModelRow(model, depth=1) for model in groups[name]]
    return rows


def cells(row: Row, record: RunRecord, usual: UsualDurations, longest_s: float, now: datetime) -> dict[str, Text]:
    """What each column shows of a row; `longest_s` is what a full bar stands for."""
    if isinstance(row, GroupRow):
        return {"status": Text(), "name": Text(row.name, "bold"), "note": _group_tally(row.members)}
    model = row.model
    seconds = elapsed_s(model, now)
    style = formats.status_look(model.status).style
    return {
        "status": formats.status_text(model.status),
        "name": Text("  " * row.depth + one_line(model.name)),
        "duration": Text(_duration(model, seconds)),
        "bar": formats.bar((seconds or 0.0) / longest_s if longest_s else 0.0, BAR_WIDTH, style),
        "usual": against_usual(seconds, usual.of(model), model.status),
        "rows": Text(wording.count(model.rows) if model.rows is not None else ""),
        "note": note(model, record),
    }


def elapsed_s(model: ModelExecution, now: datetime) -> float | None:
    """Seconds that the model took, or takes so far; None for one that never started."""
    if model.duration_s is not None:
        return model.duration_s
    if model.started_at is None or model.status is ModelStatus.SKIPPED:
        return None
    return max(0.0, ((model.finished_at or now) - model.started_at).total_seconds())


def longest_duration_s(models: Iterable[ModelExecution], now: datetime) -> float:
    """The seconds of the slowest model, for the scale of the bars."""
    return max((elapsed_s(model, now) or 0.0 for model in models), default=0.0)


def note(model: ModelExecution, record: RunRecord) -> Text:
    """The one thing to know of a model beyond its status: its error, its cause, how far it is."""
    if model.interrupted:
        return Text("interrupted while it was built: may be half-updated", formats.WARNING)
    if model.error:
        return Text(error_line(model.error), formats.BAD)
    if model.cause:
        return Text(f"← {one_line(record.name_of(model.cause))}", formats.MUTED)
    if model.status is ModelStatus.RUNNING and model.batches:
        return Text(f"batch {model.batch or 0}/{model.batches}").append(_processed(model), formats.MUTED)
    if model.status is ModelStatus.SUCCEEDED and model.intervals:
        return Text(spans_text(model.intervals, most=1), formats.MUTED)
    return Text(one_line(model.message or "") if model.status is not ModelStatus.SUCCEEDED else "", formats.MUTED)


def _processed(model: ModelExecution) -> str:
    """How far a model is that has more to do."""
    return f" → {moment_text(max(interval.end for interval in model.intervals))}" if model.intervals else ""


def against_usual(seconds: float | None, usual_s: float | None, status: ModelStatus) -> Text:
    """`2.4× usual` as `2.4×`; only for what was really built, and only where the difference is worth a look."""
    if seconds is None or not usual_s or status not in (ModelStatus.SUCCEEDED, ModelStatus.RUNNING):
        return Text()
    ratio = seconds / usual_s
    if status is ModelStatus.RUNNING and ratio < 1:
        return Text()
    striking = abs(seconds - usual_s) >= _WORTH_SAYING_S
    style = (
        formats.WARNING if striking and ratio >= _SLOWER else formats.GOOD if striking and ratio <= _FASTER else "dim"
    )
    return Text(f"{ratio:.1f}×" if ratio < 100 else "99×+", style)


def _duration(model: ModelExecution, seconds: float | None) -> str:
    if seconds is None:
        return ""
    return wording.whole_duration(seconds) if model.status is ModelStatus.RUNNING else wording.duration(seconds)


def _sorted(models: Sequence[ModelExecution], order: Order, now: datetime) -> list[ModelExecution]:
    match order:
        case "status":
            return sorted(models, key=_by_status)
        case "duration":
            return sorted(models, key=lambda model: (-(elapsed_s(model, now) or -1.0), model.name))
        case "name":
            return sorted(models, key=lambda model: (model.name, model.model))
        case "start":
            return sorted(models, key=_by_start)


def _by_status(model: ModelExecution) -> tuple[int, bool, float, str]:
    latest = -model.finished_at.timestamp() if model.finished_at and model.status is ModelStatus.SUCCEEDED else 0.0
    return _RANK[model.status], not model.interrupted, latest, model.name


def _by_start(model: ModelExecution) -> tuple[bool, float, str]:
    started = model.started_at
    return started is None, started.timestamp() if started else 0.0, model.name


def _group_of(model: ModelExecution, grouping: Grouping) -> str:
    if grouping == "schema":
        return one_line(model.schema_name or "no schema")
    if model.file is None:
        return f"{model.kind}s"
    folder = PurePosixPath(model.file).parent
    # Both tools keep their models in a folder of this name, so that it would only push the others out of sight.
    shown = folder.relative_to("models") if folder.is_relative_to("models") and folder != _MODELS else folder
    return f"{one_line(str(shown))}/"


def _group_tally(members: Sequence[ModelExecution]) -> Text:
    text = Text()
    for status in _RANK:
        number = sum(member.status is status for member in members)
        if number:
            look = formats.status_look(status)
            text.append("  " if text else "").append(f"{number:,} {look.glyph}", look.style)
    return text
