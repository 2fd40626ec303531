"""Follows one executing run: its journal into the store, its worker's life."""

import asyncio
import contextlib
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from watchfiles import awatch

from engine.git import GitError
from engine.ingest import Ingested, ingest
from engine.journal import Journal
from engine.redaction import Redactor
from engine.worker.__main__ import ALREADY_TAKEN
from engine.worker.checkout import clean_up
from engine.workers import end_group, is_alive
from store.clock import Clock
from store.events import RunFinished
from store.models import Run
from store.paths import RunPaths
from store.reads import StoreReader
from store.status import RunStatus
from store.writes import StoreWriter

_LOOK_AGAIN_MS = 250
_WATCH_DEBOUNCE_MS = 60
_WATCH_STEP_MS = 20


@dataclass(frozen=True, slots=True)
class Road:
    """What following needs: the store, the clock, and whom to tell."""

    writer: StoreWriter
    reader: StoreReader
    clock: Clock
    publish: Callable[[int, int], None]
    """Told the change number and the run."""


async def follow(road: Road, run_id: int, paths: RunPaths, child: subprocess.Popen[bytes] | None = None) -> None:
    """Returns when the run is terminal. `child` is the worker where this engine started it itself."""
    watch = awatch(
        paths.folder,
        recursive=False,
        debounce=_WATCH_DEBOUNCE_MS,
        step=_WATCH_STEP_MS,
        rust_timeout=_LOOK_AGAIN_MS,
        yield_on_timeout=True,
        stop_event=asyncio.Event(),
    )
    try:
        if await _look(road, run_id, paths, child):
            return
        async for _ in watch:
            if await _look(road, run_id, paths, child):
                return
    finally:
        await watch.aclose()


async def _look(road: Road, run_id: int, paths: RunPaths, child: subprocess.Popen[bytes] | None) -> bool:
    """Takes in what is new; returns whether the run is over."""
    # Asked before the journal is read: what a worker wrote before it died is read afterwards.
    loss = await _loss(road, run_id, paths, child)
    await take_in(road, run_id, paths)
    run = await road.reader.run(run_id)
    if not run.is_active:
        return True
    if loss is None:
        return False
    await declare_lost(road, run, paths, loss)
    return True


async def take_in(road: Road, run_id: int, paths: RunPaths) -> Ingested:
    """Reads the journal on and tells everyone."""
    ingested = await ingest(road.writer, run_id, paths.journal, road.clock)
    if ingested.change is not None:
        road.publish(ingested.change, run_id)
    return ingested


async def _loss(road: Road, run_id: int, paths: RunPaths, child: subprocess.Popen[bytes] | None) -> str | None:
    """Why the worker must be given up; None while it lives."""
    if child is not None and (code := child.poll()) != ALREADY_TAKEN:
        if code is None:
            return None
        how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
        return f"worker (pid {child.pid}) {how} before the run was over{_last_words(paths)}"
    if await asyncio.to_thread(is_alive, paths):
        return None
    pid = (await road.reader.run(run_id)).pid
    return f"worker{f' (pid {pid})' if pid else ''} disappeared before the run was over{_last_words(paths)}"


def _last_words(paths: RunPaths) -> str:
    """What a worker that broke said last: the line of its traceback that names the error."""
    try:
        said = paths.worker_log.read_text("utf-8", "replace").split("\n")
    except FileNotFoundError:
        return ""
    lines = [line for line in said if line.strip()]
    return f": {lines[-1]}" if lines else ""


async def declare_lost(road: Road, run: Run, paths: RunPaths, reason: str) -> None:
    """Ends what the worker left behind and closes its journal with the reason."""
    for step in await road.reader.steps(run.id):
        if step.process_group is not None:
            await asyncio.to_thread(end_group, step.process_group, paths)
    if not paths.to_put_away.exists():
        # What cannot be taken away is no reason to leave the run without an end.
        with contextlib.suppress(GitError):
            await clean_up(paths)
    await close_journal(road, run.id, paths, RunFinished(ts=road.clock(), status=RunStatus.ERROR, reason=reason))


async def close_journal(road: Road, run_id: int, paths: RunPaths, last: RunFinished) -> None:
    """Appends the last event to the journal of a run that has no worker (any more), and takes it in."""
    await take_in(road, run_id, paths)
    position = await road.writer.journal_position(run_id)
    paths.folder.mkdir(parents=True, exist_ok=True)
    with Journal(paths.journal, Redactor({}), position.seq) as journal:
        journal.append(last)
    await take_in(road, run_id, paths)
