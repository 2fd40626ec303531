"""Stands for an engine that takes in many events: writes them to the store, and names the changed runs on its output.

    busy_writer.py WORKSPACE EVENTS_PER_SECOND RUN…

It ends when nobody reads its output any more.
"""

import asyncio
import contextlib
import sys
import time
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from store.events import AnyEvent, ModelFinished, ModelProgress, ModelStarted
from store.paths import WorkspacePaths
from store.status import ModelStatus
from store.writes import JournalEntry, StoreWriter

TOTAL_FILE = "events-written"
"""In the workspace: how many events were written so far, and in how many seconds."""

_TICK_S = 0.05
_BATCHES = 1_000


def _events(number: int, size: int) -> list[AnyEvent]:
    """A model ends, the next one begins, and goes on batch by batch."""
    now = datetime.now(UTC)
    before, model = f"model.flights.busy_{number - 1}", f"model.flights.busy_{number}"
    begun: list[AnyEvent] = [ModelStarted(ts=now, model=model)]
    if number > 1:
        begun.insert(0, ModelFinished(ts=now, model=before, status=ModelStatus.SUCCEEDED, duration_s=_TICK_S))
    return begun + [
        ModelProgress(ts=now, model=model, batch=batch, batches=_BATCHES) for batch in range(1, size - len(begun) + 1)
    ]


async def _write(folder: Path, rate: int, runs: list[int]) -> None:
    paths = WorkspacePaths(folder)
    size = round(rate * _TICK_S / len(runs))
    begun, written = time.monotonic(), 0
    async with StoreWriter.open(paths.database) as writer:
        for tick in count(1):
            for run_id in runs:
                position = await writer.journal_position(run_id)
                entries = [
                    JournalEntry(position.offset + place, event.model_copy(update={"seq": position.seq + place}))
                    for place, event in enumerate(_events(tick, size), 1)
                ]
                await writer.apply(run_id, entries, entries[-1].end)
                written += len(entries)
                sys.stdout.write(f"{run_id}\n")
                sys.stdout.flush()
            (folder / TOTAL_FILE).write_text(f"{written} {time.monotonic() - begun}")
            await asyncio.sleep(max(0.0, begun + tick * _TICK_S - time.monotonic()))


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        asyncio.run(_write(Path(sys.argv[1]), int(sys.argv[2]), [int(run_id) for run_id in sys.argv[3:]]))
