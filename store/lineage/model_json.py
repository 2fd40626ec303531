"""A model as JSON. Times are ISO 8601 in UTC, durations seconds."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from store.clock import to_iso
from store.events import Interval
from store.history import PastExecution
from store.lineage.column_lineage import ColumnStep, ColumnTrace, direct_sources
from store.lineage.definition_changes import DefinitionChange
from store.lineage.impact import Relative
from store.lineage.model_facts import ModelFacts
from store.lineage.overview import PastRun
from store.lineage.schema import SchemaColumn


def model_json(facts: ModelFacts) -> dict[str, Any]:
    """All of it."""
    node, execution = facts.overview.node, facts.overview.execution
    return {
        "run": facts.record.run.id,
        "name": node.name,
        "unique_name": node.model,
        "kind": node.kind,
        "materialized": node.materialized,
        "relation": node.relation,
        "file": node.file,
        "description": node.description,
        "owner": node.owner,
        "tags": list(node.tags),
        "status": execution.status.value if execution else None,
        "duration_s": execution.duration_s if execution else None,
        "usual_duration_s": facts.overview.usual_s,
        "rows": execution.rows if execution else None,
        "error": execution.error if execution else None,
        "history": _history(facts),
        "upstream": [_relative(each) for each in facts.impact.upstream],
        "downstream": [_relative(each) for each in facts.impact.downstream],
        "stale": [each.node for each in facts.impact.stale],
        "columns": [_column(facts, each) for each in facts.schema.columns],
        "columns_against": facts.schema.against,
        "columns_note": facts.schema.note,
        "definition": _definition(facts),
        "intervals": _intervals(facts),
    }


def _history(facts: ModelFacts) -> dict[str, Any]:
    overview = facts.overview
    return {
        "executions": [_past(each) for each in overview.durations],
        "runs": [_past_run(each) for each in overview.runs],
        "plans": [_past_run(each) for each in overview.plans],
        "previous": _past_run(overview.previous) if overview.previous else None,
        "last_plan": _past_run(overview.last_plan) if overview.last_plan else None,
        "next_at": _time(overview.next_at),
        "schedule": overview.schedule,
    }


def _past(past: PastExecution) -> dict[str, Any]:
    return {
        "run": past.run_id,
        "status": past.status.value,
        "started_at": _time(past.started_at),
        "duration_s": past.duration_s,
        "rows": past.rows,
    }


def _past_run(past: PastRun) -> dict[str, Any]:
    return {
        "run": past.run.id,
        "status": past.run.status.value,
        "created_at": to_iso(past.run.created_at),
        "model_status": past.execution.status.value if past.execution else None,
        "model_duration_s": past.execution.duration_s if past.execution else None,
    }


def _relative(each: Relative) -> dict[str, Any]:
    return {
        "name": each.name,
        "unique_name": each.node,
        "kind": each.kind,
        "distance": each.distance,
        "status": each.status.value if each.status else None,
        "duration_s": each.duration_s,
        "downstream": each.downstream,
        "audits": each.audits,
        "failed_audits": each.failed_audits,
        "stale": each.stale,
    }


def _column(facts: ModelFacts, column: SchemaColumn) -> dict[str, Any]:
    sources = direct_sources(facts.columns, column.name)
    return {
        "name": column.name,
        "type": column.type,
        "description": column.description,
        "inferred": column.inferred,
        "change": column.change,
        "former_type": column.former_type,
        "sources": [{"model": node, "column": name} for node, name in sources],
    }


def _definition(facts: ModelFacts) -> dict[str, Any]:
    told = facts.definition
    return {
        "run": told.definition.run_id,
        "language": told.definition.language,
        "dialect": told.definition.dialect,
        "source": told.definition.source,
        "compiled": told.definition.compiled,
        "statement": told.definition.statement,
        "note": told.definition.note,
        "against_previous": _change(told.previous),
        "against_last_good": _change(told.last_good),
    }


def _change(change: DefinitionChange | None) -> dict[str, Any] | None:
    if change is None:
        return None
    return {
        "run": change.run_id,
        "difference": change.kind,
        "source_diff": list(change.source.lines),
        "compiled_diff": list(change.compiled.lines),
    }


def _intervals(facts: ModelFacts) -> dict[str, Any]:
    times = facts.times
    return {
        "processed": _spans(times.processed),
        "loaded": _spans(times.loaded),
        "missing": _spans(times.missing),
        "missing_count": times.missing_count,
        "interrupted": _spans(times.interrupted),
        "freshness": times.freshness,
        "read_at": _time(times.read_at),
    }


def _spans(intervals: Iterable[Interval]) -> list[dict[str, str]]:
    return [{"start": to_iso(each.start), "end": to_iso(each.end)} for each in intervals]


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else to_iso(moment)


def trace_json(trace: ColumnTrace) -> dict[str, Any]:
    """A column with its sources and its users: columns made of it, and models that need it for something else."""
    return {
        "model": trace.node,
        "column": trace.column,
        "type": trace.type,
        "sources": [_step_json(each) for each in trace.sources],
        "users": [_step_json(each) for each in trace.users],
        "used_in": [
            {"model": each.node, "name": each.name, "to": list(each.ways), "distance": each.distance}
            for each in trace.used_in
        ],
        "unread": list(trace.unread),
    }


def _step_json(step: ColumnStep) -> dict[str, Any]:
    return {"model": step.node, "name": step.name, "column": step.column, "distance": step.distance}
