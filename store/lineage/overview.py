"""What a person wants to know of a model at a glance: how it fared in this run and lately, and what comes next."""

from dataclasses import dataclass
from datetime import datetime

from store.events import GraphNode
from store.filters import RunFilter
from store.fires import next_fire
from store.history import PastExecution
from store.lineage.graph import Lineage
from store.lineage.reading import environment_state
from store.models import ModelExecution, Run, RunKind
from store.reads import StoreReader
from store.run_record import RunRecord

DURATIONS_SHOWN = 30
RUNS_SHOWN = 5
_RUNS_LOOKED_AT = 100
_RUNS_OF_A_JOB = 10


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run with how the model fared in it; `execution` is None where the run had nothing to do for the model."""

    run: Run
    execution: PastExecution | None


@dataclass(frozen=True, slots=True)
class ModelOverview:
    """A model as of one run. `durations` are its executions in the environment up to this run, the oldest first.

    `runs` and `plans` are the last ones of the environment that executed the model, this one left out, newest first;
    `previous` is the one before of the same job, whatever it did with the model. `usual_s` is the median of its last
    successes, in seconds. `next_at` says when it is due next, by `schedule`: its own cron, or else the soonest job of
    the environment that has a schedule and, as far as its runs tell, executes this model.
    """

    node: GraphNode
    execution: ModelExecution | None
    usual_s: float | None = None
    durations: tuple[PastExecution, ...] = ()
    runs: tuple[PastRun, ...] = ()
    plans: tuple[PastRun, ...] = ()
    previous: PastRun | None = None
    last_plan: PastRun | None = None
    next_at: datetime | None = None
    schedule: str | None = None


async def read_overview(
    reader: StoreReader, record: RunRecord, lineage: Lineage, node: str, now: datetime
) -> ModelOverview:
    """All of it. Raises StoreError."""
    run = record.run
    past = await reader.past_executions(run, node, _RUNS_LOOKED_AT)
    by_run = {each.run_id: each for each in past}
    next_at, schedule = await _next(reader, run, node, now)
    usual, execution = await reader.usual_durations(run), record.models.get(node)
    last_plan = await reader.last_applied_plan(run.project, run.environment)
    return ModelOverview(
        node=lineage.nodes[node],
        execution=execution,
        usual_s=usual.of(execution) if execution is not None else usual.models.get(node),
        durations=tuple(reversed(past[:DURATIONS_SHOWN])),
        runs=await _last(reader, run, "run", by_run),
        plans=await _last(reader, run, "plan", by_run),
        previous=await _past_run(reader, await reader.comparable_run(run), by_run),
        last_plan=PastRun(last_plan, by_run.get(last_plan.id)) if last_plan else None,
        next_at=next_at,
        schedule=schedule,
    )


def _place(run: Run, kind: RunKind) -> RunFilter:
    return RunFilter(project=run.project, environment=run.environment, kinds=frozenset({kind}))


async def _last(reader: StoreReader, run: Run, kind: RunKind, by_run: dict[int, PastExecution]) -> tuple[PastRun, ...]:
    """The last runs of this kind before this one that executed the model."""
    found = await reader.runs(_place(run, kind), limit=_RUNS_LOOKED_AT, after=run.id)
    return tuple(PastRun(each, by_run[each.id]) for each in found if each.id in by_run)[:RUNS_SHOWN]


async def _past_run(reader: StoreReader, run_id: int | None, by_run: dict[int, PastExecution]) -> PastRun | None:
    return None if run_id is None else PastRun(await reader.run(run_id), by_run.get(run_id))


async def _next(reader: StoreReader, run: Run, node: str, now: datetime) -> tuple[datetime | None, str | None]:
    """When the model is due next: by its own cron where the tool keeps one, else by the schedule of a job."""
    state = await environment_state(reader, run)
    own = next((each for each in state.intervals if each.model == node), None) if state else None
    if own is not None and own.next_at is not None:
        return own.next_at, own.cron
    place = (run.project, run.environment)
    jobs = [job for job in await reader.jobs() if (job.project, job.environment) == place]
    fires = sorted((at, job.name) for job in jobs if (at := next_fire(job, now)) is not None)
    for at, job in fires:
        if await _executes(reader, run, job, node):
            return at, job
    return None, None


async def _executes(reader: StoreReader, run: Run, job: str, node: str) -> bool:
    """Whether the last whole run of the job executed the model, or meant to; where there was none yet, it may."""
    of_job = RunFilter(project=run.project, environment=run.environment, job=job)
    for each in await reader.runs(of_job, _RUNS_OF_A_JOB):
        if each.counts.models_total and not each.options.select:
            return await reader.model(each.id, node) is not None
    return True
