"""A workspace without an engine, for runs that are made up."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from store.lineage.reading import Reading
from store.lineage.sql_process import SqlHere
from store.paths import WorkspacePaths
from store.reads import StoreReader
from store.writes import StoreWriter


@pytest.fixture
def paths(tmp_path: Path) -> WorkspacePaths:
    """Its files."""
    made = WorkspacePaths(tmp_path)
    made.record.mkdir()
    return made


@pytest_asyncio.fixture
async def writer(paths: WorkspacePaths) -> AsyncIterator[StoreWriter]:
    """The writer of its store."""
    async with StoreWriter.open(paths.database) as opened:
        yield opened


@pytest_asyncio.fixture
async def reading(paths: WorkspacePaths, writer: StoreWriter) -> AsyncIterator[Reading]:
    """Reads it."""
    async with StoreReader.open(paths.database) as opened:
        yield Reading(paths, opened, SqlHere())
