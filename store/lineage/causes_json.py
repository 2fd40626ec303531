"""The root causes of a run as JSON."""

from typing import Any

from store.clock import to_iso
from store.lineage.causes import Casualty, RootCause, RunCauses
from store.run_record import RunRecord


def causes_json(record: RunRecord, found: RunCauses) -> dict[str, Any]:
    """The sentence, the counts, and each root with what it took down."""
    return {
        "run": record.run.id,
        "status": record.run.status.value,
        "sentence": found.sentence(),
        "skipped": len(found.skipped),
        "audits": len(found.audits),
        "exposures": len(found.exposures),
        "roots": [_root_json(root) for root in found.roots],
    }


def _root_json(root: RootCause) -> dict[str, Any]:
    since = root.since
    return {
        "kind": root.kind,
        "name": root.name,
        "unique_name": root.node,
        "model": root.model,
        "error": root.error,
        "why": root.why,
        "downstream": root.downstream,
        "failing_since": None
        if since is None
        else {"run": since.run_id, "at": to_iso(since.at), "runs": since.runs, "last_good": since.last_good},
        "skipped": [_casualty_json(each) for each in root.skipped],
        "audits": [_casualty_json(each) for each in root.audits],
        "exposures": [_casualty_json(each) for each in root.exposures],
    }


def _casualty_json(each: Casualty) -> dict[str, Any]:
    return {
        "name": each.name,
        "unique_name": each.node,
        "distance": each.distance,
        "downstream": each.downstream,
    }
