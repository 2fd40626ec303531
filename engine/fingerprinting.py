"""Catches up with the causes of failures that were recorded before there were fingerprints."""

import asyncio
import logging

import aiosqlite

from engine.hub import Hub
from store.writes import StoreWriter

_logger = logging.getLogger("runroom.engine")
_RUNS_AT_ONCE = 20
_PAUSE_S = 0.02


async def catch_up_with_failures(writer: StoreWriter, hub: Hub) -> None:
    """A few runs at a time, so that nobody who writes waits; what is left when the engine ends, the next one does."""
    try:
        while True:
            change, runs = await writer.catch_up_with_failures(_RUNS_AT_ONCE)
            if not runs:
                return
            hub.publish(change, runs)
            await asyncio.sleep(_PAUSE_S)
    except aiosqlite.Error:
        _logger.exception("the causes of former failures are not all known; the next engine goes on with them")
