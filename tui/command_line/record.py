"""Opens the record for a command, and sees to it that what it says is the present."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from engine.client.locating import engine_is_running
from store.errors import StoreOutdated
from store.paths import WorkspacePaths
from store.reads import StoreReader


@asynccontextmanager
async def open_record(paths: WorkspacePaths) -> AsyncIterator[StoreReader]:
    """A reader of the workspace's store.

    Where runs are going on without an engine to record them, one is started first. A store of an older schema gets
    one that brings it up to date, in the place of an older one that serves it. Raises StoreMissing where nothing was
    recorded yet, StoreTooNew, and what starting an engine raises.
    """
    if await _needs_an_engine(paths):
        # Loading the client takes half a second, which is why a record that is up to date is read without it.
        from engine.client.launch import ensure_engine

        await (await ensure_engine(paths.folder)).close()
    async with StoreReader.open(paths.database) as reader:
        yield reader


async def _needs_an_engine(paths: WorkspacePaths) -> bool:
    try:
        async with StoreReader.open(paths.database) as reader:
            return not await asyncio.to_thread(engine_is_running, paths) and bool(await reader.active_runs())
    except StoreOutdated:
        return True
