"""A run as JSON, the same fields from every command. Times are ISO 8601 in UTC, durations seconds."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from store.batches import Batch
from store.clock import to_iso
from store.events import Interval, ModelChange
from store.forge import branch_url, commit_url
from store.models import Audit, Counts, ModelExecution, Run, RunGraph, Step
from store.paths import RunPaths, WorkspacePaths
from store.reads import StoreReader
from store.run_file import RunFileError, read_run_file
from store.samples import AuditSample


async def whole_run(reader: StoreReader, paths: WorkspacePaths, run_id: int, now: datetime) -> dict[str, Any]:
    """All that is recorded of a run. Raises RunNotFound."""
    run = await reader.run(run_id)
    graph = await reader.graph(run_id)
    models = await reader.models(run_id)
    names = names_of(graph, models)
    compared = (await reader.change_details(run_id)).previous
    samples, batches = await reader.audit_samples(run_id), await reader.batches(run_id)
    return {
        **run_summary(run, now),
        "steps": [_step(step, paths, run, now) for step in await reader.steps(run_id)],
        "models": [
            {**_model(model, names), "batches": [_batch(batch) for batch in batches.get(model.model, ())]}
            for model in models
        ],
        "audits": [
            {**_audit(audit, names, samples.get(audit.audit)), "sql": await _sql(audit, paths.run(run_id))}
            for audit in await reader.audits(run_id)
        ],
        "changes": [_change(change, names) for change in await reader.changes(run_id)],
        "changes_since": compared.run if compared is not None else None,
        "phases": [phase.model_dump(mode="json") for phase in await reader.phases(run_id)],
        "plan": await reader.details(run_id) or None,
        "interrupted_intervals": [
            {**interval.model_dump(mode="json"), "model": names.get(interval.model, interval.model)}
            for interval in await reader.interrupted_intervals(run_id)
        ],
        "notices": [
            {"at": to_iso(notice.at), "level": notice.level, "text": notice.text}
            for notice in await reader.notices(run_id)
        ],
    }


def run_summary(run: Run, now: datetime) -> dict[str, Any]:
    """What a list of runs says of each; `duration_s` of a run that goes on is up to `now`."""
    return {
        "id": run.id,
        "name": run.name,
        "kind": run.kind,
        "status": run.status.value,
        "status_reason": run.status_reason,
        "trigger": run.trigger,
        "job": run.job,
        "job_type": run.job_type,
        "project": run.project,
        "environment": run.environment,
        "tool": run.tool,
        "tool_version": run.tool_version,
        "author": run.author,
        "branch": run.branch,
        "branch_url": branch_url(run.remote, run.branch),
        "commit": run.commit,
        "commit_url": commit_url(run.remote, run.commit),
        "commit_author": run.commit_author,
        "commit_message": run.commit_message,
        "version": run.version,
        "created_at": to_iso(run.created_at),
        "started_at": _time(run.started_at),
        "finished_at": _time(run.finished_at),
        "duration_s": run.duration_s(now),
        "hosts": [run.host] if run.host else [],
        "waits_for": run.waits_for,
        "collided_with": run.collided_with,
        "rerun_of": run.rerun_of,
        "superseded_by": run.superseded_by,
        "handling": run.handling,
        "acknowledged_by": run.acknowledged_by,
        "acknowledged_at": _time(run.acknowledged_at),
        "acknowledgement": run.acknowledgement,
        "archived": run.archived,
        "preview": run.preview,
        "built_nothing": run.built_nothing,
        "caused_by": run.caused_by,
        "scheduled_for": _time(run.scheduled_for),
        "starts_at": _time(run.starts_at),
        "attempt": run.attempt,
        "priority": run.priority,
        "trigger_note": run.trigger_note,
        "options": run.options.model_dump(mode="json", exclude_defaults=True),
        "counts": counts(run.counts),
    }


def counts(numbers: Counts) -> dict[str, dict[str, int]]:
    """How many models and audits stand where."""
    values = numbers.model_dump()
    return {
        kind: {name.removeprefix(f"{kind}_"): value for name, value in values.items() if name.startswith(f"{kind}_")}
        for kind in ("models", "audits")
    }


def names_of(graph: RunGraph, models: Sequence[ModelExecution]) -> Mapping[str, str]:
    """The names that people use, by the tool's own unique names."""
    return {node.model: node.name for node in graph.nodes} | {model.model: model.name for model in models}


def _step(step: Step, paths: WorkspacePaths, run: Run, now: datetime) -> dict[str, Any]:
    return {
        "name": step.name,
        "command": list(step.command),
        "status": step.status.value,
        "exit_code": step.exit_code,
        "started_at": to_iso(step.started_at),
        "finished_at": _time(step.finished_at),
        "duration_s": max(0.0, ((step.finished_at or now) - step.started_at).total_seconds()),
        "log": str(paths.run(run.id).folder / step.log) if step.log else None,
    }


def _model(model: ModelExecution, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": model.name,
        "unique_name": model.model,
        "kind": model.kind,
        "materialized": model.materialized,
        "status": model.status.value,
        "started_at": _time(model.started_at),
        "finished_at": _time(model.finished_at),
        "duration_s": model.duration_s,
        "rows": model.rows,
        "message": model.message,
        "error": model.error,
        "cause": names.get(model.cause, model.cause) if model.cause else None,
        "interrupted": model.interrupted,
        "depends_on": [names.get(parent, parent) for parent in model.parents],
        "intervals": [_interval(interval) for interval in model.intervals],
        "file": model.file,
    }


async def _sql(audit: Audit, files: RunPaths) -> str | None:
    """The query of an audit: told by its tool, or left by it as a file."""
    if audit.sql is not None or audit.compiled_file is None:
        return audit.sql
    try:
        return await read_run_file(files.folder, audit.compiled_file)
    except RunFileError:
        return None  # the file is gone, and with it the query


def _audit(audit: Audit, names: Mapping[str, str], sample: AuditSample | None) -> dict[str, Any]:
    return {
        "name": audit.name,
        "unique_name": audit.audit,
        "model": names.get(audit.model, audit.model) if audit.model else None,
        "arguments": audit.arguments,
        "interval_start": _time(audit.interval_start),
        "blocking": audit.blocking,
        "status": audit.status.value,
        "failures": audit.failures,
        "error": audit.error,
        "duration_s": audit.duration_s,
        "cause": names.get(audit.cause, audit.cause) if audit.cause else None,
        "samples": _sample(sample) if sample and audit.failures else [],
    }


def _sample(sample: AuditSample) -> list[dict[str, str | None]]:
    return [dict(zip(sample.columns, row, strict=False)) for row in sample.rows]


def _change(change: ModelChange, names: Mapping[str, str]) -> dict[str, Any]:
    return {"model": names.get(change.model, change.model), "change": change.change}


def _batch(batch: Batch) -> dict[str, Any]:
    return {
        "batch": batch.number,
        "of": batch.of,
        "status": batch.status.value,
        "interval": _interval(batch.interval) if batch.interval is not None else None,
        "rows": batch.rows,
        "started_at": _time(batch.started_at),
        "finished_at": _time(batch.finished_at),
        "duration_s": batch.duration_s,
    }


def _interval(interval: Interval) -> dict[str, str]:
    return {"start": to_iso(interval.start), "end": to_iso(interval.end)}


def _time(moment: datetime | None) -> str | None:
    return to_iso(moment) if moment is not None else None
