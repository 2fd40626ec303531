"""What to ask for when a run is to be done again: pure, from the record."""

from collections.abc import Sequence

from engine.errors import UsageError
from engine.protocol import RepairRun, RerunMode, RerunRun, StartRun
from store.clock import to_iso
from store.models import Audit, GitHead, InterruptedInterval, ModelExecution, Run, RunOptions, RunRequest
from store.status import AuditStatus, ModelStatus

_AGAIN_MODELS = frozenset({ModelStatus.FAILED, ModelStatus.SKIPPED, ModelStatus.CANCELLED})
_AGAIN_AUDITS = frozenset({AuditStatus.FAILED, AuditStatus.ERROR, AuditStatus.SKIPPED})

REPAIR_STEPS = ("repair", "run --ignore-cron --skip-janitor")
"""SQLMesh first forgets that the intervals are loaded, then loads what is missing, whether its cron is due or not."""


def failed_only(run: Run, models: Sequence[ModelExecution], audits: Sequence[Audit]) -> RunOptions:
    """The run's options, narrowed to the models and audits that failed, were skipped or were cancelled.

    Computed from the record because dbt's own `retry` forgets what a cancelled run did not reach.
    Raises UsageError when there is nothing to do again.
    """
    names = [model.name for model in models if model.status in _AGAIN_MODELS]
    names += [audit.name for audit in audits if audit.status in _AGAIN_AUDITS]
    if not names:
        raise UsageError(f"Nothing failed or was skipped in run #{run.id}: there is nothing to run again.")
    return run.options.model_copy(update={"select": tuple(dict.fromkeys(names)), "exclude": ()})


def options_again(run: Run, mode: RerunMode, models: Sequence[ModelExecution], audits: Sequence[Audit]) -> RunOptions:
    """With which options a run is done again. Raises UsageError when nothing of it failed that is to be run again."""
    return failed_only(run, models, audits) if mode == "failed" else run.options


def again(run: Run, former: RunRequest, wanted: RerunRun, options: RunOptions) -> StartRun:
    """What asks for a run like this one: of its job as it is now, or of the former steps where it had none.

    Raises UsageError where the same version is wanted and none was recorded.
    """
    return StartRun(
        job=f"{run.project}/{run.job}" if run.job else None,
        environment=f"{run.project}/{run.environment}",
        kind=run.kind,
        steps=() if run.job else former.steps,
        author=wanted.author,
        trigger="rerun",
        options=options,
        version=_version(run) if wanted.mode == "same" else None,
        process_environment=wanted.process_environment,
    )


def head_again(run: Run, former: RunRequest) -> GitHead | None:
    """For which pushed head it is: what a request proposes stays apart, a branch is taken as it is now.

    The branch of somebody's own repository may be behind that of the remote, so there it is the commit that was pushed.
    """
    return former.head if run.job_type == "ci" or former.mirror is None else None


def _version(run: Run) -> str:
    if run.version is None:
        raise UsageError(f"The files of run #{run.id} were not recorded: only the latest ones can be run.")
    return run.version


def repairing(run: Run, wanted: RepairRun, broken: Sequence[InterruptedInterval]) -> StartRun:
    """What asks for a run that repairs this one. Raises UsageError where nothing is to be repaired."""
    return StartRun(
        environment=f"{run.project}/{run.environment}",
        kind="run",
        name=f"repair of #{run.id}",
        steps=REPAIR_STEPS,
        author=wanted.author,
        trigger="rerun",
        options=repair(run, broken),
        process_environment=wanted.process_environment,
    )


def repair(run: Run, broken: Sequence[InterruptedInterval]) -> RunOptions:
    """What marks the interrupted intervals as missing and loads them again.

    Raises UsageError when the run left nothing half-written, or all of it was repaired.
    """
    open_intervals = [interval for interval in broken if interval.repaired_by is None]
    if not open_intervals:
        done = "everything that it left half-written was repaired" if broken else "it left nothing half-written"
        raise UsageError(f"Run #{run.id} needs no repair: {done}.")
    return RunOptions(
        variables=run.options.variables,
        repair_of=run.id,
        intervals=tuple((each.model, to_iso(each.start), to_iso(each.end)) for each in open_intervals),
    )
