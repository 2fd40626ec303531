"""Some of the rows that an audit found fault with, as they were when it ran."""

import aiosqlite

from store.models import Noun


class AuditSample(Noun):
    """At most twenty rows, each value as text (None for NULL) of at most 200 characters."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]


async def audit_samples(connection: aiosqlite.Connection, run_id: int) -> dict[str, AuditSample]:
    """Those of one run, by the audit's unique name."""
    sql = "SELECT audit, body FROM audit_samples WHERE run_id = ? ORDER BY audit"
    async with connection.execute(sql, (run_id,)) as cursor:
        return {row[0]: AuditSample.model_validate_json(row[1]) for row in await cursor.fetchall()}


async def audit_sample(connection: aiosqlite.Connection, run_id: int, audit: str) -> AuditSample | None:
    """That of one audit; None where its tool told none."""
    sql = "SELECT body FROM audit_samples WHERE run_id = ? AND audit = ?"
    async with connection.execute(sql, (run_id, audit)) as cursor:
        row = await cursor.fetchone()
    return None if row is None else AuditSample.model_validate_json(row[0])
