"""What people did about runs: acknowledged them, put them into the archive, deleted them; and what is left to do."""

from datetime import datetime
from typing import Literal

import aiosqlite

from store.clock import from_microseconds, to_iso, to_microseconds
from store.models import Noun

ActionName = Literal[
    "start",
    "cancel",
    "rerun",
    "repair",
    "rename",
    "acknowledge",
    "unacknowledge",
    "archive",
    "unarchive",
    "delete",
    "undelete",
    "restore",
    "pin",
    "pause",
    "resume",
    "create_token",
    "revoke_token",
]


class Action(Noun):
    """Something that somebody did.

    `detail` is the note of an acknowledgement, a new name, what a re-run repeats, the name of a token, or a job that is
    paused, with the reason.
    """

    at: datetime
    author: str | None = None
    action: ActionName
    run_id: int | None = None
    detail: str | None = None


def action_json(action: Action) -> dict[str, object]:
    """As the command line and the API print it."""
    return {**action.model_dump(mode="json"), "at": to_iso(action.at)}


async def record(connection: aiosqlite.Connection, action: Action, change: int) -> None:
    """Writes it down, once however often it is told, and what it does to the run."""
    at = to_microseconds(action.at)
    await connection.execute(
        """INSERT INTO actions (at, author, action, run_id, detail) SELECT ?1, ?2, ?3, ?4, ?5
           WHERE NOT EXISTS (SELECT 1 FROM actions WHERE run_id IS ?4 AND at = ?1 AND action = ?3 AND detail IS ?5)""",
        (at, action.author, action.action, action.run_id, action.detail),
    )
    if (effect := _EFFECTS.get(action.action)) is not None:
        values = {"run": action.run_id, "at": at, "author": action.author, "note": action.detail, "change": change}
        await connection.execute(f"UPDATE runs SET {effect}, change = :change WHERE id = :run", values)


class TriageReads:
    """What the record says of it."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def actions(self, limit: int, run_id: int | None = None) -> list[Action]:
        """The last actions, those on one run or all, newest first."""
        sql = """SELECT at, author, action, run_id, detail FROM actions
                 WHERE ?1 IS NULL OR run_id = ?1 ORDER BY at DESC, id DESC LIMIT ?2"""
        async with self._connection.execute(sql, (run_id, limit)) as cursor:
            return [Action(**{**dict(row), "at": from_microseconds(row["at"])}) async for row in cursor]

    async def unhandled(self) -> dict[tuple[str, str], int]:
        """By project and environment, how many failed runs nobody has acknowledged and no later success made good."""
        async with self._connection.execute(_UNHANDLED) as cursor:
            return {(row[0], row[1]): int(row[2]) async for row in cursor}


_EFFECTS: dict[ActionName, str] = {
    "acknowledge": "acknowledged_at = :at, acknowledged_by = :author, acknowledgement = :note",
    "unacknowledge": "acknowledged_at = NULL, acknowledged_by = NULL, acknowledgement = NULL",
    "archive": "archived = 1",
    "unarchive": "archived = 0",
}

_UNHANDLED = """SELECT project, environment, sum(runs) FROM run_counts JOIN run_facets USING (facet)
                WHERE status IN ('failed', 'error') AND NOT superseded AND NOT acknowledged AND NOT archived
                AND NOT preview GROUP BY project, environment"""
