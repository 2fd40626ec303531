"""Keeps the table of failures in step with what a run's events say: pure, SQL statements out.

Statements name `:run` beside their own values.
"""

from collections.abc import Iterator
from typing import Any, Literal

from store.events import AuditFinished, ModelFinished, RunFinished
from store.fingerprints import Fingerprint, fingerprint_of_audit, fingerprint_of_error, fingerprint_of_run
from store.models import Audit, ModelExecution, Run
from store.statement import Statement
from store.status import AuditStatus, ModelStatus, RunStatus

FailureKind = Literal["model", "audit", "step", "run"]


def of_model(ended: ModelFinished | ModelExecution) -> Iterator[Statement]:
    """A model that is tried again and succeeds is no failure any more."""
    yield _forget("model", ended.model)
    if ended.status is ModelStatus.FAILED:
        yield _record("model", ended.model, fingerprint_of_error(ended.error))


def of_audit(ended: AuditFinished | Audit, interval_start: int = 0) -> Iterator[Statement]:
    """`interval_start` in microseconds, for audits that run per interval."""
    yield _forget("audit", ended.audit, interval_start)
    if ended.status is AuditStatus.ERROR:
        yield _record("audit", ended.audit, fingerprint_of_error(ended.error), interval_start)
    elif ended.status is AuditStatus.FAILED:
        model = ended.model.rsplit(".", 1)[-1].strip('"') if ended.model else None
        found = fingerprint_of_audit(ended.name, model, ended.error)
        yield _record("audit", ended.audit, found, interval_start)


def of_run(status: RunStatus, reason: str | None) -> Iterator[Statement]:
    """What Runroom or a step says of it; of a failed run only where no model and no audit tells more."""
    found = fingerprint_of_run(reason)
    if status is RunStatus.ERROR:
        yield _record("run", "", found)
    elif status is RunStatus.FAILED:
        yield Statement(_RECORD_STEP, _values(found))


def again(run: Run, models: list[ModelExecution], audits: list[tuple[Audit, int]]) -> Iterator[Statement]:
    """Everything for a run that was recorded before; audits come with the start of their interval."""
    yield Statement("DELETE FROM failures WHERE run_id = :run")
    for model in models:
        yield from of_model(model)
    for audit, interval_start in audits:
        yield from of_audit(audit, interval_start)
    yield from of_run(run.status, run.status_reason)


def of_finished_run(event: RunFinished) -> Iterator[Statement]:
    """The last word on a run."""
    return of_run(event.status, event.reason)


def _forget(kind: FailureKind, node: str, interval_start: int = 0) -> Statement:
    return Statement(
        """DELETE FROM failures
           WHERE run_id = :run AND kind = :kind AND node = :node AND interval_start = :interval_start""",
        {"kind": kind, "node": node, "interval_start": interval_start},
    )


def _record(kind: FailureKind, node: str, found: Fingerprint, interval_start: int = 0) -> Statement:
    return Statement(
        """INSERT OR REPLACE INTO failures (run_id, kind, node, interval_start, fingerprint, pattern, sentence)
           VALUES (:run, :kind, :node, :interval_start, :fingerprint, :pattern, :sentence)""",
        {"kind": kind, "node": node, "interval_start": interval_start, **_values(found)},
    )


_RECORD_STEP = """
    INSERT OR REPLACE INTO failures (run_id, kind, node, fingerprint, pattern, sentence)
    SELECT :run, CASE WHEN step IS NULL THEN 'run' ELSE 'step' END, coalesce(step, ''),
           :fingerprint, :pattern, :sentence
    FROM (SELECT max(position) AS step FROM steps WHERE run_id = :run AND status = 'failed')
    WHERE NOT EXISTS (SELECT 1 FROM failures WHERE run_id = :run AND kind IN ('model', 'audit'))"""


def _values(found: Fingerprint) -> dict[str, Any]:
    return {"fingerprint": found.key, "pattern": found.pattern, "sentence": found.sentence}
