"""Where a log says for the first time that something went wrong."""

import asyncio
from pathlib import Path

from store.logs.levels import ERRORS
from store.logs.log_file import LogFile
from tui.log.finding import LineFinder, Span


async def first_error(path: Path) -> int | None:
    """Where the first line of the level error begins; None where a log has none. Raises FileUnreadable."""
    log = LogFile(path)
    try:
        if await asyncio.to_thread(log.refresh) is None:
            return None
        finder, found = LineFinder(ERRORS, Span(0, log.size)), None
        while found is None and not finder.exhausted:
            found = await finder.step(log)
        return found
    finally:
        log.close()
