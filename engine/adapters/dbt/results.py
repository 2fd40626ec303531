"""What dbt says of one finished node, as the run protocol's events. Reads events and run_results.json alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.adapters.dbt.compiled import CompiledFiles
from engine.adapters.dbt.manifest import AUDIT_KINDS, Manifest, kind_of
from engine.adapters.dbt.tool_event import ToolEvent, mapping, moment, seconds, text, whole
from store.events import AuditFinished, ModelFinished, Timing
from store.status import AuditStatus, ModelStatus

_MODEL_STATUSES = {
    "success": ModelStatus.SUCCEEDED,
    "no-op": ModelStatus.SUCCEEDED,
    "reused": ModelStatus.SUCCEEDED,
    "skipped": ModelStatus.SKIPPED,
}
_AUDIT_STATUSES = {
    "pass": AuditStatus.PASSED,
    "success": AuditStatus.PASSED,
    "warn": AuditStatus.WARNED,
    "fail": AuditStatus.FAILED,
    "skipped": AuditStatus.SKIPPED,
}
_FRESHNESS_STATUSES = {
    "pass": AuditStatus.PASSED,
    "warn": AuditStatus.WARNED,
    "error": AuditStatus.FAILED,
    "runtime error": AuditStatus.ERROR,
}
_EXECUTED = frozenset({AuditStatus.PASSED, AuditStatus.WARNED, AuditStatus.FAILED})


@dataclass(frozen=True, slots=True)
class Ending:
    """A node's end as dbt told it. `stopped` means that the run's stop broke it off, `unfinished` that it was being
    built when dbt gave it up; `cause` is what made it skip, `failure` an error that dbt told of before the end.
    """

    node: str
    at: datetime
    status: str
    said: Mapping[str, Any]
    stopped: bool = False
    unfinished: bool = False
    cause: str | None = None
    failure: str | None = None


def model_status(ending: Ending) -> ModelStatus:
    """The status of a model that ended so."""
    return ModelStatus.CANCELLED if ending.stopped else _MODEL_STATUSES.get(ending.status, ModelStatus.FAILED)


def audit_status(ending: Ending) -> AuditStatus:
    """The status of an audit that ended so; one that was broken off has found nothing out."""
    return AuditStatus.SKIPPED if ending.stopped else _AUDIT_STATUSES.get(ending.status, AuditStatus.ERROR)


def model_finished(ending: Ending, manifest: Manifest, compiled: CompiledFiles) -> ModelFinished:
    """The end of a model, seed, snapshot or function."""
    status = model_status(ending)
    message = text(ending.said.get("message"))
    is_bad = status in (ModelStatus.FAILED, ModelStatus.CANCELLED)
    skipped = status is ModelStatus.SKIPPED
    return ModelFinished(
        ts=ending.at,
        model=ending.node,
        status=status,
        duration_s=None if skipped else seconds(ending.said.get("execution_time")),
        rows=_rows(ending.said),
        message=None if is_bad else message,
        error=_error(message, ending.failure) if is_bad else None,
        cause=ending.cause,
        compiled_file=None if skipped else compiled.locate(manifest.compiled_path(ending.node)),
        timings=_timings(ending.said),
        interrupted=ending.stopped or ending.unfinished,
    )


def audit_finished(ending: Ending, manifest: Manifest, compiled: CompiledFiles) -> AuditFinished:
    """The end of a test or unit test."""
    status, said = audit_status(ending), ending.said
    skipped = status is AuditStatus.SKIPPED
    file = None if skipped else manifest.compiled_path(ending.node)
    return AuditFinished(
        ts=ending.at,
        audit=ending.node,
        name=manifest.name(ending.node),
        model=manifest.audited(ending.node),
        blocking=manifest.is_blocking(ending.node),
        status=status,
        failures=_failures(said) if status in _EXECUTED else None,
        error=None if status is AuditStatus.PASSED else text(said.get("message")),
        sql=compiled.read(file),
        compiled_file=compiled.locate(file),
        arguments=manifest.arguments(ending.node),
        duration_s=None if skipped else seconds(said.get("execution_time")),
        thread=text(said.get("thread")) or text(said.get("thread_id")),
        cause=ending.cause,
    )


def freshness_finished(event: ToolEvent, at: datetime) -> AuditFinished | None:
    """The check of how fresh a source is, as an audit of that source: one that makes the command fail."""
    status = _FRESHNESS_STATUSES.get(text(event.data.get("status")) or "")
    if status is None or event.node is None:
        return None
    source = ".".join(text(event.data.get(key)) or "?" for key in ("source_name", "table_name"))
    problems = {AuditStatus.FAILED: "The source is stale.", AuditStatus.ERROR: "Its freshness could not be checked."}
    return AuditFinished(
        ts=at,
        audit=f"freshness.{event.node}",
        name=f"freshness of {source}",
        model=event.node,
        status=status,
        error=problems.get(status),
        duration_s=seconds(event.data.get("execution_time")),
        thread=event.thread,
    )


def result_of_line(event: ToolEvent) -> dict[str, Any]:
    """A result from the line that dbt prints for a node: less than it says when it finished the node."""
    return {**event.data, "status": _status_of_line(event), "thread": event.thread}


def _status_of_line(event: ToolEvent) -> str:
    if event.code == "Q034":
        return "skipped"
    status = (text(event.data.get("status")) or "error").lower()
    if kind_of(event.node or "") in AUDIT_KINDS or status == "skipped":
        return status
    # Models, seeds and snapshots print the database's own answer when all went well.
    return "error" if status.startswith("error") or event.level == "error" else "success"


def _error(message: str | None, failure: str | None) -> str | None:
    # Of a batch that failed, the model's own message only says that one did.
    if failure is None or (message and failure in message):
        return message
    return f"{message}\n{failure}" if message else failure


def _rows(said: Mapping[str, Any]) -> int | None:
    rows = whole(mapping(said.get("adapter_response")).get("rows_affected"))
    return rows if rows is not None and rows >= 0 else None


def _failures(said: Mapping[str, Any]) -> int | None:
    # The event and run_results.json each have a name of their own for it.
    found = said.get("num_failures")
    return whole(said.get("failures") if found is None else found)


def _timings(said: Mapping[str, Any]) -> tuple[Timing, ...]:
    listed = said.get("timing_info") or said.get("timing")
    found = []
    for phase in listed if isinstance(listed, list) else ():
        name, started = text(mapping(phase).get("name")), moment(mapping(phase).get("started_at"))
        finished = moment(mapping(phase).get("completed_at"))
        if name and started and finished:
            found.append(Timing(name=name, started_at=started, finished_at=finished))
    return tuple(found)
