"""Tells a run that is about to start which earlier runs it is compared with."""

import asyncio

from engine.run_files import read_request, write_request
from store.paths import RunPaths
from store.reads import StoreReader


async def note_earlier_runs(reader: StoreReader, run_id: int, files: RunPaths) -> None:
    """Writes them into what the worker will read: its environment's former runs have ended by now, or will not matter.

    A request that cannot be read is left to the worker, whose last words say so. Raises OSError.
    """
    earlier = {"previous": await reader.earlier_run(run_id), "good": await reader.earlier_run(run_id, good=True)}
    try:
        request = await asyncio.to_thread(read_request, files)
    except ValueError:
        return
    await asyncio.to_thread(write_request, files, request.model_copy(update=earlier))
