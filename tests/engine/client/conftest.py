"""Engines that answer as a test wants, on a real socket, where a real one cannot be made to misbehave."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from store.paths import WorkspacePaths

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture
def paths(tmp_path: Path) -> WorkspacePaths:
    """A workspace with a place for a socket."""
    found = WorkspacePaths(tmp_path)
    found.record.mkdir()
    return found


@asynccontextmanager
async def answering(paths: WorkspacePaths, method: str, path: str, handler: Handler) -> AsyncIterator[None]:
    """An engine that knows one answer, for as long as the context lasts."""
    application = web.Application()
    application.router.add_route(method, path, handler)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.UnixSite(runner, str(paths.socket)).start()
        yield
    finally:
        await runner.cleanup()
