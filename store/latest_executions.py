"""What fails now in an environment: the models and blocking audits whose latest execution there failed.

The table `latest_executions` has each with how it fared last, over all runs; it is kept by what the events of runs say.
Runs of ci requests build apart from the environment, and say nothing of it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

import aiosqlite

from store.models import FailingNode
from store.statement import Statement
from store.status import AuditStatus, ModelStatus
from store.superseding import is_isolated

_OF_THE_ENVIRONMENT = f"NOT preview AND NOT ({is_isolated('runs')})"

# Of two runs at once, what ended later counts; within one run, what it told later.
_RECORD = f"""
    INSERT INTO latest_executions (project, environment, kind, node, name, failed, at, run_id)
    SELECT project, environment, :kind, :node,
           coalesce((SELECT name FROM model_executions WHERE run_id = :run AND model = :node), :name),
           :failed, :at, :run
    FROM runs WHERE id = :run AND {_OF_THE_ENVIRONMENT}
    ON CONFLICT DO UPDATE SET name = excluded.name, at = excluded.at, run_id = excluded.run_id,
        failed = CASE WHEN :of_interval AND excluded.run_id = run_id THEN max(failed, excluded.failed)
                      ELSE excluded.failed END
    WHERE excluded.run_id = run_id OR excluded.at >= at"""

_FORGET = f"""
    DELETE FROM latest_executions
    WHERE failed = 1 AND (project, environment) =
          (SELECT project, environment FROM runs WHERE id = :run AND {_OF_THE_ENVIRONMENT})
    AND node NOT IN (SELECT value FROM json_each(:nodes))"""


def of_model(model: str, status: ModelStatus) -> Iterator[Statement]:
    """A model ended; one that was skipped or cancelled was not executed."""
    if status in (ModelStatus.SUCCEEDED, ModelStatus.FAILED):
        name = model.rsplit(".", 1)[-1].strip('"')
        failed = status is ModelStatus.FAILED
        yield Statement(_RECORD, {"kind": "model", "node": model, "name": name, "failed": failed, "of_interval": False})


def of_audit(audit: str, name: str, status: AuditStatus, blocking: bool, of_interval: bool) -> Iterator[Statement]:
    """An audit ended. Of one that is executed for each interval, one failure makes the run a bad one."""
    if status is not AuditStatus.SKIPPED:
        failed = blocking and status in (AuditStatus.FAILED, AuditStatus.ERROR)
        values = {"kind": "audit", "node": audit, "name": name, "failed": failed, "of_interval": of_interval}
        yield Statement(_RECORD, values)


def of_graph(nodes: Iterable[str]) -> Iterator[Statement]:
    """The project has these models and audits: what it has no more does not fail."""
    if known := sorted(nodes):
        yield Statement(_FORGET, {"nodes": json.dumps(known)})


async def failing_now(connection: aiosqlite.Connection) -> Mapping[tuple[str, str], tuple[FailingNode, ...]]:
    """By project and environment what fails there now, models before audits, what failed last first."""
    async with connection.execute(_FAILING) as cursor:
        rows = await cursor.fetchall()
    return {
        (project, environment): tuple(FailingNode(kind=row[2], name=row[3], run_id=row[4]) for row in found)
        for (project, environment), found in groupby(rows, key=lambda row: (row[0], row[1]))
    }


_FAILING = """SELECT project, environment, kind, name, run_id FROM latest_executions WHERE failed = 1
              ORDER BY project, environment, kind DESC, run_id DESC, name"""


async def delete_run(connection: aiosqlite.Connection, run_id: int) -> None:
    """Deletes a run; of what it was the latest to execute, the executions before count again."""
    async with connection.execute(_NODES_OF_RUN, (run_id,)) as cursor:
        nodes = [dict(row) for row in await cursor.fetchall()]
    await connection.execute("DELETE FROM runs WHERE id = ?", (run_id,))
    for node in nodes:
        await connection.execute(_BEFORE[node["kind"]], node | {"looked_at": _RUNS_LOOKED_AT})


_RUNS_LOOKED_AT = 1_000
"""How many runs of the environment back an execution is looked for: a bound on what is read."""

_NODES_OF_RUN = "SELECT project, environment, kind, node FROM latest_executions WHERE run_id = ?"
_PLACE = f"""SELECT id FROM runs WHERE project = :project AND environment = :environment AND {_OF_THE_ENVIRONMENT}
             ORDER BY id DESC LIMIT :looked_at"""
_BEFORE = {
    "model": f"""
        INSERT INTO latest_executions (project, environment, kind, node, name, failed, at, run_id)
        SELECT :project, :environment, :kind, :node, name, status = 'failed', coalesce(finished_at, 0), run_id
        FROM model_executions WHERE model = :node AND run_id IN ({_PLACE}) AND status IN ('succeeded', 'failed')
        ORDER BY run_id DESC LIMIT 1""",
    "audit": f"""
        INSERT INTO latest_executions (project, environment, kind, node, name, failed, at, run_id)
        SELECT :project, :environment, :kind, :node, max(name), max(blocking AND status IN ('failed', 'error')),
               max(finished_at), run_id
        FROM audits WHERE audit = :node AND run_id IN ({_PLACE}) AND status != 'skipped'
        GROUP BY run_id ORDER BY run_id DESC LIMIT 1""",
}
