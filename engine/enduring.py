"""Work that goes on beside everything else for as long as the engine lives."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

_logger = logging.getLogger("runroom.engine")
_FIRST_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 60.0


@asynccontextmanager
async def beside(what: str, work: Callable[[], Awaitable[object]]) -> AsyncIterator[None]:
    """Does the work for as long as the context lasts; when it fails (the disk is full, say), it is begun again."""
    task = asyncio.create_task(_endure(what, work), name=what)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _endure(what: str, work: Callable[[], Awaitable[object]]) -> None:
    pause_s = _FIRST_PAUSE_S
    while True:
        try:
            await work()
        except Exception:
            _logger.exception("%s failed; it is begun again in %g s", what, pause_s)
        await asyncio.sleep(pause_s)
        pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
