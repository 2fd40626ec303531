"""Some of the rows that an audit finds fault with: SQLMesh counts them, and stores none."""

from __future__ import annotations  # the project's Python may be as old as 3.9

import logging
from typing import Any

from .values import sqlmesh

log = logging.getLogger("runroom.bridge")

MOST_ROWS = 20
LONGEST_VALUE = 200


def failing_rows(evaluator: Any, snapshot: Any, query: Any) -> dict[str, Any] | None:
    """Asks for them over the connection that the audit has just used; None where that does not work."""
    try:
        select = sqlmesh("core.dialect").exp.select
        adapter = evaluator.get_adapter(snapshot.model_gateway)
        wanted = select("*").from_(query.copy().subquery("audit")).limit(MOST_ROWS)
        rows = adapter.fetchall(wanted, quote_identifiers=True)
        columns = [str(column[0]) for column in adapter.cursor.description]
    except Exception as error:  # noqa: BLE001 every database has errors of its own; the audit has been judged
        log.debug("the failing rows of an audit on %s cannot be read: %s", snapshot.name, error)
        return None
    return {"columns": columns, "rows": [[_shortened(value) for value in row] for row in rows]}


def _shortened(value: Any) -> str | None:
    # One more than is kept, so that who keeps it sees that there was more.
    return None if value is None else str(value)[: LONGEST_VALUE + 1]
