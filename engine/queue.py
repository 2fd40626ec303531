"""Which queued runs may start now, and for whom the others wait: pure.

Four rules: at most `max_concurrent_runs` at once; in one environment no more than it allows, which is one unless
somebody says otherwise, because neither dbt nor SQLMesh guards against two writers (SQLMesh duplicates rows, dbt's last
writer wins); never two of the same job; and never two ci jobs for the same request, which build in the same place.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from store.models import Environment, Run
from store.status import RunStatus


@dataclass(frozen=True, slots=True)
class Start:
    """This run may start."""

    run_id: int


@dataclass(frozen=True, slots=True)
class Wait:
    """This run stays in the queue, behind the run `waits_for`."""

    run_id: int
    waits_for: int
    reason: str


def decide(
    queued: Sequence[Run],
    executing: Sequence[Run],
    max_concurrent_runs: int,
    environments: Iterable[Environment] = (),
) -> list[Start | Wait]:
    """One decision for each queued run; higher priority goes first, then who came first."""
    limits = {(place.project, place.name): place.max_concurrent_runs for place in environments}
    decisions: list[Start | Wait] = []
    going = sorted(executing, key=lambda run: run.id)
    for run in sorted(queued, key=lambda run: (-run.priority, run.id)):
        decision = _decide_one(run, going, max_concurrent_runs, limits)
        decisions.append(decision)
        if isinstance(decision, Start):
            going.append(run)
    return decisions


def _decide_one(
    run: Run, going: Sequence[Run], max_concurrent_runs: int, limits: Mapping[tuple[str, str], int]
) -> Start | Wait:
    here = [other for other in going if (other.project, other.environment) == (run.project, run.environment)]
    place, limit = f"{run.project}/{run.environment}", limits.get((run.project, run.environment), 1)
    if len(here) >= limit and limit == 1:
        return Wait(run.id, here[0].id, f"waits for #{here[0].id}, which works in {place}")
    if len(here) >= limit:
        return Wait(run.id, here[0].id, f"waits for a place in {place} ({len(here)} of {limit} in use)")
    if (other := _same_job(run, here)) is not None:
        return Wait(run.id, other.id, f"waits for #{other.id} of the same job")
    if (other := _same_request(run, going)) is not None:
        return Wait(run.id, other.id, f"waits for #{other.id}, which checks {run.branch} too")
    if len(going) >= max_concurrent_runs:
        return Wait(run.id, going[0].id, f"waits for a free slot ({len(going)} of {max_concurrent_runs} in use)")
    return Start(run.id)


def collision(run: Run, active: Sequence[Run]) -> Run | None:
    """The other run of the same job that waits for its slot or goes on, if any: of two such, the second is skipped."""
    return _same_job(run, [other for other in active if other.status is not RunStatus.SCHEDULED])


def _same_job(run: Run, others: Iterable[Run]) -> Run | None:
    job = (run.project, run.environment, run.job)
    if run.job is None:
        return None
    return next(
        (other for other in others if other.id != run.id and (other.project, other.environment, other.job) == job), None
    )


def _same_request(run: Run, others: Iterable[Run]) -> Run | None:
    if run.job_type != "ci" or run.branch is None:
        return None
    proposal = (run.project, run.job_type, run.branch)
    return next((other for other in others if (other.project, other.job_type, other.branch) == proposal), None)
