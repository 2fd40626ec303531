"""What a plan changes and loads."""

from __future__ import annotations  # the project's Python may be as old as 3.9

import hashlib
import importlib
from collections.abc import Iterable, Mapping
from typing import Any

from .values import iso_ms, merged, spans_json, sqlmesh


def category_of(snapshot: Any) -> str | None:
    if snapshot.is_forward_only and snapshot.change_category is not None:
        return "forward_only"
    return snapshot.change_category.name.lower() if snapshot.change_category is not None else None


def canonical(node: Any) -> list[str]:
    """A node's definition as parsed: without comments, spacing or the case of keywords and of plain identifiers."""
    normalize = importlib.import_module("sqlglot.optimizer.normalize_identifiers").normalize_identifiers
    query_class = importlib.import_module("sqlglot.expressions").Query
    parts = []
    for expression in node.render_definition():
        part = normalize(expression.copy(), dialect=node.dialect) if isinstance(expression, query_class) else expression
        parts.append(part.sql(dialect=node.dialect, comments=False))
    return parts


class Difference:
    """What a plan changes, model by model."""

    def __init__(self, plan: Any) -> None:
        self._plan = plan
        self._diff = plan.context_diff
        self._modified: dict[str, tuple[Any, Any]] = dict(self._diff.modified_snapshots)
        self._formatting: dict[str, bool] = {}

    def changes(self) -> list[dict[str, Any]]:
        added = [self._added(self._diff.snapshots[each]) for each in sorted(self._diff.added)]
        removed = [self._removed(each) for _, each in sorted(self._diff.removed_snapshots.items())]
        return [*added, *removed, *(self._changed(name) for name in sorted(self._modified))]

    def _added(self, snapshot: Any) -> dict[str, Any]:
        return self._change(snapshot.name, snapshot.node.name, "added")

    def _removed(self, info: Any) -> dict[str, Any]:
        return self._change(info.name, info.name.replace('"', ""), "removed")

    def _changed(self, name: str) -> dict[str, Any]:
        new, _ = self._modified[name]
        if self._diff.directly_modified(name):
            kind = "directly_modified"
        else:
            kind = "indirectly_modified" if self._diff.indirectly_modified(name) else "metadata"
        return self._change(
            name,
            new.node.name,
            kind,
            category=category_of(new),
            formatting_only=self._is_formatting(name),
            text_diff=self._diff.text_diff(name),
            caused_by=[] if self._is_own(name) else sorted(self._causes(name)),
        )

    @staticmethod
    def _change(model: str, name: str, change: str, **more: Any) -> dict[str, Any]:
        empty: dict[str, Any] = {"category": None, "formatting_only": False, "text_diff": "", "caused_by": []}
        return {"model": model, "name": name, "change": change, **empty, **more}

    def _is_own(self, name: str) -> bool:
        """Whether the node itself differs, and not only what it builds on."""
        new, old = (snapshot.fingerprint for snapshot in self._modified[name])
        return bool(new.data_hash != old.data_hash or new.metadata_hash != old.metadata_hash)

    def _modified_parents(self, name: str) -> set[str]:
        return {parent.name for parent in self._modified[name][0].parents if parent.name in self._modified}

    def _is_formatting(self, name: str) -> bool:
        """Decided on parsed SQL: SQLMesh calls spaces and comments inside a query a change of metadata."""
        if name not in self._formatting:
            new, old = self._modified[name]
            same = not self._is_own(name) or canonical(new.node) == canonical(old.node)
            parents_same = all(self._is_formatting(parent) for parent in self._modified_parents(name))
            self._formatting[name] = same and parents_same
        return self._formatting[name]

    def _causes(self, name: str) -> set[str]:
        """The nearest upstream nodes that differ themselves."""
        causes: set[str] = set()
        for parent in self._modified_parents(name):
            causes |= {parent} if self._is_own(parent) else self._causes(parent)
        return causes

    def backfills(self) -> list[dict[str, Any]]:
        if self._plan.skip_backfill or self._plan.empty_backfill:
            return []
        return [self._backfill(missing) for missing in self._plan.missing_intervals]

    def _backfill(self, missing: Any) -> dict[str, Any]:
        snapshot = self._plan.snapshots[missing.snapshot_id]
        size = snapshot.node.batch_size
        spans = merged(missing.intervals)
        unit_ms = snapshot.node.interval_unit.milliseconds
        batches = sum(-(-(end - start) // (unit_ms * size)) for start, end in spans) if size else len(spans)
        return {
            "model": snapshot.name,
            "name": snapshot.node.name,
            "intervals": spans_json(spans),
            "batches": batches,
            "restating": missing.snapshot_id in self._plan.restatements,
        }

    def fingerprint(self, changes: Iterable[Mapping[str, Any]]) -> str:
        """The same for as long as a plan would change and restate the same, whatever the time of day."""
        diff = self._diff
        lines = [f"{each['change']} {each['model']} {each['category']}" for each in changes]
        lines += [f"{snapshot_id.name} {snapshot_id.identifier}" for snapshot_id in diff.snapshots]
        lines += [f"restate {each.name}" for each in self._plan.restatements]
        text = "\n".join([diff.environment, *sorted(lines)])
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def summary(self, changes: list[dict[str, Any]], backfills: list[dict[str, Any]]) -> dict[str, Any]:
        plan, diff = self._plan, self._diff
        kinds = ("added", "removed", "directly_modified", "indirectly_modified", "metadata")
        counts = {kind: sum(1 for each in changes if each["change"] == kind) for kind in kinds}
        return {
            "environment": diff.environment,
            "plan_id": plan.plan_id,
            "previous_plan_id": plan.previous_plan_id,
            "fingerprint": self.fingerprint(changes),
            "new_environment": diff.is_new_environment,
            "created_from": diff.create_from if diff.is_new_environment and diff.create_from_env_exists else None,
            "unfinalised": diff.is_unfinalized_environment,
            "has_changes": plan.has_changes,
            "requires_backfill": plan.requires_backfill,
            "nothing_to_do": is_idle(plan),
            "forward_only": plan.forward_only,
            "restating": sorted(each.name for each in plan.restatements),
            "uncategorised": [snapshot.name for snapshot in plan.uncategorized],
            "environment_statements_changed": diff.has_environment_statements_changes,
            "requirements_changed": diff.has_requirement_changes,
            "start": iso_ms(sqlmesh("utils.date").to_timestamp(plan.start)),
            "end": iso_ms(sqlmesh("utils.date").to_timestamp(plan.end)),
            "counts": {
                **counts,
                "formatting_only": sum(1 for each in changes if each["formatting_only"]),
                "backfill_models": len(backfills),
                "backfill_batches": sum(each["batches"] for each in backfills),
            },
        }


def is_idle(plan: Any) -> bool:
    return not (plan.has_changes or plan.requires_backfill or plan.has_unmodified_unpromoted)
