"""Turns the bridge's events (PROTOCOL.md), one by one, into run-protocol events."""

from collections.abc import Callable
from datetime import datetime

from engine.adapters.samples import audit_sampled
from engine.adapters.sqlmesh.environments import EnvironmentReading
from engine.adapters.sqlmesh.graph import GraphReading
from engine.adapters.sqlmesh.plan import PlanReading
from engine.adapters.sqlmesh.values import Said, audit_key, interval, intervals, moment
from store import events
from store.clock import Clock
from store.status import AuditStatus, ModelStatus

_MODEL_STATUSES = {
    "succeeded": ModelStatus.SUCCEEDED,
    "failed": ModelStatus.FAILED,
    "cancelled": ModelStatus.CANCELLED,
}
_OF_MODELS = ("batch_started", "batch_finished", "model_finished")
"""Told of audits that stand alone as well, whose own event says all there is to say."""
_PHASE_STATES: dict[str, events.PhaseState] = {"started": "running", "progress": "running"}


class Translator:
    """Follows one command of the bridge. `save_sql` keeps a failing statement as a file and returns its place."""

    def __init__(self, clock: Clock, save_sql: Callable[[str, str], str], repairs: int | None = None) -> None:
        self._clock = clock
        self._save_sql = save_sql
        self._repairs = repairs
        self._graph = GraphReading()
        self._selected: dict[str, int] = {}
        self._queued: dict[str, int] = {}
        self._at_risk: dict[str, list[events.Interval]] = {}
        self._plan = PlanReading()
        self._environments = EnvironmentReading()
        self._unit_tests_failed = 0
        self.error: str | None = None
        self.finished: Said | None = None
        self.nothing_due: Said | None = None

    def translate(self, said: Said) -> list[events.AnyEvent]:
        """The events that this one means, none for most."""
        translation = getattr(self, f"_on_{said.get('type')}", None)
        if translation is None or (said["type"] in _OF_MODELS and self._graph.is_audit(said["model"])):
            return []
        told: list[events.AnyEvent] = translation(said, moment(said.get("ts")) or self._clock())
        return told

    def environments(self) -> list[events.EnvironmentState]:
        """What the bridge said of environments, once it has said all of it."""
        return list(self._environments.states())

    # -- the tool and its project -------------------------------------------------------------------------------

    def _on_ready(self, said: Said, ts: datetime) -> list[events.AnyEvent]:
        told: list[events.AnyEvent] = [events.ToolIdentified(ts=ts, tool="sqlmesh", version=str(said["sqlmesh"]))]
        if said.get("degraded"):
            missing = ", ".join(str(name).replace("_", " ") for name in said["degraded"])
            text = f"SQLMesh {said['sqlmesh']} does not tell everything; missing: {missing}."
            told.append(events.Notice(ts=ts, level="warning", text=text))
        return told

    def _on_graph(self, said: Said, ts: datetime) -> list[events.AnyEvent]:
        self._graph.read(said["nodes"])
        return [self._graph.event(ts, self._selected)]

    def _on_environment(self, said: Said, ts: datetime) -> list[events.AnyEvent]:
        self._environments.environment(said, ts)
        return []

    def _on_intervals(self, said: Said, _: datetime) -> list[events.AnyEvent]:
        self._environments.intervals(said)
        return []

    # -- plans --------------------------------------------------------------------------------------------------

    def _on_change(self, said: Said, _: datetime) -> list[events.AnyEvent]:
        self._plan.change(said)
        return []

    def _on_backfill(self, said: Said, _: datetime) -> list[events.AnyEvent]:
        self._plan.backfill(said)
        return []

    def _on_tests(self, said: Said, ts: datetime) -> list[events.AnyEvent]:
        self._plan.tests(said)
        return [
            events.Notice(ts=ts, level="error", text=f"Unit test {failure['test']}: {failure['text']}")
            for failure in said.get("failures") or []
        ]

    def _on_plan(self, said: Said, ts: datetime) -> list[events.AnyEvent]:
        return [
            events.Changes(ts=ts, changes=self._plan.model_changes()),
            events.PlanSummary(ts=ts, details=self._plan.summary(said)),
        ]

    def _on_phase(self, said: Said, ts: datetime) -> list[events.AnyEvent]:
        state = _PHASE_STATES.get(said["state"]) or ("succeeded" if said.get("success", True) else "failed")
        told: list[events.AnyEvent] = []
        if said["phase"] == "evaluation" and said["state"] == "started":
            told += self._announce(ts)
        return [
            *told,
            events.PhaseProgress(ts=ts, phase=said["phase"], state=state, done=said["done"], total=said["total"]),
        ]

    def _announce(self, ts: datetime) -> list[events.AnyEvent]:
        """Everything that is going to be evaluated, with the graph around it."""
        queued, self._queued = self._queued, {}
        self._selected |= queued
        graph: list[events.AnyEvent] = (
            [self._graph.event(ts, self._selected)] if queued and self._graph.is_known else []
        )
        return [
            *graph,
            *(
                events.ModelQueued(ts=ts, model=model, batches=batches)
                for model, batches in queued.items()
                if not self._graph.is_audit(model)
            ),
        ]

    # -- models -------------------------------------------------------------------------------------------------

    def _on_model_queued(self, said: Said, _: datetime) -> list[events.AnyEvent]:
        self._queued[said["model"]] = said["batches"]
        return []

    def _on_batch_started(self, said: Said, ts: datetime) -> list[events.AnyEvent]:
        at_risk = [] if said.get("transactional") else intervals(said.get("reloads"))
        if at_risk:
            self._at_risk.setdefault(said["model"], []).extend(at_risk)
        return [
            *(events.IntervalInterrupted(ts=ts, model=said["model"], interval=each) for each in at_risk),
            events.ModelStarted(ts=ts, model=said["model"]),
            events.ModelProgress(
                ts=ts,
                model=said["model"],
                batch=said["batch"],
                batches=said["batches"],
                interval=interval(said.get("interval")),
                finished=False,
            ),
        ]

    def _on_batch_finished(self, said: Said, ts: datetime) -> list[events.AnyEvent]:
        if said["status"] != "succeeded":
            return []
        done = interval(said.get("interval"))
        return [
            *self._settle(said["model"], ts, within=done),
            events.ModelProgress(
                ts=ts,
                model=said["model"],
                batch=said["batch"],
                batches=said["batches"],
                interval=done,
                rows=said.get("rows"),
                duration_s=said.get("duration_s"),
            ),
        ]

    def _settle(self, model: str, ts: datetime, within: events.Interval | None) -> list[events.AnyEvent]:
        """What is no longer at risk: what lies within the batch that ended well, or all of the model."""
        at_risk = self._at_risk.get(model, [])
        settled = [
            each for each in at_risk if within is None or (within.start <= each.start and each.end <= within.end)
        ]
        self._at_risk[model] = [each for each in at_risk if each not in settled]
        return [events.IntervalSettled(ts=ts, model=model, interval=each) for each in settled]

    def _on_model_finished(self, said: Said, ts: datetime) -> list[events.AnyEvent]:
        status = _MODEL_STATUSES.get(said["status"], ModelStatus.FAILED)
        sql = said.get("sql")
        return [
            events.ModelFinished(
                ts=ts,
                model=said["model"],
                status=status,
                duration_s=said.get("duration_s"),
                rows=said.get("rows"),
                error=said.get("error"),
                compiled_file=self._save_sql(said["model"], sql) if sql else None,
                interrupted=status is ModelStatus.CANCELLED,
            )
        ]

    def _on_model_skipped(self, said: Said, ts: datetime) -> list[events.AnyEvent]:
        causes = said.get("cause") or []
        cause = causes[0] if causes else None
        if self._graph.is_audit(said["model"]):
            return [self._graph.skipped(said["model"], ts, cause)]
        return [events.ModelFinished(ts=ts, model=said["model"], status=ModelStatus.SKIPPED, cause=cause)]

    def _on_signal(self, said: Said, ts: datetime) -> list[events.AnyEvent]:
        waiting = intervals(said.get("waiting"))
        if not waiting:
            return []
        since, until = waiting[0].start, waiting[-1].end
        text = f"waits for the signal {said['signal']} ({since:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M} UTC)"
        return [events.ModelWaiting(ts=ts, model=said["model"], signal=said["signal"], text=text)]

    # -- audits -------------------------------------------------------------------------------------------------

    def _on_audit(self, said: Said, ts: datetime) -> list[events.AnyEvent]:
        arguments = said.get("arguments") or {}
        model = None if self._graph.is_audit(said["model"]) else said["model"]
        key = audit_key(model, said["audit"], arguments)
        finished = events.AuditFinished(
            ts=ts,
            audit=key,
            name=said["audit"],
            model=model,
            blocking=said["blocking"],
            status=audit_status(said),
            failures=said.get("failures"),
            error=said.get("error"),
            sql=said.get("query"),
            arguments=arguments,
            duration_s=said.get("duration_s"),
            interval=interval(said.get("interval")),
        )
        return [*audit_sampled(key, said.get("sample"), ts), finished]

    # -- what is worth knowing, and the end ---------------------------------------------------------------------

    def _on_nothing_due(self, said: Said, _: datetime) -> list[events.AnyEvent]:
        self.nothing_due = said
        return []

    def _on_notice(self, said: Said, ts: datetime) -> list[events.AnyEvent]:
        level = said["level"] if said["level"] in ("info", "warning", "error") else "info"
        return [events.Notice(ts=ts, level=level, text=said["text"])]

    def _on_error(self, said: Said, _: datetime) -> list[events.AnyEvent]:
        self.error = said["message"]
        return []

    def _on_cancelled(self, said: Said, ts: datetime) -> list[events.AnyEvent]:
        told: list[events.AnyEvent] = [
            events.ModelFinished(ts=ts, model=batch["model"], status=ModelStatus.CANCELLED, interrupted=True)
            for batch in said.get("in_flight") or []
            if not self._graph.is_audit(batch["model"])
        ]
        # The bridge has asked the state again: what it does not list is not counted as loaded any more.
        told += [event for model in list(self._at_risk) for event in self._settle(model, ts, within=None)]
        for broken in said.get("interrupted_intervals") or []:
            if broken.get("transactional"):
                continue  # the database undid what was half done
            told += [
                events.IntervalInterrupted(ts=ts, model=broken["model"], interval=each)
                for each in intervals(broken.get("intervals"))
            ]
        return told

    def _on_repaired(self, said: Said, ts: datetime) -> list[events.AnyEvent]:
        repaired = interval(said.get("interval"))
        if self._repairs is None or repaired is None:
            return []
        return [events.IntervalRepaired(ts=ts, run=self._repairs, model=said["model"], interval=repaired)]

    def _on_finished(self, said: Said, _: datetime) -> list[events.AnyEvent]:
        self.finished = said
        return []


def audit_status(said: Said) -> AuditStatus:
    """A failed audit that does not block has warned."""
    status = AuditStatus(said["status"])
    if status is AuditStatus.FAILED and not said["blocking"]:
        return AuditStatus.WARNED
    return status
