"""Takes up edits of `runroom.toml` as they are saved."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from watchfiles import Change, awatch

from engine.errors import ConfigurationError

_logger = logging.getLogger("runroom.engine")
_DEBOUNCE_MS = 200
_STEP_MS = 50


async def watch_configuration(file: Path, reload: Callable[[], Awaitable[None]], taken_up: Callable[[], None]) -> None:
    """Goes on for as long as the engine does. What is wrong with an edit is logged; the next one is taken up again.

    The folder is watched and not the file: most editors put another file in its place.
    """

    def is_it(_: Change, path: str) -> bool:
        return Path(path).name == file.name

    watch = awatch(
        file.parent,
        watch_filter=is_it,
        recursive=False,
        debounce=_DEBOUNCE_MS,
        step=_STEP_MS,
        stop_event=asyncio.Event(),
    )
    async for _ in watch:
        try:
            await reload()
        except ConfigurationError as error:
            _logger.warning("the last good configuration stays in force: %s", error)
        else:
            _logger.info("the configuration was read again")
            taken_up()
