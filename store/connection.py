"""Opens the store's file: once for writing, as often as wanted for reading."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import aiosqlite

from store.errors import StoreDamaged, StoreMissing
from store.migrate import migrate, refuse_newer, require_current, schema_version

_BUSY_TIMEOUT_MS = 5_000


@asynccontextmanager
async def open_for_writing(database: Path) -> AsyncIterator[aiosqlite.Connection]:
    """The writing connection, the file made and migrated where needed. Transactions are begun explicitly.

    Raises StoreTooNew when the file is of a later schema, StoreDamaged when it is no database.
    """
    await _leave_newer_alone(database)
    async with aiosqlite.connect(database, isolation_level=None) as connection:
        connection.row_factory = aiosqlite.Row
        with _damage_named(database):
            await connection.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")
            await migrate(connection, str(database))
            await connection.execute("PRAGMA journal_mode = WAL")
            await connection.execute("PRAGMA synchronous = NORMAL")
            await connection.execute("PRAGMA foreign_keys = ON")
        yield connection


async def _leave_newer_alone(database: Path) -> None:
    """Asked without the right to write: even closing a file merges what a killed writer left in its log."""
    if not await asyncio.to_thread(database.is_file):
        return
    # A file that cannot be read this way has to be recovered first, which needs that right.
    with contextlib.suppress(aiosqlite.OperationalError), _damage_named(database):
        async with aiosqlite.connect(_read_only(database), uri=True) as connection:
            refuse_newer(await schema_version(connection), str(database))


@asynccontextmanager
async def open_for_reading(database: Path) -> AsyncIterator[aiosqlite.Connection]:
    """A connection that cannot write. Raises StoreMissing, StoreOutdated, StoreTooNew or StoreDamaged."""
    # Asked first: a connection that cannot be opened leaves a thread behind that may outlive the event loop.
    if not await asyncio.to_thread(database.is_file):
        raise StoreMissing(f"There is no {database}: nothing was recorded here yet.")
    try:
        connection = await aiosqlite.connect(_read_only(database), uri=True)
    except aiosqlite.OperationalError as error:
        raise StoreMissing(f"{database} cannot be opened: {error}.") from error
    try:
        connection.row_factory = aiosqlite.Row
        with _damage_named(database):
            await connection.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")
            await require_current(connection, str(database))
        yield connection
    finally:
        await connection.close()


def _read_only(database: Path) -> str:
    return f"{database.absolute().as_uri()}?mode=ro"


@contextmanager
def _damage_named(database: Path) -> Iterator[None]:
    try:
        yield
    except aiosqlite.OperationalError:
        raise
    except aiosqlite.DatabaseError as error:
        raise StoreDamaged(
            f"{database} cannot be read ({error}); `runroom engine rebuild` makes it again from the journals."
        ) from error
