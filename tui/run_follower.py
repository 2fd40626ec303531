"""Keeps the record of one run up to date for its page: reads it, and reads again what has changed when told to."""

import asyncio
from collections.abc import Callable, Sequence

from store.batches import Batch
from store.errors import RunNotFound, StoreError
from store.history import PastExecution, UsualDurations
from store.models import Artifact
from store.readers import Reads
from store.run_record import RunRecord, read_record
from store.samples import AuditSample
from tui.app_reads import unreadable


class RunFollower:
    """The record of a run as it was read last. Nudges that come while it is being read are served by one more read."""

    def __init__(self, reads: Reads, run_id: int) -> None:
        self.run_id = run_id
        self.record: RunRecord | None = None
        self.usual = UsualDurations()
        self._reads = reads
        self._stale = asyncio.Event()
        self._stale.set()

    def nudge(self) -> None:
        """The run may have changed: read again, as soon as the reading that goes on has ended."""
        self._stale.set()

    async def follow(self, changed: Callable[[], None], lost: Callable[[str], None]) -> None:
        """Reads at once and after every nudge; never returns.

        `changed` is called when there is a new record, `lost` with a sentence when there cannot be one.
        """
        while True:
            await self._stale.wait()
            self._stale.clear()
            try:
                await self._read()
            except RunNotFound:
                lost(f"There is no run #{self.run_id} any more: it was deleted. esc goes back.")
            except StoreError as error:
                lost(f"#{self.run_id} cannot be read: {unreadable(error)}")
            else:
                changed()

    async def _read(self) -> None:
        async with self._reads() as reader:
            record = await read_record(reader, self.run_id, self.record)
            if self.record is None:
                self.usual = await reader.usual_durations(record.run)
        self.record = record

    async def past_of(self, model: str) -> list[PastExecution]:
        """How a model fared up to this run; empty before the run was read. Raises StoreError."""
        if self.record is None:
            return []
        async with self._reads() as reader:
            return await reader.past_executions(self.record.run, model)

    async def batches_of(self, model: str) -> Sequence[Batch]:
        """The batches in which a model of the run is built, where its tool splits it. Raises StoreError."""
        async with self._reads() as reader:
            return (await reader.batches(self.run_id, model)).get(model, ())

    async def sample_of(self, audit: str) -> AuditSample | None:
        """Some of the rows that an audit of the run found fault with, where its tool told them. Raises StoreError."""
        async with self._reads() as reader:
            return await reader.audit_sample(self.run_id, audit)

    async def artifacts(self) -> list[Artifact]:
        """The files of the run. Raises StoreError."""
        async with self._reads() as reader:
            return await reader.artifacts(self.run_id)
