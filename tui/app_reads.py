"""Lends the app readers of the store, and tells in the app's words when the store has outgrown this program."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from store.errors import StoreTooNew
from store.readers import Reads
from store.reads import StoreReader

WAS_UPDATED = "Runroom was updated while this was open: leave with q and start again. Runs go on meanwhile."


def unreadable(error: BaseException) -> str:
    """Why a page cannot be shown, and what helps: another look, unless this program is the one that is too old."""
    return str(error) if isinstance(error, StoreTooNew) else f"{error}  F5 tries again."


def app_reads(reads: Reads) -> Reads:
    """Readers as `reads` lends them.

    A store that could be read before and is too new now raises StoreTooNew with a sentence for whoever has the app
    open; one that was too new from the beginning needs another Runroom, as its own sentence says.
    """
    was_read = False

    @asynccontextmanager
    async def lend() -> AsyncIterator[StoreReader]:
        nonlocal was_read
        try:
            async with reads() as reader:
                was_read = True
                yield reader
        except StoreTooNew as error:
            raise (StoreTooNew(WAS_UPDATED) if was_read else error) from None

    return lend
