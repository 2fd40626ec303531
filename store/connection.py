"""Opens the store's file: once for writing, as often as wanted for reading."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiosqlite

from store.errors import StoreMissing
from store.migrate import migrate, require_current

_BUSY_TIMEOUT_MS = 5_000


@asynccontextmanager
async def open_for_writing(database: Path) -> AsyncIterator[aiosqlite.Connection]:
    """The writing connection, the file made and migrated where needed. Transactions are begun explicitly.

    Raises StoreTooNew when the file is of a later schema.
    """
    async with aiosqlite.connect(database, isolation_level=None) as connection:
        connection.row_factory = aiosqlite.Row
        await connection.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")
        # Asked before anything is changed: a newer file must stay as it is, even its journal mode.
        await migrate(connection, str(database))
        await connection.execute("PRAGMA journal_mode = WAL")
        await connection.execute("PRAGMA synchronous = NORMAL")
        await connection.execute("PRAGMA foreign_keys = ON")
        yield connection


@asynccontextmanager
async def open_for_reading(database: Path) -> AsyncIterator[aiosqlite.Connection]:
    """A connection that cannot write. Raises StoreMissing, StoreOutdated or StoreTooNew."""
    try:
        connection = await aiosqlite.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)
    except aiosqlite.OperationalError as error:
        raise StoreMissing(f"{database} cannot be opened: nothing was recorded here yet ({error}).") from error
    try:
        connection.row_factory = aiosqlite.Row
        await connection.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")
        await require_current(connection, str(database))
        yield connection
    finally:
        await connection.close()
