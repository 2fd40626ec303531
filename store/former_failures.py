"""Finds the causes of failures that were recorded before there were fingerprints."""

from collections.abc import AsyncIterator

import aiosqlite

from store.failure_statements import EndedAudit, of_audit, of_model, of_run
from store.statement import Statement
from store.status import AuditStatus, ModelStatus, RunStatus


async def catch_up(connection: aiosqlite.Connection, limit: int) -> tuple[int, ...]:
    """Fingerprints the failures of at most `limit` runs, the newest that are left; which runs these were.

    Belongs into a transaction.
    """
    left = "SELECT run_id FROM runs_without_fingerprints ORDER BY run_id DESC LIMIT ?"
    async with connection.execute(left, (limit,)) as cursor:
        runs = tuple(int(row[0]) for row in await cursor.fetchall())
    for run_id in runs:
        async for statement in _statements(connection, run_id):
            await connection.execute(statement.sql, {"run": run_id} | statement.values)
        await connection.execute("DELETE FROM runs_without_fingerprints WHERE run_id = ?", (run_id,))
    return runs


async def _statements(connection: aiosqlite.Connection, run_id: int) -> AsyncIterator[Statement]:
    yield Statement("DELETE FROM failures WHERE run_id = :run")
    async with connection.execute(_MODELS, (run_id,)) as cursor:
        for model, status, error in await cursor.fetchall():
            for statement in of_model(model, ModelStatus(status), error):
                yield statement
    async with connection.execute(_AUDITS, (run_id,)) as cursor:
        for audit, name, model, status, error, interval_start in await cursor.fetchall():
            for statement in of_audit(EndedAudit(audit, name, model, AuditStatus(status), error, interval_start)):
                yield statement
    async with connection.execute("SELECT status, status_reason FROM runs WHERE id = ?", (run_id,)) as cursor:
        for status, reason in await cursor.fetchall():
            for statement in of_run(RunStatus(status), reason):
                yield statement


_MODELS = f"""SELECT model, status, error FROM model_executions
              WHERE run_id = ? AND status = '{ModelStatus.FAILED}'"""

_AUDITS = f"""SELECT audit, name, model, status, error, interval_start FROM audits
              WHERE run_id = ? AND status IN ('{AuditStatus.FAILED}', '{AuditStatus.ERROR}')"""
