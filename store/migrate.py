"""Brings a store to the schema that this code knows, one numbered migration at a time."""

from importlib import resources

import aiosqlite

from store.errors import StoreOutdated, StoreTooNew


def migrations() -> list[tuple[int, str]]:
    """The number and the text of every migration that ships with this code, in order."""
    files = (file for file in resources.files("store.migrations").iterdir() if file.name.endswith(".sql"))
    return sorted((int(file.name.split("_")[0]), file.read_text("utf-8")) for file in files)


LATEST = migrations()[-1][0]


async def schema_version(connection: aiosqlite.Connection) -> int:
    """The number of the last migration that the file has seen; 0 for an empty one."""
    async with connection.execute("PRAGMA user_version") as cursor:
        row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def migrate(connection: aiosqlite.Connection, name: str) -> None:
    """Applies what is missing, each migration in a transaction of its own.

    Raises StoreTooNew, with nothing touched, when the file is of a later schema.
    """
    version = await schema_version(connection)
    refuse_newer(version, name)
    for number, script in migrations():
        if number > version:
            await connection.executescript(f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version = {number};\nCOMMIT;")


async def require_current(connection: aiosqlite.Connection, name: str) -> None:
    """For readers, which never migrate. Raises StoreTooNew or StoreOutdated."""
    version = await schema_version(connection)
    refuse_newer(version, name)
    if version < LATEST:
        raise StoreOutdated(f"{name} is of schema {version}; start the engine once to bring it to {LATEST}.")


def refuse_newer(version: int, name: str) -> None:
    """Raises StoreTooNew when the schema is later than this code."""
    if version > LATEST:
        raise StoreTooNew(
            f"{name} was written by a newer Runroom (schema {version}, this one knows {LATEST}); "
            "upgrade Runroom, or use another workspace. Nothing was changed."
        )
