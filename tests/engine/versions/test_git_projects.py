"""The files of a project that comes from a remote are nobody's to put back here."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from engine.configuration.workspace import Workspace
from engine.errors import UsageError
from engine.protocol import RestoreRun
from engine.run_files import write_request
from engine.version_desk import VersionDesk
from store.clock import system_clock
from store.models import Mirror
from store.paths import WorkspacePaths
from store.reads import StoreReader
from store.writes import StoreWriter
from tests.store.making import finished, happen, request, started


@asynccontextmanager
async def reserve(project: str, until: str = "") -> AsyncIterator[None]:
    """Nothing else works here."""
    yield


async def note(action: str, run_id: int, author: str | None, text: str | None) -> None:
    """Nobody reads it."""


async def test_putting_them_back_is_refused_with_what_to_do_instead(tmp_path: Path) -> None:
    paths = WorkspacePaths(tmp_path)
    mirror = Mirror(url="https://anna@example.org/flights.git", folder="/mirror", checkout="/projects/flights")
    wanted = request(1, mirror=mirror)
    paths.record.mkdir()
    async with StoreWriter.open(paths.database) as writer, StoreReader.open(paths.database) as reader:
        await writer.create_run(wanted)
        await happen(writer, 1, started(), finished())
        write_request(paths.run(1), wanted)
        desk = VersionDesk(lambda: Workspace(paths=paths, name="analytics"), reader, reserve, note, system_clock)

        with pytest.raises(UsageError, match=r"flights comes from https://example\.org/flights\.git: put its files"):
            await desk.preview_restore(1, RestoreRun())
