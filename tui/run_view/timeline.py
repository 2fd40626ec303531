"""When everything of a run was executed: bars on a time axis, the critical path, how much ran at once.

Values in, values out; `timeline_text` draws them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from store.models import Audit, ModelExecution
from store.run_record import RunRecord, audit_key
from store.status import AuditStatus, ModelStatus

_SHORTEST_WINDOW = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Bar:
    """One execution on the time axis.

    `ready_at` is when everything that it depends on had ended: from there to `started_at` it waited for its turn.
    An execution that goes on ends now.
    """

    key: str
    node: str
    name: str
    kind: Literal["model", "audit"]
    status: ModelStatus | AuditStatus
    thread: str | None
    ready_at: datetime
    started_at: datetime
    ended_at: datetime
    critical: bool = False

    @property
    def duration_s(self) -> float:
        """Seconds from start to end."""
        return (self.ended_at - self.started_at).total_seconds()

    @property
    def waited_s(self) -> float:
        """Seconds from when it could have started to when it did."""
        return max(0.0, (self.started_at - self.ready_at).total_seconds())


@dataclass(frozen=True, slots=True)
class Window:
    """The stretch of time that is in view."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """From start to end."""
        return self.end - self.start

    def zoomed(self, factor: float, whole: "Window") -> "Window":
        """A window `factor` times as long around the same middle, within `whole`."""
        length = max(_SHORTEST_WINDOW, self.length * factor)
        return Window(self.start + (self.length - length) / 2, self.start + (self.length + length) / 2).within(whole)

    def centred(self, moment: datetime, whole: "Window") -> "Window":
        """The window with a moment in its middle, within `whole`."""
        return Window(moment - self.length / 2, moment + self.length / 2).within(whole)

    def shifted(self, share: float, whole: "Window") -> "Window":
        """The window moved by a share of its length, within `whole`."""
        return Window(self.start + self.length * share, self.end + self.length * share).within(whole)

    def within(self, whole: "Window") -> "Window":
        """The window, moved and where needed cut so that it does not look beyond `whole`."""
        if self.length >= whole.length:
            return whole
        if self.start < whole.start:
            return Window(whole.start, whole.start + self.length)
        if self.end > whole.end:
            return Window(whole.end - self.length, whole.end)
        return self

    def place(self, moment: datetime, cells: int) -> float:
        """Where a moment is on an axis of so many cells; outside of 0 to `cells` it is not in view."""
        return (moment - self.start) / self.length * cells


def bars_of(record: RunRecord, now: datetime) -> list[Bar]:
    """Everything that was begun, by its start, the critical path marked."""
    audits_of: dict[str, list[Audit]] = {}
    for audit in record.audits.values():
        if audit.model is not None and audit.status is not AuditStatus.SKIPPED:
            audits_of.setdefault(audit.model, []).append(audit)
    found = [_model_bar(model, record, audits_of, now) for model in record.models.values() if _was_begun(model)]
    found += [_audit_bar(audit, record) for audit in record.audits.values() if audit.status is not AuditStatus.SKIPPED]
    found.sort(key=lambda bar: (bar.started_at, bar.name))
    path = critical_path(found, record)
    return [replace(bar, critical=True) if bar.key in path else bar for bar in found]


def whole_window(bars: Sequence[Bar], record: RunRecord, now: datetime) -> Window:
    """From the first to the last of the bars, or of the run where there are none."""
    start = min((min(bar.ready_at, bar.started_at) for bar in bars), default=record.run.started_at or now)
    end = max((bar.ended_at for bar in bars), default=record.run.finished_at or now)
    return Window(start, max(end, start + _SHORTEST_WINDOW))


def ready_at(model: ModelExecution, started_at: datetime, record: RunRecord) -> datetime:
    """When everything that a model is built from was there, so that it only waited for its turn."""
    parents = (record.models.get(parent) for parent in model.parents)
    ends = [parent.finished_at for parent in parents if parent is not None and parent.finished_at is not None]
    return min(started_at, max([model.queued_at, *(end for end in ends if end <= started_at)]))


def critical_path(bars: Sequence[Bar], record: RunRecord) -> frozenset[str]:
    """The keys of the chain that decided when the run ended.

    From what ended last, back to the last to end of what that one waited for, and so on: making anything else faster
    does not make the run faster.
    """
    if not bars:
        return frozenset()
    by_node: dict[str, Bar] = {}
    audits_of: dict[str, list[Bar]] = {}
    for bar in bars:
        by_node.setdefault(bar.node, bar)
        if bar.kind == "audit" and (checked := record.audits[bar.key].model) is not None:
            audits_of.setdefault(checked, []).append(bar)
    path: set[str] = set()
    last: Bar | None = max(bars, key=lambda bar: bar.ended_at)
    while last is not None and last.key not in path:
        path.add(last.key)
        needed = [by_node[node] for node in _needed_nodes(last, record) if node in by_node]
        if last.kind == "model":
            needed += [audit for parent in needed for audit in audits_of.get(parent.node, ())]
        before = [bar for bar in needed if bar.ended_at <= last.started_at]
        last = max(before, key=lambda bar: bar.ended_at, default=None)
    return frozenset(path)


def concurrency(bars: Iterable[Bar], window: Window, cells: int) -> list[float]:
    """How many executions went on at once, on average, in each cell of the axis."""
    sums = [0.0] * cells
    for bar in bars:
        first, last = window.place(bar.started_at, cells), window.place(bar.ended_at, cells)
        for cell in range(max(0, int(first)), min(cells, int(last) + 1)):
            sums[cell] += max(0.0, min(last, cell + 1) - max(first, cell))
    return sums


def most_at_once(bars: Iterable[Bar]) -> int:
    """The highest number of executions that went on at the same moment."""
    steps = [step for bar in bars for step in ((bar.started_at, 1), (bar.ended_at, -1))]
    most = now = 0
    for _, step in sorted(steps):
        now += step
        most = max(most, now)
    return most


def idle_s(bars: Sequence[Bar], window: Window) -> float:
    """Seconds of the window in which nothing was executed."""
    spans = sorted((bar.started_at, bar.ended_at) for bar in bars)
    idle, reached = timedelta(), window.start
    for start, end in spans:
        idle += max(timedelta(), start - reached)
        reached = max(reached, end)
    return (idle + max(timedelta(), window.end - reached)).total_seconds()


def path_chain(bars: Iterable[Bar]) -> list[Bar]:
    """The critical path in the order of time."""
    return sorted((bar for bar in bars if bar.critical), key=lambda bar: bar.started_at)


def _was_begun(model: ModelExecution) -> bool:
    return model.started_at is not None and model.status not in (ModelStatus.QUEUED, ModelStatus.SKIPPED)


def _needed_nodes(bar: Bar, record: RunRecord) -> tuple[str, ...]:
    if bar.kind == "model":
        return record.models[bar.key].parents
    model = record.audits[bar.key].model
    return (model,) if model is not None else ()


def _model_bar(model: ModelExecution, record: RunRecord, audits_of: dict[str, list[Audit]], now: datetime) -> Bar:
    started = model.started_at or now
    # The tool's own measure of the duration is finer than the times at which its events came in.
    ended = started + timedelta(seconds=model.duration_s) if model.duration_s is not None else model.finished_at or now
    checked = [audit.finished_at for parent in model.parents for audit in audits_of.get(parent, ())]
    ready = max([ready_at(model, started, record), *(moment for moment in checked if moment <= started)])
    return Bar(model.model, model.model, model.name, "model", model.status, model.thread, ready, started, ended)


def _audit_bar(audit: Audit, record: RunRecord) -> Bar:
    started = audit.finished_at - timedelta(seconds=audit.duration_s or 0.0)
    checked = record.models.get(audit.model) if audit.model else None
    built = checked.finished_at if checked else None
    ready = min(started, built) if built else started
    key = audit_key(audit)
    return Bar(key, audit.audit, audit.name, "audit", audit.status, audit.thread, ready, started, audit.finished_at)
