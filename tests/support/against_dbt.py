"""Holds a run's record against dbt's own, node by node."""

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from store.models import Audit, ModelExecution
from store.paths import RunPaths

MODEL_STATUSES = {
    "success": "succeeded",
    "no-op": "succeeded",
    "error": "failed",
    "partial success": "failed",
    "skipped": "skipped",
}
AUDIT_STATUSES = {"pass": "passed", "warn": "warned", "fail": "failed", "error": "error", "skipped": "skipped"}
_AUDITS = ("test", "unit_test")
_NEITHER = ("operation", "exposure", "saved_query")
"""dbt lists these among its results; they are no models and no checks."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many nodes dbt had by kind and status, and a line for each in which Runroom differs."""

    counts: Counter[str]
    differences: list[str]


def compare(files: RunPaths, models: list[ModelExecution], audits: list[Audit]) -> Comparison:
    """Compares the statuses of all nodes, errors of failed ones, and what tests found."""
    listed = json.loads((files.target / "run_results.json").read_bytes())["results"]
    theirs = {result["unique_id"]: result for result in listed if _kind(result) not in _NEITHER}
    ours: dict[str, ModelExecution | Audit] = {model.model: model for model in models}
    ours |= {audit.audit: audit for audit in audits}
    differences = [f"{node}: only dbt knows it" for node in theirs.keys() - ours.keys()]
    differences += [f"{node}: only Runroom knows it" for node in ours.keys() - theirs.keys()]
    if len(models) + len(audits) != len(ours):
        differences.append("Runroom has a node twice")
    for node in theirs.keys() & ours.keys():
        differences += [f"{node}: {problem}" for problem in _differences(theirs[node], ours[node])]
    counts = Counter(f"{_kind(result)} {result['status']}" for result in theirs.values())
    return Comparison(counts, sorted(differences))


def _kind(result: dict[str, Any]) -> str:
    return str(result["unique_id"]).partition(".")[0]


def _differences(theirs: dict[str, Any], ours: ModelExecution | Audit) -> list[str]:
    statuses = AUDIT_STATUSES if _kind(theirs) in _AUDITS else MODEL_STATUSES
    found = []
    if ours.status != statuses[theirs["status"]]:
        found.append(f"dbt says {theirs['status']}, Runroom {ours.status}")
    if theirs["status"] in ("error", "fail", "warn") and ours.error != theirs["message"]:
        found.append(f"dbt's message is {theirs['message']!r}, Runroom's {ours.error!r}")
    if isinstance(ours, Audit) and theirs["status"] in ("pass", "fail", "warn") and ours.failures != theirs["failures"]:
        found.append(f"dbt counts {theirs['failures']} failures, Runroom {ours.failures}")
    return found
