"""The schema grows by numbered migrations; what a newer Runroom wrote is left alone."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from store import migrate
from store.errors import StoreDamaged, StoreMissing, StoreOutdated, StoreTooNew
from store.models import Project
from store.reads import StoreReader
from store.writes import StoreWriter


def version_of(database: Path) -> int:
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def set_version(database: Path, version: int) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")


def test_migrations_are_numbered_without_gaps() -> None:
    assert [number for number, _ in migrate.migrations()] == list(range(1, migrate.LATEST + 1))


async def test_a_fresh_file_gets_the_latest_schema(database: Path) -> None:
    async with StoreWriter.open(database):
        pass

    assert version_of(database) == migrate.LATEST
    async with StoreReader.open(database) as reader:
        assert await reader.change() == 0


async def test_opening_again_changes_nothing(database: Path) -> None:
    async with StoreWriter.open(database) as writer:
        await writer.sync_workspace("analytics", [Project(name="flights", tool="dbt", path=".")], [], [])
    before = database.read_bytes()

    async with StoreWriter.open(database):
        pass

    assert database.read_bytes() == before


@pytest.mark.parametrize("journal_mode", ["delete", "wal"])
async def test_a_newer_file_is_refused_and_stays_as_it_is(database: Path, journal_mode: str) -> None:
    newer = migrate.LATEST + 1
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(f"PRAGMA journal_mode = {journal_mode}")
        connection.execute("CREATE TABLE of_the_future (x)")
        connection.execute(f"PRAGMA user_version = {newer}")
        connection.commit()
    before = database.read_bytes()

    with pytest.raises(StoreTooNew, match=rf"schema {newer}, this one knows {migrate.LATEST}.*Nothing was changed"):
        async with StoreWriter.open(database):
            pass
    with pytest.raises(StoreTooNew, match="upgrade Runroom"):
        async with StoreReader.open(database):
            pass

    assert database.read_bytes() == before


async def test_a_newer_file_keeps_what_its_writer_had_not_yet_merged(tmp_path: Path) -> None:
    """A Runroom that was killed leaves a write-ahead log; closing the file must not merge it either."""
    busy, left = tmp_path / "busy.db", tmp_path / "store.db"
    with closing(sqlite3.connect(busy)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA user_version = {migrate.LATEST + 1}")
        connection.execute("CREATE TABLE of_the_future (x)")
        for suffix in ("", "-wal"):
            left.with_name(left.name + suffix).write_bytes(busy.with_name(busy.name + suffix).read_bytes())
    before = left.read_bytes()

    with pytest.raises(StoreTooNew):
        async with StoreWriter.open(left):
            pass

    assert left.read_bytes() == before


async def test_a_reader_of_an_older_file_is_told_to_start_the_engine(database: Path) -> None:
    async with StoreWriter.open(database):
        pass
    set_version(database, migrate.LATEST - 1)

    with pytest.raises(StoreOutdated, match="start the engine"):
        async with StoreReader.open(database):
            pass


async def test_a_reader_makes_no_file(database: Path) -> None:
    with pytest.raises(StoreMissing, match="nothing was recorded here yet"):
        async with StoreReader.open(database):
            pass

    assert not database.exists()


async def test_a_half_applied_migration_leaves_nothing(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with StoreWriter.open(database):
        pass
    broken = (migrate.LATEST + 1, "CREATE TABLE half (x); CREATE TABLE half (x);")
    complete = [*migrate.migrations(), broken]
    monkeypatch.setattr(migrate, "migrations", lambda: complete)
    monkeypatch.setattr(migrate, "LATEST", broken[0])

    with pytest.raises(sqlite3.OperationalError, match="half"):
        async with StoreWriter.open(database):
            pass

    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'half'").fetchone() is None
    assert version_of(database) == broken[0] - 1


async def test_a_migration_that_was_interrupted_goes_on_where_it_stopped(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = migrate.migrations()
    with monkeypatch.context() as patch:
        patch.setattr(migrate, "migrations", lambda: everything[:1])
        async with StoreWriter.open(database):
            pass
    assert version_of(database) == 1

    async with StoreWriter.open(database):
        pass

    assert version_of(database) == migrate.LATEST


async def test_a_file_that_is_no_database_is_named(database: Path) -> None:
    database.write_bytes(b"this was never a database, whatever its name says" * 100)
    before = database.read_bytes()

    with pytest.raises(StoreDamaged, match=r"store\.db .*rebuild"):
        async with StoreWriter.open(database):
            pass
    with pytest.raises(StoreDamaged, match=r"store\.db .*rebuild"):
        async with StoreReader.open(database):
            pass

    assert database.read_bytes() == before
