"""A comparison of runs as JSON."""

from datetime import datetime
from typing import Any

from store.comparison.compared import Cell, Comparison
from store.run_json import run_summary


def comparison_json(found: Comparison, now: datetime) -> dict[str, Any]:
    """The runs with their figures, and every model and audit with how it ended in each of them."""
    return {
        "runs": [
            {
                **run_summary(card.run, now),
                "rows": card.rows,
                "failures": card.failures,
                "best": sorted(card.best),
            }
            for card in found.cards
        ],
        "rows": [
            {
                "kind": row.kind,
                "name": row.name,
                "unique_name": row.node,
                "differs": row.differs,
                "definition": row.definition,
                "runs": [_cell(cell) for cell in row.cells],
            }
            for row in found.rows
        ],
    }


def _cell(cell: Cell | None) -> dict[str, Any] | None:
    if cell is None:
        return None
    return {
        "status": cell.status.value,
        "duration_s": cell.duration_s,
        "rows": cell.rows,
        "failures": cell.failures,
        "error": cell.error,
        "redefined": cell.definition == "changed",
        "definition": cell.definition,
    }
