"""The events of a run that never was: what a worker would journal, worked out from a table of durations."""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from store import events
from store.events import AnyEvent
from store.status import AuditStatus, ModelStatus, RunStatus, StepStatus
from tests.flights_graph import AUDITS, BY_NAME, MODELS, WARNING_AUDIT, SimulatedModel, graph_audits, graph_nodes
from tests.simulated_files import compiled_sql

THREADS = 4
BUILD_STEP = 3
_FIRST_MODEL_S = 4.0
_AUDIT_S = 0.3


@dataclass(frozen=True, slots=True)
class Scenario:
    """How a simulated run goes.

    `errors` maps names of models to their error. `pace` multiplies all durations. `seconds` is where the run stands
    (None: at its end), `stopped` whether it was stopped there.
    """

    started_at: datetime
    errors: Mapping[str, str] = field(default_factory=dict)
    pace: float = 1.0
    seconds: float | None = None
    stopped: bool = False
    warns: bool = True
    commit: str = "a1b2c3d4e5f60718293a4b5c6d7e8f9001122334"


def run_events(scenario: Scenario) -> list[AnyEvent]:
    """The journal of the run, numbered, in the order of time."""
    models = _Schedule(scenario)
    found: list[AnyEvent] = [*_opening(scenario), *models.events]
    build_ends = models.ends_at + timedelta(seconds=0.6)
    if scenario.seconds is None:
        found += _ending(scenario, build_ends)
    found.sort(key=lambda event: event.ts)
    if scenario.seconds is not None:
        horizon = scenario.started_at + timedelta(seconds=scenario.seconds)
        found = [event for event in found if event.ts <= horizon]
        if scenario.stopped:
            found += _stop(found, horizon)
    return [event.model_copy(update={"seq": number}) for number, event in enumerate(found, 1)]


def _opening(scenario: Scenario) -> list[AnyEvent]:
    def at(seconds: float) -> datetime:
        return scenario.started_at + timedelta(seconds=seconds)

    done = StepStatus.SUCCEEDED
    return [
        events.RunStarted(
            ts=at(0),
            pid=4711,
            pid_started=scenario.started_at.timestamp(),
            host="lab-1",
            tool="dbt",
            tool_version="1.11.2",
            branch="main",
            commit=scenario.commit,
            commit_author="anna",
            commit_message="Count a flight as late from 15 minutes on",
        ),
        events.StepStarted(
            ts=at(0.1), step=1, name="checkout", command=("git", "checkout"), log="logs/01-checkout.log"
        ),
        events.StepFinished(ts=at(0.6), step=1, status=done, exit_code=0),
        events.StepStarted(ts=at(0.7), step=2, name="deps", command=("dbt", "deps"), log="logs/02-deps.log"),
        events.StepFinished(ts=at(1.9), step=2, status=done, exit_code=0),
        events.StepStarted(
            ts=at(2.0), step=BUILD_STEP, name="build", command=("dbt", "build"), log="logs/03-build.log"
        ),
        events.Graph(ts=at(3.2), nodes=graph_nodes(), audits=graph_audits()),
        events.Changes(ts=at(3.3), changes=(events.ModelChange(model=BY_NAME["int_delays"].key, change="modified"),)),
    ]


def _ending(scenario: Scenario, moment: datetime) -> list[AnyEvent]:
    failed = bool(scenario.errors)
    if not failed:
        status, reason = (RunStatus.PARTIAL, "1 audit warned.") if scenario.warns else (RunStatus.COMPLETED, None)
    else:
        name, error = next(iter(scenario.errors.items()))
        status, reason = RunStatus.FAILED, f"{name}: {error.splitlines()[1].strip()}"
    return [
        events.ArtifactWritten(ts=moment, path="target/manifest.json", kind="manifest", size=1_034),
        *(
            events.ArtifactWritten(
                ts=moment, path=f"target/compiled/{model.file}", kind="compiled", size=len(compiled_sql(model))
            )
            for model in MODELS
            if model.kind == "model"
        ),
        events.StepFinished(
            ts=moment,
            step=BUILD_STEP,
            status=StepStatus.FAILED if failed else StepStatus.SUCCEEDED,
            exit_code=1 if failed else 0,
        ),
        events.RunFinished(ts=moment + timedelta(seconds=0.2), status=status, reason=reason),
    ]


def _stop(found: list[AnyEvent], horizon: datetime) -> list[AnyEvent]:
    started = {event.model for event in found if isinstance(event, events.ModelStarted)}
    ended = {event.model for event in found if isinstance(event, events.ModelFinished)}
    end = horizon + timedelta(seconds=1.4)
    return [
        events.RunStopping(ts=horizon, reason="Stopped by anna."),
        *(
            events.ModelFinished(ts=end, model=model, status=ModelStatus.CANCELLED, interrupted=True)
            for model in sorted(started - ended)
        ),
        events.StepFinished(ts=end, step=BUILD_STEP, status=StepStatus.CANCELLED, exit_code=-2),
        events.RunFinished(ts=end, status=RunStatus.CANCELLED, reason="Stopped by anna."),
    ]


class _Schedule:
    """Gives models to threads as dbt does: one that is ready goes to the thread that is free first."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        begin = scenario.started_at + timedelta(seconds=_FIRST_MODEL_S)
        self._threads = [(begin, number) for number in range(1, THREADS + 1)]
        self._ended: dict[str, datetime] = {}
        self._causes: dict[str, str] = {}
        self.events: list[AnyEvent] = []
        for model in MODELS:
            self._give(model, begin)
        self.ends_at = max(moment for moment, _ in self._threads)

    def _give(self, model: SimulatedModel, begin: datetime) -> None:
        ready = max((self._ended[parent] for parent in model.parents), default=begin)
        if cause := next((self._causes[parent] for parent in model.parents if parent in self._causes), None):
            self._skip(model, ready, cause)
            return
        free, number = heapq.heappop(self._threads)
        start = max(free, ready)
        error = self._scenario.errors.get(model.name)
        seconds = 0.4 if error else round(model.seconds * self._scenario.pace, 3)
        end = start + timedelta(seconds=seconds)
        thread = f"Thread-{number}"
        self.events.append(events.ModelStarted(ts=start, model=model.key, thread=thread))
        self.events.append(_finished(model, start, end, error))
        if error:
            self._causes[model.name] = model.key
        self._ended[model.name] = end
        free = self._audit(model, end, thread, skipped=error is not None)
        heapq.heappush(self._threads, (free, number))

    def _skip(self, model: SimulatedModel, moment: datetime, cause: str) -> None:
        self._causes[model.name] = cause
        self._ended[model.name] = moment
        self.events.append(events.ModelFinished(ts=moment, model=model.key, status=ModelStatus.SKIPPED, cause=cause))
        self._audit(model, moment, None, skipped=True)

    def _audit(self, model: SimulatedModel, moment: datetime, thread: str | None, skipped: bool) -> datetime:
        for audit in (audit for audit in AUDITS if audit.model is model):
            warns = self._scenario.warns and audit.key == WARNING_AUDIT
            status = AuditStatus.SKIPPED if skipped else AuditStatus.WARNED if warns else AuditStatus.PASSED
            moment += timedelta(seconds=0 if skipped else _AUDIT_S)
            if status is AuditStatus.WARNED:
                self.events.append(_unregistered(audit.key, moment))
            self.events.append(
                events.AuditFinished(
                    ts=moment,
                    audit=audit.key,
                    name=audit.name,
                    model=model.key,
                    blocking=audit.blocking,
                    status=status,
                    failures=None if skipped else 2512 if warns else 0,
                    error="Got 2512 results, configured to warn if != 0" if warns and not skipped else None,
                    sql=None if skipped else f"select * from {model.relation} where {model.name}_key is null",
                    duration_s=None if skipped else _AUDIT_S,
                    thread=thread,
                    cause=self._causes.get(model.name),
                )
            )
        return moment


def _unregistered(audit: str, moment: datetime) -> AnyEvent:
    """Some of the flights whose aircraft nobody registered, as dbt stored them."""
    numbers = ("N3ABAA", "N4XEAA", None, "N511MQ", "N518AA")
    carriers = ("AA", "B6", "EV", "MQ", "AA")
    rows = tuple(("2013-01-01", *each) for each in zip(carriers, numbers, strict=True))
    return events.AuditSampled(ts=moment, audit=audit, columns=("flight_date", "carrier", "tail_number"), rows=rows)


def _finished(model: SimulatedModel, start: datetime, end: datetime, error: str | None) -> AnyEvent:
    compiled = start + timedelta(seconds=0.05)
    return events.ModelFinished(
        ts=end,
        model=model.key,
        status=ModelStatus.FAILED if error else ModelStatus.SUCCEEDED,
        duration_s=(end - start).total_seconds(),
        rows=None if error else model.rows,
        message=None if error else "OK",
        error=error,
        compiled_file=f"target/compiled/{model.file}" if model.kind == "model" else None,
        timings=(
            events.Timing(name="compile", started_at=start, finished_at=compiled),
            events.Timing(name="execute", started_at=compiled, finished_at=end),
        ),
    )
