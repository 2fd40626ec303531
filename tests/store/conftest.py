"""A store in a folder of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import settings

from store.reads import StoreReader
from store.writes import StoreWriter

# How long one example takes says nothing on a machine that others use too.
settings.register_profile("shared-machine", deadline=None)
settings.load_profile("shared-machine")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where the store of the test is, or will be."""
    return tmp_path / "store.db"


@pytest_asyncio.fixture
async def writer(database: Path) -> AsyncIterator[StoreWriter]:
    """The writer of the test's store."""
    async with StoreWriter.open(database) as opened:
        yield opened


@pytest_asyncio.fixture
async def reader(database: Path, writer: StoreWriter) -> AsyncIterator[StoreReader]:
    """A reader of the test's store."""
    async with StoreReader.open(database) as opened:
        yield opened
