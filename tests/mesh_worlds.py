"""The world of SQLMesh's plans, runs and environments."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from store import events
from store.events import AnyEvent, ModelChange
from store.models import RunOptions
from store.status import ModelStatus, RunStatus, StepStatus
from tests.mesh_graph import environment_state, fqn, graph_nodes, month, plan_details

if TYPE_CHECKING:
    from tests.worlds import WorldBuilder

_LOADED = ("core.flown_flights", "marts.daily_delays", "marts.tail_delays")
_STARTED = "marts.daily_delays"


async def mesh(build: "WorldBuilder", now: datetime) -> None:
    """Plans shown, applied and being applied; a run with batches; a restatement that was stopped; what SQLMesh knows.

    The parts: `preview`, `uncategorised`, `idle-plan`, `applied`, `torn`, `repaired`, `batches`, `applying`.
    """
    await _ask(build, "torn", now - timedelta(hours=5), "run", _torn(now - timedelta(hours=5)))
    await _ask(build, "repaired", now - timedelta(hours=4), "run", _torn(now - timedelta(hours=4)))
    repaired = build.runs["repaired"]
    repair = _repair(now - timedelta(hours=3), repaired)
    await _ask(build, "repair", now - timedelta(hours=3), "run", repair, RunOptions(repair_of=repaired))
    apply = RunOptions(apply=True, expect="5f3c9e")
    await _ask(build, "applied", now - timedelta(hours=2), "plan", _applied(now - timedelta(hours=2)), apply)
    idle = plan_details() | {"nothing_to_do": True, "changes": [], "backfills": [], "tests": None}
    await _ask(build, "idle-plan", now - timedelta(hours=1), "plan", _preview(now - timedelta(hours=1), idle))
    python = plan_details() | {"uncategorised": [fqn("marts.daily_delays"), fqn("marts.route_network")]}
    before = now - timedelta(minutes=30)
    await _ask(build, "uncategorised", before, "plan", _preview(before, python))
    await _ask(build, "preview", now - timedelta(minutes=4), "plan", _preview(now - timedelta(minutes=4)))
    await _ask(build, "batches", now - timedelta(seconds=95), "run", _batches(now - timedelta(seconds=95)))
    await _ask(build, "applying", now - timedelta(seconds=70), "plan", _applying(now - timedelta(seconds=70)), apply)
    await build.know(
        "flights_mesh",
        environment_state("prod", now, difference=None, intervals=_all_loaded(now)),
        environment_state(
            "dev_anna",
            now,
            difference={"added": 1, "removed": 0, "modified": 3, "same": 4},
            expires_at=now + timedelta(days=6, hours=4),
            previous_plan_id="0a91",
        ),
        environment_state(
            "dev_ben",
            now,
            applied_at=None,
            unfinalised=True,
            difference={"added": 0, "removed": 1, "modified": 2, "same": 5},
            expires_at=now + timedelta(days=2),
            intervals=(),
        ),
    )


def _all_loaded(now: datetime) -> tuple[events.ModelIntervals, ...]:
    return tuple(
        each
        if each.freshness is None
        else each.model_copy(update={"freshness": "complete", "missing": (), "missing_count": 0})
        for each in environment_state("prod", now).intervals
    )


async def _ask(
    build: "WorldBuilder",
    role: str,
    moment: datetime,
    job: str,
    found: Sequence[AnyEvent],
    options: RunOptions | None = None,
) -> None:
    run_id = await build.ask(role, moment, job=job, trigger="manual", author="anna", options=options)
    numbered = [event.model_copy(update={"seq": number}) for number, event in enumerate(found, 1)]
    await build.happen(run_id, *numbered)


def _opening(moment: datetime, step: str) -> list[AnyEvent]:
    return [
        events.RunStarted(
            ts=moment,
            pid=4712,
            pid_started=moment.timestamp(),
            host="lab-1",
            tool="sqlmesh",
            tool_version="0.236.0",
            branch="main",
            commit="a1b2c3d4e5f60718293a4b5c6d7e8f9001122334",
            commit_author="anna",
        ),
        events.StepStarted(ts=moment, step=1, name=step, command=("sqlmesh", step), log="logs/01-sqlmesh.log"),
    ]


def _ending(moment: datetime, status: RunStatus = RunStatus.COMPLETED, reason: str | None = None) -> list[AnyEvent]:
    step = StepStatus.CANCELLED if status is RunStatus.CANCELLED else StepStatus.SUCCEEDED
    return [
        events.StepFinished(ts=moment, step=1, status=step, exit_code=130 if step is StepStatus.CANCELLED else 0),
        events.RunFinished(ts=moment, status=status, reason=reason),
    ]


def _told(moment: datetime, details: dict[str, object]) -> list[AnyEvent]:
    changes = tuple(
        ModelChange(model=fqn(name), change="directly_modified") for name in ("core.flown_flights", _STARTED)
    )
    return [
        events.Graph(ts=moment, nodes=graph_nodes()),
        events.Changes(ts=moment, changes=changes if details["changes"] else ()),
        events.PlanSummary(ts=moment, details=details),
    ]


def _preview(moment: datetime, details: dict[str, object] | None = None) -> list[AnyEvent]:
    end = moment + timedelta(seconds=7)
    return [*_opening(moment, "plan"), *_told(end, details or plan_details()), *_ending(end)]


def _phase(moment: datetime, phase: str, done: int, total: int, state: str = "running") -> AnyEvent:
    return events.PhaseProgress.model_validate(
        {"ts": moment, "phase": phase, "state": state, "done": done, "total": total}
    )


def _begun(moment: datetime) -> list[AnyEvent]:
    """A plan that is applied, up to the first batch."""
    told = moment + timedelta(seconds=7)
    return [
        *_opening(moment, "plan"),
        *_told(told, plan_details()),
        _phase(told, "physical", 0, 4),
        _phase(told + timedelta(seconds=2), "physical", 4, 4, "succeeded"),
        events.Graph(ts=told, nodes=graph_nodes(*_LOADED)),
        *(events.ModelQueued(ts=told, model=fqn(name), batches=12) for name in _LOADED),
        _phase(told + timedelta(seconds=2), "evaluation", 0, 36),
    ]


def _months(moment: datetime, name: str, count: int, seconds: float = 4.0) -> list[AnyEvent]:
    """The first months of a model that has twelve to load."""
    found: list[AnyEvent] = [events.ModelStarted(ts=moment, model=fqn(name))]
    for number in range(1, count + 1):
        moment += timedelta(seconds=seconds)
        found.append(
            events.ModelProgress(
                ts=moment,
                model=fqn(name),
                batch=number,
                batches=12,
                interval=month(number),
                rows=27_004 + 311 * number,
                duration_s=seconds,
            )
        )
    if count == 12:
        found.append(
            events.ModelFinished(ts=moment, model=fqn(name), status=ModelStatus.SUCCEEDED, duration_s=12 * seconds)
        )
    return found


def _applying(moment: datetime) -> list[AnyEvent]:
    begin = moment + timedelta(seconds=9)
    return [
        *_begun(moment),
        *_months(begin, "core.flown_flights", 12, 2.5),
        *_months(begin + timedelta(seconds=30), _STARTED, 5),
        _phase(begin + timedelta(seconds=52), "evaluation", 17, 36),
    ]


def _applied(moment: datetime) -> list[AnyEvent]:
    begin = moment + timedelta(seconds=9)
    end = begin + timedelta(seconds=110)
    loaded = [
        event
        for number, name in enumerate(_LOADED)
        for event in _months(begin + timedelta(seconds=30 * number), name, 12, 2.5)
    ]
    return [
        *_begun(moment),
        *loaded,
        _phase(end, "evaluation", 36, 36, "succeeded"),
        _phase(end, "promotion", 8, 8, "succeeded"),
        *_ending(end),
    ]


def _batches(moment: datetime) -> list[AnyEvent]:
    """One model done, one in the midst of its batches, one waiting for a signal, one queued."""
    begin = moment + timedelta(seconds=4)
    waiting = "waits for the signal flights_arrived (2013-12-31 00:00 to 2014-01-01 00:00 UTC)"
    queued = (*_LOADED, "staging.stg_planes")
    return [
        *_opening(moment, "run"),
        events.Graph(ts=begin, nodes=graph_nodes(*queued)),
        *(events.ModelQueued(ts=begin, model=fqn(name), batches=12) for name in _LOADED),
        events.ModelQueued(ts=begin, model=fqn("staging.stg_planes"), batches=1),
        events.ModelWaiting(ts=begin, model=fqn("marts.tail_delays"), signal="flights_arrived", text=waiting),
        *_months(begin, "core.flown_flights", 12, 2.5),
        *_months(begin + timedelta(seconds=30), _STARTED, 5),
    ]


def _begun_month(moment: datetime, name: str, batch: int) -> AnyEvent:
    return events.ModelProgress(
        ts=moment, model=fqn(name), batch=batch, batches=12, interval=month(batch), finished=False
    )


def _torn(moment: datetime) -> list[AnyEvent]:
    """A restatement that was stopped while it rewrote a month."""
    begin = moment + timedelta(seconds=4)
    stop = begin + timedelta(seconds=20)
    models = ("core.flown_flights", _STARTED)
    return [
        *_opening(moment, "run"),
        events.Graph(ts=begin, nodes=graph_nodes(*models)),
        *(events.ModelQueued(ts=begin, model=fqn(name), batches=12) for name in models),
        *_months(begin, "core.flown_flights", 2),
        *_months(begin, _STARTED, 3),
        *(_begun_month(begin + timedelta(seconds=17), name, batch) for name, batch in zip(models, (3, 4), strict=True)),
        events.RunStopping(ts=stop, reason="Stopped by anna."),
        *(
            events.ModelFinished(ts=stop, model=fqn(name), status=ModelStatus.CANCELLED, interrupted=True)
            for name in models
        ),
        events.IntervalInterrupted(ts=stop, model=fqn("core.flown_flights"), interval=month(3)),
        events.IntervalInterrupted(ts=stop, model=fqn(_STARTED), interval=month(4)),
        *_ending(stop, RunStatus.CANCELLED, "Stopped by anna."),
    ]


def _repair(moment: datetime, broken: int) -> list[AnyEvent]:
    return [
        *_opening(moment, "repair"),
        events.IntervalRepaired(ts=moment, run=broken, model=fqn("core.flown_flights"), interval=month(3)),
        events.IntervalRepaired(ts=moment, run=broken, model=fqn(_STARTED), interval=month(4)),
        *_ending(moment + timedelta(seconds=9)),
    ]
