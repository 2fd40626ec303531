"""The intervals of an environment that count as loaded though a run was stopped while it rewrote them."""

from collections.abc import Mapping
from itertools import groupby

import aiosqlite

from store.models import TornRun
from store.statement import Statement
from store.status import ACTIVE


def loaded_again(model: str) -> Statement:
    """What an earlier run of the environment tore of a model is whole where this run has loaded all of it again.

    Its batches do not overlap, so that an interval is covered when the parts of it add up to it.
    """
    return Statement(_LOADED_AGAIN, {"model": model})


_LOADED_AGAIN = """
    UPDATE interrupted_intervals SET repaired_by = :run
    WHERE model = :model AND repaired_by IS NULL AND run_id < :run
      AND (SELECT (project, environment) = (SELECT project, environment FROM runs WHERE id = :run)
           FROM runs WHERE id = run_id)
      AND end_at - start_at <= (
        SELECT sum(max(0, min(end_at, 1000000 * strftime('%s', value ->> '$.end'))
                          - max(start_at, 1000000 * strftime('%s', value ->> '$.start'))))
        FROM model_executions, json_each(intervals) WHERE run_id = :run AND model_executions.model = :model)"""


async def torn_now(connection: aiosqlite.Connection) -> Mapping[tuple[str, str], tuple[TornRun, ...]]:
    """By project and environment the runs that left intervals half-written, the newest first, with their models.

    Of a run that goes on it says nothing yet.
    """
    async with connection.execute(_TORN) as cursor:
        rows = await cursor.fetchall()
    return {
        (project, environment): tuple(
            TornRun(run_id=run_id, models=tuple(row[3] for row in models))
            for run_id, models in groupby(found, key=lambda row: int(row[2]))
        )
        for (project, environment), found in groupby(rows, key=lambda row: (row[0], row[1]))
    }


_TORN = f"""
    SELECT DISTINCT runs.project, runs.environment, torn.run_id,
           coalesce((SELECT name FROM model_executions AS e WHERE e.run_id = torn.run_id AND e.model = torn.model),
                    torn.model) AS name
    FROM interrupted_intervals AS torn JOIN runs ON runs.id = torn.run_id
    WHERE torn.repaired_by IS NULL AND runs.status NOT IN ({", ".join(f"'{status}'" for status in sorted(ACTIVE))})
    ORDER BY 1, 2, 3 DESC, 4"""
