"""A command that only looks, in front of a record that is not of its time."""

from pathlib import Path
from unittest.mock import AsyncMock, Mock

import aiosqlite
import pytest

from engine.client import launch
from store.migrate import LATEST
from store.paths import WorkspacePaths
from store.writes import StoreWriter
from tui.command_line import record
from tui.command_line.record import open_record


async def set_schema(paths: WorkspacePaths, number: int) -> None:
    async with aiosqlite.connect(paths.database) as connection:
        await connection.execute(f"PRAGMA user_version = {number}")


async def test_an_engine_that_serves_an_older_store_is_replaced_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = WorkspacePaths(tmp_path)
    paths.record.mkdir()
    async with StoreWriter.open(paths.database):
        pass
    await set_schema(paths, LATEST - 1)

    async def bring_up_to_date(folder: Path) -> Mock:
        assert folder == tmp_path
        await set_schema(paths, LATEST)
        return Mock(close=AsyncMock())

    monkeypatch.setattr(launch, "ensure_engine", bring_up_to_date)
    monkeypatch.setattr(record, "engine_is_running", lambda _: True)
    async with open_record(paths) as reader:
        assert await reader.active_runs() == []
