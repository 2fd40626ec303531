"""Who may use the engine over TCP, and what it remembers of their requests."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from sqlite3 import Row

import aiosqlite
from pydantic import Field

from store.clock import from_microseconds, to_microseconds
from store.models import Noun, Scope

SCOPES: tuple[Scope, ...] = ("read", "run", "admin")

ANSWERS_KEPT = timedelta(days=1)
"""For how long a request with a key is known again."""

DELIVERIES_KEPT = timedelta(days=30)
"""For how long a delivery of a webhook is known again."""


class Token(Noun):
    """A token as it is recorded: `digest` is the SHA-256 of what its bearer shows."""

    id: int
    name: str
    digest: bytes = Field(repr=False)
    scope: Scope
    created_at: datetime
    created_by: str | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What was answered to the request with a key; `status` is None for as long as nothing was.

    `request` is the digest of what was asked.
    """

    request: bytes
    status: int | None
    location: str | None
    body: str | None


class ApiReads:
    """What the record says of tokens."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def tokens(self) -> list[Token]:
        """Those that were not revoked, by name."""
        sql = """SELECT id, name, digest, scope, created_at, created_by, last_used_at FROM tokens
                 WHERE revoked_at IS NULL ORDER BY name"""
        async with self._connection.execute(sql) as cursor:
            return [_token(row) async for row in cursor]


class ApiWrites:
    """What changes there. Every method is one transaction."""

    def __init__(
        self,
        connection: aiosqlite.Connection,
        transaction: Callable[[], AbstractAsyncContextManager[int]],
    ) -> None:
        self._connection = connection
        self._transaction = transaction

    async def add_token(self, name: str, digest: bytes, scope: Scope, at: datetime, author: str | None) -> None:
        """There must be no token of this name."""
        sql = "INSERT INTO tokens (name, digest, scope, created_at, created_by) VALUES (?, ?, ?, ?, ?)"
        async with self._transaction():
            await self._connection.execute(sql, (name, digest, scope, to_microseconds(at), author))

    async def revoke_token(self, token: int, at: datetime, author: str | None) -> None:
        """The token opens nothing any more; its name is free again."""
        sql = "UPDATE tokens SET revoked_at = ?, revoked_by = ? WHERE id = ?"
        async with self._transaction():
            await self._connection.execute(sql, (to_microseconds(at), author, token))

    async def note_use(self, token: int, at: datetime) -> None:
        """The token was used."""
        async with self._transaction():
            await self._connection.execute(
                "UPDATE tokens SET last_used_at = ? WHERE id = ?", (to_microseconds(at), token)
            )

    async def claim_key(self, token: int, key: str, request: bytes, at: datetime) -> KeptAnswer | None:
        """Takes a key for a request that is about to be carried out.

        Where it is taken already, it says what for; what is older than `ANSWERS_KEPT` is forgotten first.
        """
        async with self._transaction():
            await self._connection.execute(
                "DELETE FROM kept_answers WHERE asked_at < ?", (to_microseconds(at - ANSWERS_KEPT),)
            )
            taken = await self._connection.execute(
                "INSERT OR IGNORE INTO kept_answers (token, key, request, asked_at) VALUES (?, ?, ?, ?)",
                (token, key, request, to_microseconds(at)),
            )
            if taken.rowcount == 1:
                return None
            sql = "SELECT request, status, location, body FROM kept_answers WHERE token = ? AND key = ?"
            async with self._connection.execute(sql, (token, key)) as cursor:
                row = await cursor.fetchone()
        assert row is not None, "what cannot be added is there"
        return KeptAnswer(row["request"], row["status"], row["location"], row["body"])

    async def keep_answer(self, token: int, key: str, status: int, location: str | None, body: str) -> None:
        """What was answered."""
        sql = "UPDATE kept_answers SET status = ?, location = ?, body = ? WHERE token = ? AND key = ?"
        async with self._transaction():
            await self._connection.execute(sql, (status, location, body, token, key))

    async def release_key(self, token: int, key: str) -> None:
        """The request changed nothing: the key is free again."""
        async with self._transaction():
            await self._connection.execute("DELETE FROM kept_answers WHERE token = ? AND key = ?", (token, key))

    async def claim_delivery(self, webhook: str, delivery: str, at: datetime) -> bool:
        """Whether this delivery of a webhook is a new one; from now on it is not."""
        async with self._transaction():
            await self._connection.execute(
                "DELETE FROM webhook_deliveries WHERE received_at < ?", (to_microseconds(at - DELIVERIES_KEPT),)
            )
            cursor = await self._connection.execute(
                "INSERT OR IGNORE INTO webhook_deliveries VALUES (?, ?, ?)", (webhook, delivery, to_microseconds(at))
            )
        return cursor.rowcount == 1

    async def release_delivery(self, webhook: str, delivery: str) -> None:
        """Nothing came of the delivery: it may come again."""
        async with self._transaction():
            await self._connection.execute(
                "DELETE FROM webhook_deliveries WHERE webhook = ? AND delivery = ?", (webhook, delivery)
            )


def _token(row: Row) -> Token:
    used = row["last_used_at"]
    return Token(
        id=row["id"],
        name=row["name"],
        digest=row["digest"],
        scope=row["scope"],
        created_at=from_microseconds(row["created_at"]),
        created_by=row["created_by"],
        last_used_at=None if used is None else from_microseconds(used),
    )
