"""Lends readers of the store to whoever needs one for a moment."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from store.paths import WorkspacePaths
from store.reads import StoreReader


class Reads(Protocol):
    """Lends a reader of the store, one that nobody else uses meanwhile."""

    def __call__(self) -> AbstractAsyncContextManager[StoreReader]:
        """Raises `store.errors.StoreError` on entry, StoreMissing before anything was recorded."""


def reads_of(paths: WorkspacePaths) -> Reads:
    """Readers of the workspace's own store."""

    @asynccontextmanager
    async def lend() -> AsyncIterator[StoreReader]:
        async with StoreReader.open(paths.database) as reader:
            yield reader

    return lend
