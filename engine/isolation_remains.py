"""Takes away what lost runs built apart: schemas, environments and copied profiles that no worker is left to remove.

A worker that has closing steps before it says so in its run's folder, and takes that back after them. Where a run is
over and it still stands there, the steps are run by a process of their own.
"""

import asyncio
import logging
from collections.abc import Mapping

from engine.follower import Road, take_in
from engine.workers import is_alive, start_putting_away
from store.paths import RunPaths, WorkspacePaths

_logger = logging.getLogger("runroom.engine")
_LOOK_S = 0.1


def with_remains(paths: WorkspacePaths) -> list[int]:
    """The runs, over or not, that have something to be taken away. Reads folders: not on a loop."""
    folders = (RunPaths(folder) for folder in paths.runs.iterdir() if folder.name.isdecimal())
    return sorted(int(files.folder.name) for files in folders if files.to_put_away.exists())


async def put_away(road: Road, run_id: int, files: RunPaths, environment: Mapping[str, str]) -> None:
    """Returns when the closing steps of this run, which is over, are so too; does nothing where none are to be run.

    They are tried once: should the database refuse, the step and its log say so.
    """
    if not files.to_put_away.exists():
        return
    while True:
        # A former engine may have had them begun.
        if not await asyncio.to_thread(is_alive, files):
            break
        await asyncio.sleep(_LOOK_S)
    if not files.to_put_away.exists():
        return
    await take_in(road, run_id, files)
    position = await road.writer.journal_position(run_id)
    step = 1 + max((step.position for step in await road.reader.steps(run_id)), default=0)
    try:
        child = await asyncio.to_thread(start_putting_away, files, environment, position.seq, step)
    except OSError:
        _logger.exception("run #%s: what it built apart was not taken away", run_id)
        return
    _logger.info("run #%s: process %s takes away what it built apart", run_id, child.pid)
    while child.poll() is None:
        await take_in(road, run_id, files)
        await asyncio.sleep(_LOOK_S)
    if child.returncode != 0:
        _logger.warning("run #%s: what it built apart was not taken away; worker.log there says why", run_id)
    # Not before all is in the record: an engine that dies here leaves the rest to the next one.
    await take_in(road, run_id, files)
    files.to_put_away.unlink(missing_ok=True)
