"""The ways to the engine of a workspace: for whoever acts, whoever listens, and whoever must not start one."""

import asyncio
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import TYPE_CHECKING

from store.paths import WorkspacePaths
from tui.feed import EngineAbsent

if TYPE_CHECKING:
    from engine.client.api import EngineClient

Reach = Callable[[WorkspacePaths], Awaitable["EngineClient"]]
"""Connects to the engine; the caller closes the connection. Raises RunroomError."""


async def to_act(paths: WorkspacePaths) -> "EngineClient":
    """Starts the engine where none runs, whatever became of the one before. Raises RunroomError."""
    await _load_client()
    from engine.client.launch import ensure_engine

    return await ensure_engine(paths.folder)


async def to_listen(paths: WorkspacePaths) -> "EngineClient":
    """Starts the engine where it died, not where somebody stopped it. Raises EngineStopped, RunroomError."""
    await _load_client()
    from engine.client.launch import find_engine

    return await find_engine(paths.folder)


async def only_if_it_runs(paths: WorkspacePaths) -> "EngineClient":
    """Starts nothing and replaces nothing. Raises EngineAbsent where none runs, RunroomError."""
    await _load_client()
    from engine.client.api import EngineNotRunning
    from engine.client.launch import connect

    try:
        client, _ = await connect(paths)
    except EngineNotRunning:
        raise EngineAbsent("No engine runs here, and --readonly starts none.") from None
    return client


async def _load_client() -> None:
    # It takes a tenth of a second: not on the loop that paints the screen.
    await asyncio.to_thread(import_module, "engine.client.launch")
