"""A workspace with a long past: as many finished runs as wanted, written in bulk."""

import sqlite3
from datetime import timedelta
from pathlib import Path

from store.clock import to_microseconds
from tests.worlds import NOW, World, build_world

_SPACING_S = 60
_BULK = """
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :runs)
INSERT INTO runs (id, kind, name, project, environment, job, job_type, status, status_reason, trigger, author, tool,
                  branch, "commit", created_at, started_at, finished_at, host, options, models_total,
                  models_succeeded, models_failed, models_skipped, audits_total, audits_passed, change)
SELECT n, iif(n % 10 = 0, 'plan', 'run'), iif(n % 3, 'nightly', 'hourly'),
       'flights', iif(n % 7, 'prod', 'staging'), iif(n % 3, 'nightly', 'hourly'), 'deploy',
       CASE WHEN n % 50 = 0 THEN 'cancelled' WHEN n % 9 = 0 THEN 'failed' ELSE 'completed' END,
       iif(n % 9, NULL, 'int_delays: Binder Error'), iif(n % 4, 'schedule', 'manual'),
       iif(n % 4, NULL, iif(n % 8, 'anna', 'ben')), 'dbt', 'main', printf('%08x', n * 2654435761 % 4294967296),
       :first + n * :spacing, :first + n * :spacing, :first + n * :spacing + (20 + n % 37) * 1000000,
       'lab-1', '{}', 23, iif(n % 9, 23, 19), iif(n % 9, 0, 1), iif(n % 9, 0, 3), 31, 31, n
FROM numbers
"""


async def many_runs(count: int, folder: Path) -> World:
    """The world `empty` with `count` finished runs, one a minute, the last a minute before `NOW`. 1M take seconds."""
    world = await build_world("empty", folder)
    spacing = _SPACING_S * 1_000_000
    first = to_microseconds(NOW - timedelta(seconds=_SPACING_S)) - count * spacing
    connection = sqlite3.connect(world.paths.database)
    try:
        with connection:
            connection.execute(_BULK, {"runs": count, "first": first, "spacing": spacing})
            connection.execute("UPDATE change_counter SET number = ?", (count,))
    finally:
        connection.close()
    return world
