"""Deaths between two steps of the road: after a run was recorded, and of those who only look on."""

import subprocess
import sys

import psutil
import pytest

from engine.client.launch import ensure_engine
from store.clock import system_clock
from store.models import RunRequest
from store.status import RunStatus
from store.writes import StoreWriter
from tests.support.gated_project import GatedProject
from tests.support.live_workspace import LiveWorkspace
from tests.support.processes import kill
from tests.support.written_runs import write_run

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(180)]


async def test_a_run_that_was_recorded_but_not_started_is_started_by_the_next_engine(live: LiveWorkspace) -> None:
    GatedProject(live.folder).write()
    async with await ensure_engine(live.folder):
        pass
    await live.kill_engine()
    files = write_run(live.paths, 1, system_clock(), [])
    async with StoreWriter.open(live.paths.database) as writer:
        await writer.create_run(RunRequest.model_validate_json(files.request.read_bytes()))
    async with await ensure_engine(live.folder):
        pass

    worker = await live.worker(1)
    assert str(files.folder) in worker.cmdline()


async def test_clients_that_are_killed_do_not_matter(live: LiveWorkspace) -> None:
    project = GatedProject(live.folder)
    project.write()
    client = psutil.Popen(
        [sys.executable, "-m", "tui.command_line.main", "-w", str(live.folder), "run", "build"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    await project.reached()
    kill(client)
    client.wait()
    project.open()

    assert (await live.ended(1)).status is RunStatus.COMPLETED
