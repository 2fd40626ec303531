"""`kill -9` of the worker, of the tool, of everything: the tool ends too, and the record says why."""

import psutil
import pytest

from engine.client.launch import ensure_engine
from store.models import Run
from store.reads import StoreReader
from store.status import ModelStatus, RunStatus
from tests.support.gated_project import GatedProject
from tests.support.live_workspace import LiveWorkspace
from tests.support.processes import below, is_running, kill
from tests.support.waiting import until

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(180)]

PROMISED_S = 5.0
"""DESIGN §4: so soon after the death of a worker its tool is gone, and the run says so."""


async def building(live: LiveWorkspace) -> tuple[Run, psutil.Process, list[psutil.Process]]:
    """A run in the middle of a model, its worker, and the tool with what it started."""
    project = GatedProject(live.folder)
    project.write()
    run = await live.start()
    await project.reached()
    await live.when(run.id, lambda run: run.counts.models_running == 1, "builds a model")
    worker = await live.worker(run.id)
    tools = below(worker)
    assert {process.name() for process in tools} >= {"sleep"}
    assert len(tools) >= 2
    return run, worker, tools


async def gone(processes: list[psutil.Process], limit_s: float = PROMISED_S) -> None:
    await until(lambda: not any(is_running(process) for process in processes), "dbt is gone", limit_s)


async def interrupted(live: LiveWorkspace, run_id: int) -> dict[str, ModelStatus]:
    """The models that were being built when the run broke off."""
    async with StoreReader.open(live.paths.database) as reader:
        return {model.name: model.status for model in await reader.models(run_id) if model.interrupted}


async def test_with_its_worker_a_run_loses_its_tool_and_is_an_error(live: LiveWorkspace) -> None:
    run, worker, tools = await building(live)
    kill(worker)
    ended = await live.ended(run.id, PROMISED_S)
    await gone(tools)

    assert (ended.status, ended.status_reason) == (
        RunStatus.ERROR,
        f"worker (pid {worker.pid}) was killed by signal 9 before the run was over",
    )
    assert await interrupted(live, run.id) == {"gate_1": ModelStatus.CANCELLED}


async def test_when_everything_is_killed_at_once_the_next_engine_says_so(live: LiveWorkspace) -> None:
    run, worker, tools = await building(live)
    kill(live.engine())
    kill(worker)
    tool = await live.tool(run.id)
    await gone([tool])
    assert (await live.run(run.id)).is_active
    async with await ensure_engine(live.folder):
        pass
    ended = await live.ended(run.id, PROMISED_S)
    await gone(tools)

    assert (ended.status, ended.status_reason) == (
        RunStatus.ERROR,
        f"worker (pid {worker.pid}) disappeared before the run was over",
    )
    assert await interrupted(live, run.id) == {"gate_1": ModelStatus.CANCELLED}


async def test_a_tool_that_is_killed_fails_the_run_with_the_signal(live: LiveWorkspace) -> None:
    run, _, tools = await building(live)
    kill(await live.tool(run.id))
    ended = await live.ended(run.id)
    await gone(tools)

    assert (ended.status, ended.status_reason) == (RunStatus.FAILED, "dbt was ended by signal 9 (SIGKILL).")
    assert await interrupted(live, run.id) == {"gate_1": ModelStatus.FAILED}
