"""Lends readers of the store to whoever needs one for a moment."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from store.errors import StoreUnreadable
from store.paths import WorkspacePaths
from store.reads import StoreReader


class Reads(Protocol):
    """Lends a reader of the store, one that nobody else uses meanwhile."""

    def __call__(self) -> AbstractAsyncContextManager[StoreReader]:
        """Raises `store.errors.StoreError` on entry, StoreMissing before anything was recorded; so does all reading."""


def reads_of(paths: WorkspacePaths) -> Reads:
    """Readers of the workspace's own store."""

    @asynccontextmanager
    async def lend() -> AsyncIterator[StoreReader]:
        try:
            async with StoreReader.open(paths.database) as reader:
                yield reader
        except sqlite3.DatabaseError as error:
            raise StoreUnreadable(f"{paths.database} cannot be read: {error}.") from error

    return lend
