"""Which earlier runs a run is compared with."""

import aiosqlite

from store.models import EarlierRun
from store.status import RunStatus

_SAME_PLACE = """
    SELECT id, version, "commit", tool_version FROM runs AS earlier
    JOIN (SELECT project, environment, job FROM runs WHERE id = :run) AS this
    ON earlier.project = this.project AND earlier.environment = this.environment AND earlier.job IS this.job
    WHERE earlier.id < :run AND earlier.version IS NOT NULL"""
_GOOD = f"""earlier.status IN ('{RunStatus.COMPLETED}', '{RunStatus.PARTIAL}')
            AND NOT earlier.preview AND NOT earlier.built_nothing"""

COMPARABLE_RUN = """SELECT max(id) FROM runs
    WHERE project = ? AND environment = ? AND job IS ? AND id < ? AND graph_id IS NOT NULL"""


async def earlier_run(connection: aiosqlite.Connection, run_id: int, good: bool) -> EarlierRun | None:
    """The run before of the same job and environment whose version is recorded; with `good`, one that went well."""
    sql = f"{_SAME_PLACE}{f' AND {_GOOD}' if good else ''} ORDER BY earlier.id DESC LIMIT 1"
    async with connection.execute(sql, {"run": run_id}) as cursor:
        row = await cursor.fetchone()
    return EarlierRun(**dict(row)) if row is not None else None
