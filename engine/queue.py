"""Which queued runs may start now, and for whom the others wait: pure.

Two rules: at most `max_concurrent_runs` at once, and one run at a time per project and environment, because neither
dbt nor SQLMesh guards against two writers (SQLMesh duplicates rows, dbt's last writer wins).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from store.models import Run


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


def decide(queued: Sequence[Run], executing: Sequence[Run], max_concurrent_runs: int) -> list[Start | Wait]:
    """One decision for each queued run; who came first is served first."""
    decisions: list[Start | Wait] = []
    going = sorted(executing, key=lambda run: run.id)
    for run in sorted(queued, key=lambda run: run.id):
        decision = _decide_one(run, going, max_concurrent_runs)
        decisions.append(decision)
        if isinstance(decision, Start):
            going.append(run)
    return decisions


def _decide_one(run: Run, going: Sequence[Run], max_concurrent_runs: int) -> Start | Wait:
    for other in going:
        if (other.project, other.environment) == (run.project, run.environment):
            place = f"{run.project}/{run.environment}"
            return Wait(run.id, other.id, f"waits for #{other.id}, which works in {place}")
    if len(going) >= max_concurrent_runs:
        return Wait(run.id, going[0].id, f"waits for a free slot ({len(going)} of {max_concurrent_runs} in use)")
    return Start(run.id)


def collision(job: str | None, project: str, environment: str, active: Sequence[Run]) -> Run | None:
    """The active run of the same job, if any: a job never runs twice at once (the second is skipped)."""
    if job is None:
        return None
    for run in active:
        if (run.job, run.project, run.environment) == (job, project, environment):
            return run
    return None
