"""The heads of remote repositories that were answered, and the runs that answered them."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime

import aiosqlite

from store.clock import from_microseconds, to_microseconds
from store.models import GitHead
from store.remote_looks import RemoteLook
from store.status import ACTIVE

_ACTIVE = ", ".join(f"'{status}'" for status in sorted(ACTIVE))


class GitReads:
    """What the record says of heads."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def heads(self, project: str) -> Mapping[str, str]:
        """The commit of each remembered head of a project's remote, by its ref."""
        sql = "SELECT ref, head FROM git_heads WHERE project = ?"
        async with self._connection.execute(sql, (project,)) as cursor:
            return {row[0]: row[1] async for row in cursor}

    async def head(self, project: str, ref: str) -> str | None:
        """The remembered commit of one of them."""
        sql = "SELECT head FROM git_heads WHERE project = ? AND ref = ?"
        async with self._connection.execute(sql, (project, ref)) as cursor:
            row = await cursor.fetchone()
        return row[0] if row is not None else None

    async def is_known(self, project: str, remote: str) -> bool:
        """Whether this remote of the project was looked at before."""
        sql = "SELECT 1 FROM git_looks WHERE project = ? AND remote = ?"
        async with self._connection.execute(sql, (project, remote)) as cursor:
            return await cursor.fetchone() is not None

    async def looks(self) -> list[RemoteLook]:
        """The last look at the remote of each project that was looked at, however it went."""
        sql = """SELECT git_attempts.project, git_attempts.remote, at, looked_at, problem
                 FROM git_attempts LEFT JOIN git_looks
                 ON git_looks.project = git_attempts.project AND git_looks.remote = git_attempts.remote
                 ORDER BY git_attempts.project"""
        async with self._connection.execute(sql) as cursor:
            return [
                RemoteLook(project, remote, from_microseconds(at), good and from_microseconds(good), problem)
                async for project, remote, at, good, problem in cursor
            ]

    async def is_answered(self, project: str, job: str, head: GitHead) -> bool:
        """Whether the last run that this head started of the job was for the commit that it is at."""
        sql = "SELECT head_commit FROM runs WHERE project = ? AND head_ref = ? AND job = ? ORDER BY id DESC LIMIT 1"
        async with self._connection.execute(sql, (project, head.ref, job)) as cursor:
            row = await cursor.fetchone()
        return row is not None and row[0] == head.commit

    async def active_runs(self, project: str, ref: str) -> Mapping[int, str]:
        """The runs for this head that may still change by themselves, with the commits that they are for."""
        sql = f"SELECT id, head_commit FROM runs WHERE project = ? AND head_ref = ? AND status IN ({_ACTIVE})"
        async with self._connection.execute(sql, (project, ref)) as cursor:
            return {int(row[0]): row[1] async for row in cursor}


class GitWrites:
    """What changes there. Every method is one transaction."""

    def __init__(
        self,
        connection: aiosqlite.Connection,
        transaction: Callable[[], AbstractAsyncContextManager[int]],
    ) -> None:
        self._connection = connection
        self._transaction = transaction

    async def begin(self, project: str, remote: str, heads: Mapping[str, str], at: datetime) -> None:
        """Remembers the heads of a remote that was not looked at before; those of a former remote are forgotten."""
        async with self._transaction():
            await self._connection.execute("DELETE FROM git_heads WHERE project = ?", (project,))
            await self._connection.executemany(
                "INSERT INTO git_heads VALUES (?, ?, ?)", [(project, ref, head) for ref, head in heads.items()]
            )
            await self._note_look(project, remote, at)

    async def remember(self, project: str, head: GitHead) -> None:
        """All that is to start for this head is recorded."""
        async with self._transaction():
            await self._connection.execute(
                "INSERT OR REPLACE INTO git_heads VALUES (?, ?, ?)", (project, head.ref, head.commit)
            )

    async def forget(self, project: str, ref: str) -> None:
        """The head is not there any more; should it come again, it is a new one."""
        async with self._transaction():
            await self._connection.execute("DELETE FROM git_heads WHERE project = ? AND ref = ?", (project, ref))

    async def note_look(self, project: str, remote: str, at: datetime) -> None:
        """Every head of the remote was answered."""
        async with self._transaction():
            await self._note_look(project, remote, at)

    async def note_attempt(self, project: str, remote: str | None, at: datetime, problem: str | None) -> None:
        """The remote was to be looked at or cloned, and there was this problem, or none."""
        async with self._transaction():
            await self._note_attempt(project, remote, at, problem)

    async def _note_look(self, project: str, remote: str, at: datetime) -> None:
        await self._connection.execute(
            "INSERT OR REPLACE INTO git_looks VALUES (?, ?, ?)", (project, remote, to_microseconds(at))
        )
        await self._note_attempt(project, remote, at, None)

    async def _note_attempt(self, project: str, remote: str | None, at: datetime, problem: str | None) -> None:
        await self._connection.execute(
            "INSERT OR REPLACE INTO git_attempts VALUES (?, ?, ?, ?)", (project, remote, to_microseconds(at), problem)
        )
