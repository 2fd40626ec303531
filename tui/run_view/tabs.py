"""What stands behind the name of each tab. Values in, text out."""

from collections.abc import Sequence

from store.run_record import RunRecord


def notes(record: RunRecord, tabs: Sequence[str]) -> tuple[str, ...]:
    """How much is in each tab, in the order of `tabs`; empty where that says nothing."""
    counts = record.run.counts
    known = {"models": counts.models_total, "audits": counts.audits_total, "steps": len(record.steps)}
    return tuple(f"{known[tab]:,}" if known.get(tab) else "" for tab in tabs)
