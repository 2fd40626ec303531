"""Follows a run to its end: every nudge of the engine is answered with a look into the record."""

import asyncio
import signal
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress

from engine.client.api import EngineClient
from engine.client.launch import ensure_engine
from engine.errors import EngineUnavailable, RunroomError
from store.models import Run
from store.paths import WorkspacePaths
from store.reads import StoreReader
from tui.command_line.output import complain
from tui.command_line.progress import Look

_PAUSE_S = 0.3
_STOP_LIMIT_S = 10.0


async def follow(paths: WorkspacePaths, run_id: int) -> AsyncGenerator[Look, None]:
    """Looks at a run whenever it changes: the first tells all, each other what is new, the last has its end.

    An engine that dies meanwhile is replaced. Raises RunNotFound, and what starting an engine raises.
    """
    async with StoreReader.open(paths.database) as reader:
        look = await look_at(reader, run_id)
        yield look
        while look.run.is_active:
            async with await ensure_engine(paths.folder) as client:
                # An engine that goes away is no end of the run: the next one tells how it goes on.
                with suppress(EngineUnavailable):
                    async with aclosing(_changed(client, reader, look.run)) as looks:
                        async for look in looks:
                            yield look
            if look.run.is_active:
                await asyncio.sleep(_PAUSE_S)


async def _changed(client: EngineClient, reader: StoreReader, run: Run) -> AsyncGenerator[Look, None]:
    async with aclosing(client.changes(run.change)) as changes:
        async for change in changes:
            if run.id not in change.runs:
                continue
            look = await look_at(reader, run.id, run.change)
            run = look.run
            yield look
            if not run.is_active:
                return


async def look_at(reader: StoreReader, run_id: int, since: int = 0) -> Look:
    """What changed in a run after the change number `since`. Raises RunNotFound."""
    # The run first: what is written while the rest is read has a later number and is looked at again.
    run = await reader.run(run_id)
    return Look(
        run=run,
        steps=await reader.steps(run_id),
        models=await reader.models(run_id, since),
        audits=await reader.audits(run_id, since),
        notices=await reader.notices(run_id),
    )


class Waiting:
    """Waits for a run to end, while Ctrl+C asks the engine to stop it; a second one leaves it alone."""

    def __init__(self, paths: WorkspacePaths, run_id: int, author: str, see: Callable[[Look], None]) -> None:
        """`see` gets every look at the run."""
        self._paths = paths
        self._run_id = run_id
        self._author = author
        self._see = see
        self._watching: asyncio.Task[Run] | None = None
        self._stopping: asyncio.Task[None] | None = None

    async def end(self) -> Run:
        """The run, once it is over. Raises LeftAlone after a second Ctrl+C, and as `follow` does."""
        self._watching = asyncio.create_task(self._watch())
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGINT, self._interrupt)
        try:
            return await self._watching
        except asyncio.CancelledError:
            if self._stopping is None:
                raise
            # Whoever leaves was promised a stop: it is asked for before they are let go.
            await asyncio.wait({self._stopping}, timeout=_STOP_LIMIT_S)
            raise LeftAlone from None
        finally:
            loop.remove_signal_handler(signal.SIGINT)
            if self._stopping is not None:
                self._stopping.cancel()

    async def _watch(self) -> Run:
        async with aclosing(follow(self._paths, self._run_id)) as looks:
            async for look in looks:
                self._see(look)
        return look.run

    def _interrupt(self) -> None:
        if self._stopping is None:
            complain(f"Stopping #{self._run_id} … (Ctrl+C again leaves without waiting for it)")
            self._stopping = asyncio.create_task(self._stop())
        elif self._watching is not None:
            self._watching.cancel()

    async def _stop(self) -> None:
        try:
            async with await ensure_engine(self._paths.folder) as client:
                await client.cancel(self._run_id, self._author)
        except RunroomError as error:
            complain(str(error))


class LeftAlone(Exception):
    """Somebody who waited for a run has left it to itself."""
