"""Keeps the table of failures in step with what a run's events say: pure, SQL statements out.

Statements name `:run` beside their own values.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from store.fingerprints import Fingerprint, fingerprint_of_audit, fingerprint_of_error, fingerprint_of_run
from store.statement import Statement
from store.status import AuditStatus, ModelStatus, RunStatus

FailureKind = Literal["model", "audit", "step", "run"]


@dataclass(frozen=True, slots=True)
class EndedAudit:
    """What is asked of an audit that ended; `interval_start` in microseconds, 0 for one that runs without intervals."""

    audit: str
    name: str
    model: str | None
    status: AuditStatus
    error: str | None
    interval_start: int = 0


def of_model(model: str, status: ModelStatus, error: str | None) -> Iterator[Statement]:
    """A model that is tried again and succeeds is no failure any more."""
    yield _forget("model", model)
    if status is ModelStatus.FAILED:
        yield _record("model", model, fingerprint_of_error(error))


def of_audit(ended: EndedAudit) -> Iterator[Statement]:
    """An audit that found rows is a cause of its own, one that could not be executed has that of its error."""
    yield _forget("audit", ended.audit, ended.interval_start)
    if ended.status is AuditStatus.ERROR:
        yield _record("audit", ended.audit, fingerprint_of_error(ended.error), ended.interval_start)
    elif ended.status is AuditStatus.FAILED:
        model = ended.model.rsplit(".", 1)[-1].strip('"') if ended.model else None
        found = fingerprint_of_audit(ended.name, model, ended.error)
        yield _record("audit", ended.audit, found, ended.interval_start)


def of_run(status: RunStatus, reason: str | None) -> Iterator[Statement]:
    """What Runroom or a step says of a run that is over; of a failed one only where no model or audit tells more."""
    found = fingerprint_of_run(reason)
    if status is RunStatus.ERROR:
        yield _record("run", "", found)
    elif status is RunStatus.FAILED:
        yield Statement(_RECORD_STEP, _values(found))


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
