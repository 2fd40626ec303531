"""Failing rows of an audit, as a tool told them, for the record."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from store.events import AuditSampled

MOST_ROWS = 20
LONGEST_VALUE = 200
"""Characters."""

_MOST_COLUMNS = 50


def audit_sampled(audit: str, said: Any, at: datetime) -> list[AuditSampled]:
    """The event for `{"columns": […], "rows": [[…], …]}`, cut to what is worth keeping; none for anything else."""
    columns, rows = _listed(said, "columns"), _listed(said, "rows")
    if not columns or not rows:
        return []
    return [
        AuditSampled(
            ts=at,
            audit=audit,
            columns=tuple(_cut(str(column)) for column in columns[:_MOST_COLUMNS]),
            rows=tuple(_row(row) for row in rows[:MOST_ROWS] if isinstance(row, list)),
        )
    ]


def _listed(said: Any, name: str) -> list[Any]:
    value = said.get(name) if isinstance(said, dict) else None
    return value if isinstance(value, list) else []


def _row(row: Sequence[Any]) -> tuple[str | None, ...]:
    return tuple(None if value is None else _cut(str(value)) for value in row[:_MOST_COLUMNS])


def _cut(text: str) -> str:
    # Halves of surrogate pairs, which nothing can write, come of bytes that are no UTF-8.
    encodable = text.encode("utf-8", "replace").decode("utf-8")
    return encodable if len(encodable) <= LONGEST_VALUE else f"{encodable[: LONGEST_VALUE - 1]}…"
