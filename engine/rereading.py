"""Reads a SQLMesh project's environments again after a run that was stopped or lost, and so could not report them."""

import asyncio
import logging

from engine.errors import RunroomError, UsageError
from engine.refresh import Refresher
from store.models import Run
from store.reads import StoreReader
from store.status import RunStatus

_logger = logging.getLogger("runroom.engine")
_UNREPORTED = frozenset({RunStatus.CANCELLED, RunStatus.FAILED, RunStatus.ERROR})


class Rereader:
    """What is to be read again, and the reading; a project in which a run is going on waits for that run's end."""

    def __init__(self, refresher: Refresher, reader: StoreReader) -> None:
        self._refresher = refresher
        self._reader = reader
        self._wanted: set[str] = set()
        self._news = asyncio.Event()

    async def ended(self, run: Run) -> None:
        """A run is over; it is read again where it may have left its environment otherwise than is known."""
        if run.status in _UNREPORTED and run.tool == "sqlmesh" and not run.preview and not await self._reported(run):
            self._wanted.add(run.project)
        if run.project in self._wanted:
            self._news.set()

    async def _reported(self, run: Run) -> bool:
        """Whether the run came so far as to say how it left its environment; one that never began left it alone."""
        if run.started_at is None:
            return True
        states = (await self._reader.environment_states(run.project)).values()
        return any(state.ts >= run.started_at for state in states)

    async def run(self) -> None:
        """Goes on for as long as the engine does."""
        while True:
            await self._news.wait()
            self._news.clear()
            for project in sorted(self._wanted):
                await self._read(project)

    async def _read(self, project: str) -> None:
        try:
            await self._refresher.refresh(project)
        except UsageError as error:
            _logger.info("the environments of %s are read later: %s", project, error)
            return
        except RunroomError as error:
            _logger.warning("%s", error)
        self._wanted.discard(project)
