"""The app over a workspace in which another process writes many events.

busy_home.py WORKSPACE EVENTS_PER_SECOND RUN…
"""

import asyncio
import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from engine.protocol import Change
from store.paths import WorkspacePaths
from store.readers import reads_of
from tui.actions import EngineActions
from tui.app import RunroomApp
from tui.services import Services

_WRITER = Path(__file__).with_name("busy_writer.py")


class WriterChanges:
    """Tells what the writing process says, as the engine's stream of changes would. At no events, says nothing."""

    def __init__(self, writer: asyncio.subprocess.Process | None) -> None:
        self._writer = writer

    async def problem(self) -> str | None:
        """Nothing is wrong with the configuration."""
        return None

    async def changes(self) -> AsyncIterator[Change]:
        """Ends with the writer."""
        if self._writer is None:
            await asyncio.Event().wait()
            return
        assert self._writer.stdout is not None
        async for line in self._writer.stdout:
            yield Change(change=1, runs=(int(line),))


@asynccontextmanager
async def _connect() -> AsyncIterator[WriterChanges]:
    if sys.argv[2] == "0":
        yield WriterChanges(None)
        return
    writer = await asyncio.create_subprocess_exec(
        sys.executable, str(_WRITER), *sys.argv[1:], stdout=asyncio.subprocess.PIPE, stdin=asyncio.subprocess.DEVNULL
    )
    try:
        yield WriterChanges(writer)
    finally:
        writer.kill()
        await writer.wait()


if __name__ == "__main__":
    paths = WorkspacePaths(Path(sys.argv[1]))
    gc.set_threshold(100_000, 50, 100)  # as `tui.command_line` does
    RunroomApp(Services(paths, reads_of(paths), EngineActions(paths)), connect=_connect).run()
