"""What went wrong in a run: where, why and what it took down. Values in, values out."""

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from store.error_text import error_line
from store.models import Audit, ModelExecution, Step
from store.run_record import RunRecord, audit_key, step_key
from store.status import ACTIVE, AuditStatus, ModelStatus, RunStatus, StepStatus
from store.text import one_line
from store.wording import counted

_MOST_NAMES = 3
_TORN = "half-updated"
FAILED_AUDITS = frozenset({AuditStatus.FAILED, AuditStatus.ERROR})


@dataclass(frozen=True, slots=True)
class Failure:
    """One place of a run where something failed: a model, an audit or a step, with the key that its list uses."""

    kind: Literal["model", "audit", "step"]
    key: str


@dataclass(frozen=True, slots=True)
class Headline:
    """The sentence in front of a run that did not go well: what happened, and why where that is known."""

    status: RunStatus | ModelStatus | AuditStatus | StepStatus
    what: str
    why: str = ""


def failures(record: RunRecord) -> tuple[Failure, ...]:
    """Every failure in the order in which a person looks at them: models, audits, then steps where nothing else is."""
    found = [Failure("model", model.model) for model in _failed_models(record)]
    found += [Failure("audit", audit_key(audit)) for audit in _failed_audits(record)]
    if not found:
        found = [Failure("step", step_key(step)) for step in _failed_steps(record)]
    return tuple(found)


def headline(record: RunRecord) -> Headline | None:
    """What the page says first; None for a run with nothing to explain."""
    status = record.run.status
    if status in (RunStatus.SKIPPED, RunStatus.ERROR) or (status is RunStatus.QUEUED and record.run.status_reason):
        return Headline(status, _own_reason(record))
    if status in (RunStatus.CANCELLED, RunStatus.STOPPING):
        return _of_a_stop(record)
    if models := _failed_models(record):
        return _of_models(record, models)
    if audits := _failed_audits(record):
        return _of_audits(record, audits)
    if status is RunStatus.FAILED and (steps := _failed_steps(record)):
        return _of_step(record, steps[0])
    if status in ACTIVE:
        return None
    if warned := [audit for audit in record.audits.values() if audit.status is AuditStatus.WARNED]:
        return _of_warnings(warned)
    if record.run.missed_its_selection:
        return Headline(AuditStatus.WARNED, _own_reason(record))
    return Headline(status, _own_reason(record)) if status in (RunStatus.FAILED, RunStatus.PARTIAL) else None


def victims(record: RunRecord) -> Counter[str]:
    """How many models were skipped because of each node, through whatever stood between them."""
    causes = {model.model: model.cause for model in record.models.values() if model.status is ModelStatus.SKIPPED}
    return Counter(root for model in causes if (root := _root_cause(model, causes)) is not None)


def _root_cause(model: str, causes: dict[str, str | None]) -> str | None:
    seen = {model}
    cause = causes[model]
    while cause is not None and causes.get(cause) is not None and cause not in seen:
        seen.add(cause)
        cause = causes[cause]
    return cause


def _failed_models(record: RunRecord) -> list[ModelExecution]:
    failed = [model for model in record.models.values() if model.status is ModelStatus.FAILED]
    fallen = victims(record)
    return sorted(failed, key=lambda model: -fallen[model.model])


def _failed_audits(record: RunRecord) -> list[Audit]:
    failed = [audit for audit in record.audits.values() if audit.status in FAILED_AUDITS]
    fallen = victims(record)
    return sorted(failed, key=lambda audit: (not audit.blocking, -fallen[audit.audit]))


def _failed_steps(record: RunRecord) -> list[Step]:
    return [step for step in record.steps if step.status is StepStatus.FAILED]


def _of_models(record: RunRecord, failed: list[ModelExecution]) -> Headline:
    first = failed[0]
    fallen = victims(record)
    what = _toll(one_line(first.name), len(failed), sum(fallen[model.model] for model in failed))
    if audits := _failed_audits(record):
        what += f", {counted(len(audits), 'audit')} failed"
    return Headline(first.status, what, error_line(first.error))


def _of_audits(record: RunRecord, failed: list[Audit]) -> Headline:
    first = failed[0]
    why = error_line(first.error)
    if first.failures:
        why = counted(first.failures, "failing row") + (f": {why}" if why else "")
    fallen = victims(record)
    what = _toll(f"audit {one_line(first.name)}", len(failed), sum(fallen[audit.audit] for audit in failed))
    return Headline(first.status, what, why)


def _of_warnings(warned: list[Audit]) -> Headline:
    worst = sorted(warned, key=lambda audit: -(audit.failures or 0))[:_MOST_NAMES]
    named = [one_line(audit.name) + (f" {audit.failures:,}" if audit.failures else "") for audit in worst]
    more = f" and {len(warned) - len(worst)} more" if len(warned) > len(worst) else ""
    return Headline(AuditStatus.WARNED, f"{counted(len(warned), 'audit')} warned", ", ".join(named) + more)


def _toll(name: str, failed: int, fallen: int) -> str:
    who = name if failed == 1 else f"{name} and {failed - 1} more failed"
    if not fallen:
        return who if failed > 1 else f"{name} failed"
    return (
        f"{who}, {counted(fallen, 'model')} skipped" if failed > 1 else f"{name} took down {counted(fallen, 'model')}"
    )


def _of_step(record: RunRecord, step: Step) -> Headline:
    ended = _exit(step.exit_code)
    return Headline(step.status, f"step {one_line(step.name)} {ended}", error_line(record.run.status_reason))


def _exit(code: int | None) -> str:
    if code is None:
        return "failed"
    return f"was ended by signal {-code}" if code < 0 else f"exited with {code}"


def _of_a_stop(record: RunRecord) -> Headline:
    torn = [one_line(model.name) for model in record.models.values() if model.interrupted]
    reason, why = _own_reason(record) or "stopped", ""
    if torn and _TORN not in reason:
        more = len(torn) - _MOST_NAMES
        names = ", ".join(torn[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
        why = f"{names} may be {_TORN}"
    return Headline(record.run.status, reason, why)


def _own_reason(record: RunRecord) -> str:
    run = record.run
    reason = one_line(run.status_reason or "").removesuffix(".")
    if run.waits_for is not None and f"#{run.waits_for}" not in reason:
        reason = f"{reason + ': ' if reason else ''}waits for #{run.waits_for}"
    if run.collided_with is not None and f"#{run.collided_with}" not in reason:
        reason = f"{reason + ': ' if reason else ''}#{run.collided_with} of the same job was still going"
    return reason
