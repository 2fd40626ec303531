"""SQLMesh's objects as JSON."""

from __future__ import annotations  # the project's Python may be as old as 3.9

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from .values import Span, error_text, iso, iso_ms, merged, spans_json, sqlmesh

CORRELATION = re.compile(r"^/\* SQLMESH_\w+: \w+ \*/ ")
"""The comment by which SQLMesh marks its statements with the run that they belong to."""


def audit_arguments(arguments: Mapping[Any, Any]) -> dict[str, str]:
    return {
        str(key): value.sql() if hasattr(value, "sql") else str(value)
        for key, value in arguments.items()
        if key != "blocking"
    }


def audit_blocks(audit: Any, arguments: Mapping[Any, Any]) -> bool:
    """A model's `blocking` argument overrides the audit's own setting."""
    override = arguments.get("blocking")
    return bool(audit.blocking) if override is None else str(override).lower() == "true"


def model_audits(node: Any) -> list[dict[str, Any]]:
    return [
        {"audit": audit.name, "arguments": audit_arguments(given), "blocking": audit_blocks(audit, given)}
        for audit, given in node.audits_with_args
    ]


def model_columns(model: Any) -> list[dict[str, Any]]:
    descriptions = model.column_descriptions or {}
    return [
        {"name": name, "type": kind.sql(dialect=model.dialect), "description": descriptions.get(name)}
        for name, kind in (model.columns_to_types or {}).items()
    ]


def relative_file(path: Any, project: Path) -> str | None:
    if not path or str(path) in ("", "."):
        return None
    file = Path(path)
    return str(file.relative_to(project)) if file.is_relative_to(project) else str(file)


def node_json(node: Any, project: Path, with_columns: bool) -> dict[str, Any]:
    """One model or standalone audit of the graph.

    Columns are left out unless the project was loaded: working them out for each model takes longer than a run
    with nothing to do.
    """
    is_model = hasattr(node, "kind")
    return {
        "model": node.fqn,
        "name": node.name,
        "node_type": "model" if is_model else "audit",
        "kind": node.kind.name.value if is_model else "STANDALONE_AUDIT",
        "source": str(getattr(node, "source_type", "")) or None,
        "parents": sorted(node.depends_on),
        "columns": model_columns(node) if is_model and with_columns else None,
        "file": relative_file(getattr(node, "_path", None), project),
        "cron": node.cron,
        "interval_unit": node.interval_unit.value,
        "start": str(node.start) if node.start else None,
        "owner": node.owner,
        "tags": list(node.tags),
        "description": node.description,
        "dialect": node.dialect,
        "gateway": getattr(node, "gateway", None),
        "batch_size": node.batch_size if is_model else None,
        "audits": model_audits(node) if is_model else [],
    }


def graph_json(nodes: Iterable[Any], project: Path, with_columns: bool) -> list[dict[str, Any]]:
    return [node_json(node, project, with_columns) for node in nodes]


def environment_json(environment: Any, production: Any | None) -> dict[str, Any]:
    """An environment's record. `difference` counts its models against production's, None for production itself."""
    return {
        "environment": environment.name,
        "plan_id": environment.plan_id,
        "previous_plan_id": environment.previous_plan_id,
        "finalised_at": iso_ms(environment.finalized_ts),
        "unfinalised": environment.finalized_ts is None,
        "expires_at": iso_ms(environment.expiration_ts),
        "expired": bool(environment.expired),
        "models": sum(1 for snapshot in environment.promoted_snapshots if snapshot.is_model),
        "models_known": sum(1 for snapshot in environment.snapshots if snapshot.is_model),
        "difference": difference_json(environment, production),
    }


def difference_json(environment: Any, production: Any | None) -> dict[str, int] | None:
    if production is None or environment.name == production.name:
        return None
    here = {snapshot.name: snapshot.identifier for snapshot in environment.snapshots if snapshot.is_model}
    there = {snapshot.name: snapshot.identifier for snapshot in production.snapshots if snapshot.is_model}
    common = here.keys() & there.keys()
    return {
        "added": len(here.keys() - there.keys()),
        "removed": len(there.keys() - here.keys()),
        "modified": sum(1 for name in common if here[name] != there[name]),
        "same": sum(1 for name in common if here[name] == there[name]),
    }


def freshness(node: Any, missing: Collection[Span], now: datetime) -> str:
    """`complete`: nothing is due. `pending`: only what the latest tick of the cron made due. `behind`: older."""
    if not missing:
        return "complete"
    latest_tick = node.cron_floor(now)
    previous_tick_ms = int(node.cron_prev(latest_tick).timestamp() * 1000)
    return "behind" if any(end <= previous_tick_ms for _, end in missing) else "pending"


def intervals_json(snapshot: Any, loaded: list[Span], missing: list[Span], now: datetime) -> dict[str, Any]:
    node = snapshot.node
    has_data = snapshot.evaluatable and not snapshot.is_symbolic
    return {
        "model": snapshot.name,
        "name": node.name,
        "cron": node.cron,
        "interval_unit": node.interval_unit.value,
        "loaded": spans_json(merged(loaded)),
        "missing": spans_json(merged(missing)),
        "missing_count": len(missing),
        "freshness": freshness(node, missing, now) if has_data else None,
        "next_at": iso(node.cron_next(now)) if is_scheduled(snapshot, now) else None,
        "version": snapshot.version,
        "snapshot": snapshot.identifier,
    }


def is_scheduled(snapshot: Any, now: datetime) -> bool:
    """Whether the snapshot's cron will make it due again."""
    node = snapshot.node
    if not snapshot.is_model or snapshot.is_symbolic or snapshot.is_seed:
        return False
    return not node.end or sqlmesh("utils.date").to_datetime(node.end) > now


def next_due(snapshots: Iterable[Any], now: datetime) -> list[dict[str, Any]]:
    """When each scheduled model is due next, soonest first."""
    due = [(snapshot.node.cron_next(now), snapshot) for snapshot in snapshots if is_scheduled(snapshot, now)]
    due.sort(key=lambda entry: (entry[0], entry[1].name))
    return [{"model": each.name, "name": each.node.name, "at": iso(at)} for at, each in due]


def failure_json(error: BaseException, sql: str | None) -> dict[str, Any]:
    """A batch's error as people should read it: the project's own, not SQLMesh's wrapping of it."""
    audits = getattr(error, "errors", None)
    if audits and hasattr(audits[0], "audit_name"):
        names = ", ".join(f"{each.audit_name} ({each.count} rows)" for each in audits)
        return {"kind": "audit", "error": f"Blocking audit failed: {names}", "sql": None}
    plain_sql = CORRELATION.sub("", sql) if sql else None
    return {"kind": type(error).__name__, "error": error_text(error), "sql": plain_sql}
