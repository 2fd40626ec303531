"""What people were told of runs, and what they are still to be told."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row
from typing import Any, Literal

import aiosqlite

from store.clock import from_microseconds, to_iso, to_microseconds
from store.models import Run
from store.status import TERMINAL

Occasion = Literal["failure", "recovery", "long_running", "missed"]

MOST_ATTEMPTS = 6
"""How often a message is tried to be delivered."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A message for one channel. `causes` are the fingerprints of what failed; it goes out at `due_at`, not before."""

    channel: str
    occasion: Occasion
    run_id: int
    project: str
    environment: str
    causes: tuple[str, ...]
    title: str
    body: str
    created_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Notification:
    """A message as it is recorded. `problem` says why it was not delivered the last time that it was tried."""

    id: int
    draft: Draft
    attempts: int
    sent_at: datetime | None
    problem: str | None


def notification_json(each: Notification) -> dict[str, Any]:
    """A message as JSON, its times in ISO 8601."""
    draft = each.draft
    return {
        "channel": draft.channel,
        "occasion": draft.occasion,
        "run": draft.run_id,
        "title": draft.title,
        "body": draft.body,
        "causes": list(draft.causes),
        "created_at": to_iso(draft.created_at),
        "due_at": to_iso(draft.due_at),
        "sent_at": to_iso(each.sent_at) if each.sent_at else None,
        "attempts": each.attempts,
        "problem": each.problem,
    }


async def add(connection: aiosqlite.Connection, drafts: Sequence[Draft]) -> None:
    """Records messages; of one channel, occasion and run there is one at most."""
    sql = """INSERT OR IGNORE INTO notifications
             (channel, occasion, run_id, project, environment, causes, title, body, created_at, due_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
    await connection.executemany(sql, [_values(draft) for draft in drafts])


def _values(draft: Draft) -> tuple[object, ...]:
    return (
        draft.channel,
        draft.occasion,
        draft.run_id,
        draft.project,
        draft.environment,
        json.dumps(draft.causes),
        draft.title,
        draft.body,
        to_microseconds(draft.created_at),
        to_microseconds(draft.due_at),
    )


async def mark_sent(connection: aiosqlite.Connection, number: int, sent_at: datetime) -> None:
    """The message arrived where it was sent to."""
    sql = "UPDATE notifications SET sent_at = ?, attempts = attempts + 1, problem = NULL WHERE id = ?"
    await connection.execute(sql, (to_microseconds(sent_at), number))


async def mark_failed(connection: aiosqlite.Connection, number: int, problem: str, again_at: datetime) -> None:
    """The message did not arrive; it is tried again at `again_at`, unless it was tried `MOST_ATTEMPTS` times."""
    sql = "UPDATE notifications SET attempts = attempts + 1, problem = ?, due_at = ? WHERE id = ?"
    await connection.execute(sql, (problem, to_microseconds(again_at), number))


class NotificationReads:
    """What the record says of messages."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def untold(self) -> list[int]:
        """The runs that are over, and of which it is not decided yet whether anybody is told.

        What follows them is decided: of a run that is tried again nobody needs to hear yet.
        """
        async with self._connection.execute(_UNTOLD) as cursor:
            return [int(row[0]) async for row in cursor]

    async def due(self, now: datetime) -> list[Notification]:
        """The messages that are to go out now, the oldest first."""
        sql = f"{_SELECT} WHERE {_UNSENT} AND due_at <= ? ORDER BY id"
        async with self._connection.execute(sql, (to_microseconds(now),)) as cursor:
            return [_notification(row) async for row in cursor]

    async def next_due(self) -> datetime | None:
        """When the next message is due that did not go out; None when there is none."""
        async with self._connection.execute(f"SELECT min(due_at) FROM notifications WHERE {_UNSENT}") as cursor:
            row = await cursor.fetchone()
        return from_microseconds(row[0]) if row and row[0] is not None else None

    async def latest(self, limit: int) -> list[Notification]:
        """The last messages, newest first."""
        async with self._connection.execute(f"{_SELECT} ORDER BY id DESC LIMIT ?", (limit,)) as cursor:
            return [_notification(row) async for row in cursor]

    async def told_causes(self, channel: str, run: Run) -> frozenset[str]:
        """The causes that a channel was told of in the environment of a run before it, and that last.

        A cause is over once the job whose run was told of went well again.
        """
        values = (channel, run.project, run.environment, run.id)
        async with self._connection.execute(_OPEN, values) as cursor:
            rows = await cursor.fetchall()
        return frozenset(cause for row in rows for cause in json.loads(row[0]))

    async def told_of_job(self, channel: str, run: Run) -> bool:
        """Whether a channel was told of a failure that this run has made good."""
        values = (channel, run.project, run.environment, run.id)
        async with self._connection.execute(f"{_OPEN} AND r.superseded_by = ?4", values) as cursor:
            return await cursor.fetchone() is not None


_TERMINAL = ", ".join(f"'{status}'" for status in sorted(TERMINAL))
_UNTOLD = f"SELECT id FROM runs WHERE told = 0 AND followed = 1 AND status IN ({_TERMINAL}) ORDER BY id"
_UNSENT = f"sent_at IS NULL AND attempts < {MOST_ATTEMPTS}"
_SELECT = """SELECT id, channel, occasion, run_id, project, environment, causes, title, body, created_at, due_at,
                    attempts, sent_at, problem
             FROM notifications"""
_OPEN = """SELECT n.causes FROM notifications n JOIN runs r ON r.id = n.run_id
            WHERE n.channel = ?1 AND n.occasion = 'failure' AND n.project = ?2 AND n.environment = ?3 AND n.run_id < ?4
              AND (r.superseded_by IS NULL OR r.superseded_by >= ?4)"""


def _notification(row: Row) -> Notification:
    draft = Draft(
        channel=row["channel"],
        occasion=row["occasion"],
        run_id=row["run_id"],
        project=row["project"],
        environment=row["environment"],
        causes=tuple(json.loads(row["causes"])),
        title=row["title"],
        body=row["body"],
        created_at=from_microseconds(row["created_at"]),
        due_at=from_microseconds(row["due_at"]),
    )
    sent_at = None if row["sent_at"] is None else from_microseconds(row["sent_at"])
    return Notification(row["id"], draft, row["attempts"], sent_at, row["problem"])
