"""Requests, the queue and the life of runs, with workers that are played."""

import asyncio
import os
import signal
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine import supervisor as module
from engine.api.settings import Webhook
from engine.configuration.workspace import Workspace
from engine.errors import UsageError
from engine.protocol import CancelRun, RerunRun, StartRun
from store.errors import RunNotFound
from store.models import Run, RunOptions, RunRequest
from store.status import RunStatus
from tests.engine.played_engine import PlayedEngine, job
from tests.engine.played_worker import PlayedWorkers, finish
from tests.support.waiting import until

NIGHTLY, HOURLY, CHECK = StartRun(job="nightly"), StartRun(job="hourly"), StartRun(job="check")


@pytest.fixture
async def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PlayedEngine]:
    """An engine without runs."""
    workers = PlayedWorkers()
    monkeypatch.setattr(module, "start_worker", workers)
    engine = PlayedEngine(tmp_path, workers)
    await engine.start()
    yield engine
    await engine.stop()
    workers.end()


async def test_a_run_is_started_followed_and_over(engine: PlayedEngine) -> None:
    async with engine.hub.subscribe() as subscription:
        asked = await engine.supervisor.request_run(NIGHTLY.model_copy(update={"author": "anna"}))
        assert (asked.id, asked.job, asked.author) == (1, "nightly", "anna")
        await engine.when(1, RunStatus.RUNNING)
        assert engine.supervisor.busy

        finish(engine.paths.run(1))

        await engine.when(1, RunStatus.COMPLETED)
        assert 1 in (await subscription.next()).runs
    await until(lambda: not engine.supervisor.busy, "nothing is followed any more", 15)


async def test_the_environment_of_who_asked_reaches_the_worker(engine: PlayedEngine) -> None:
    environment = {**os.environ, "MOOD": "good"}
    await engine.supervisor.request_run(NIGHTLY.model_copy(update={"process_environment": environment}))
    finish(engine.paths.run(1))
    await engine.when(1, RunStatus.COMPLETED)

    assert [notice.text for notice in await engine.reader.notices(1)] == ["good"]
    assert "good" not in engine.paths.run(1).request.read_text("utf-8")


async def test_the_secret_of_a_webhook_does_not_reach_the_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOOD", "secret")
    workers = PlayedWorkers()
    monkeypatch.setattr(module, "start_worker", workers)
    engine = PlayedEngine(tmp_path, workers, webhooks=(Webhook("hub", "github", "MOOD", "flights"),))
    await engine.start()
    await engine.supervisor.request_run(NIGHTLY)
    finish(engine.paths.run(1))
    await engine.when(1, RunStatus.COMPLETED)
    assert [notice.text for notice in await engine.reader.notices(1)] == ["none"]
    await engine.stop()
    workers.end()


async def test_the_second_run_of_a_job_is_skipped(engine: PlayedEngine) -> None:
    await engine.supervisor.request_run(NIGHTLY)
    await engine.when(1, RunStatus.RUNNING)

    second = await engine.supervisor.request_run(NIGHTLY)

    assert (second.status, second.collided_with) == (RunStatus.SKIPPED, 1)
    assert second.status_reason == "#1 of the same job was still running"
    assert len(engine.workers.started) == 1


async def test_a_run_waits_for_its_place_and_says_for_whom(engine: PlayedEngine) -> None:
    await engine.supervisor.request_run(NIGHTLY)
    waiting = await engine.supervisor.request_run(HOURLY)
    assert (waiting.status, waiting.waits_for) == (RunStatus.QUEUED, 1)
    assert waiting.status_reason == "waits for #1, which works in flights/prod"

    finish(engine.paths.run(1))

    running = await engine.when(2, RunStatus.RUNNING)
    assert (running.waits_for, running.status_reason) == (None, None)


async def test_no_more_runs_at_once_than_allowed(engine: PlayedEngine) -> None:
    await engine.supervisor.request_run(NIGHTLY)
    await engine.supervisor.request_run(CHECK)
    third = await engine.supervisor.request_run(StartRun(environment="test", steps=("build",)))

    assert third.status_reason == "waits for a free slot (2 of 2 in use)"
    await engine.when(1, RunStatus.RUNNING)
    await engine.when(2, RunStatus.RUNNING)
    finish(engine.paths.run(2), "failed")
    await engine.when(3, RunStatus.RUNNING)


async def test_a_request_that_means_nothing_leaves_nothing(engine: PlayedEngine) -> None:
    with pytest.raises(UsageError, match="weekly"):
        await engine.supervisor.request_run(StartRun(job="weekly"))

    assert await engine.reader.active_runs() == []
    assert list(engine.paths.runs.iterdir()) == []


async def test_a_request_waits_for_the_configuration_that_is_being_read(
    engine: PlayedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who saves the file and asks at once must not be told of the file as it was."""
    saved = replace(engine.supervisor.workspace, jobs=(job("new"),))
    reading, go_on = threading.Event(), threading.Event()

    def slowly(_: Path) -> Workspace:
        reading.set()
        assert go_on.wait(30)
        return saved

    monkeypatch.setattr(module, "load_workspace", slowly)
    engine.paths.configuration.write_text("saved")
    watched = asyncio.create_task(engine.supervisor.reload())
    await asyncio.to_thread(reading.wait, 30)
    asked = asyncio.create_task(engine.supervisor.request_run(StartRun(job="new")))
    await asyncio.wait([asked], timeout=0.05)
    go_on.set()

    assert (await asked).job == "new"
    await watched


async def test_an_edit_during_the_reading_is_not_missed(engine: PlayedEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    first = replace(engine.supervisor.workspace, jobs=(job("first"),))
    second = replace(first, jobs=(job("first"), job("second")))

    def saved_again_meanwhile(_: Path) -> Workspace:
        engine.paths.configuration.write_text("saved again, and longer")
        monkeypatch.setattr(module, "load_workspace", lambda _: second)
        return first

    monkeypatch.setattr(module, "load_workspace", saved_again_meanwhile)
    engine.paths.configuration.write_text("saved")
    await engine.supervisor.reload()

    assert (await engine.supervisor.request_run(StartRun(job="second"))).job == "second"


async def test_a_running_run_is_stopped_by_its_worker(engine: PlayedEngine) -> None:
    await engine.supervisor.request_run(NIGHTLY)

    await engine.supervisor.cancel(1, CancelRun(author="anna"))

    run = await engine.when(1, RunStatus.CANCELLED)
    assert run.status_reason == "stopped by anna"
    with pytest.raises(UsageError, match="not active any more: it is cancelled"):
        await engine.supervisor.cancel(1, CancelRun())
    with pytest.raises(RunNotFound):
        await engine.supervisor.cancel(9, CancelRun())


async def test_a_queued_run_is_cancelled_at_once(engine: PlayedEngine) -> None:
    await engine.supervisor.request_run(NIGHTLY)
    await engine.supervisor.request_run(HOURLY)

    cancelled = await engine.supervisor.cancel(2, CancelRun(author="anna"))

    assert (cancelled.status, cancelled.status_reason) == (RunStatus.CANCELLED, "stopped by anna in the queue")
    assert cancelled.waits_for is None
    assert len(engine.workers.started) == 1


async def test_a_worker_that_cannot_be_started_is_an_error_and_blocks_nobody(engine: PlayedEngine) -> None:
    engine.workers.refuse = OSError("no memory")
    broken = await engine.supervisor.request_run(NIGHTLY)
    assert broken.status is RunStatus.ERROR
    assert broken.status_reason == "no worker could be started: no memory"

    engine.workers.refuse = None
    await engine.supervisor.request_run(NIGHTLY)
    await engine.when(2, RunStatus.RUNNING)


async def test_a_worker_that_breaks_is_an_error_with_its_last_words(engine: PlayedEngine) -> None:
    await engine.supervisor.request_run(NIGHTLY)
    finish(engine.paths.run(1), "break")

    run = await engine.when(1, RunStatus.ERROR)
    pid = engine.workers.started[0].pid
    assert run.status_reason == (
        f"worker (pid {pid}) ended with exit code 3 before the run was over: ZeroDivisionError: by zero"
    )


async def test_a_worker_that_is_killed_is_an_error_and_makes_room(engine: PlayedEngine) -> None:
    await engine.supervisor.request_run(NIGHTLY)
    await engine.supervisor.request_run(HOURLY)
    await engine.when(1, RunStatus.RUNNING)

    engine.workers.started[0].kill()

    run = await engine.when(1, RunStatus.ERROR)
    assert run.status_reason is not None
    assert f"was killed by signal {signal.SIGKILL.value}" in run.status_reason
    await engine.when(2, RunStatus.RUNNING)


async def test_the_next_engine_takes_up_what_goes_on(engine: PlayedEngine) -> None:
    await engine.supervisor.request_run(NIGHTLY)
    await engine.supervisor.request_run(HOURLY)
    await engine.when(1, RunStatus.RUNNING)
    await engine.stop()
    finish(engine.paths.run(1))
    await asyncio.to_thread(engine.workers.started[0].wait)

    await engine.start()

    await engine.when(1, RunStatus.COMPLETED)
    await engine.when(2, RunStatus.RUNNING)
    assert len(engine.workers.started) == 2


async def test_the_next_engine_can_stop_what_it_adopted(engine: PlayedEngine) -> None:
    await engine.supervisor.request_run(NIGHTLY)
    await engine.when(1, RunStatus.RUNNING)
    await engine.stop()
    await engine.start()

    await engine.supervisor.cancel(1, CancelRun(author="ben"))

    assert (await engine.when(1, RunStatus.CANCELLED)).status_reason == "stopped by ben"


async def test_the_next_engine_finds_a_worker_that_died_meanwhile(engine: PlayedEngine) -> None:
    await engine.supervisor.request_run(NIGHTLY)
    await engine.when(1, RunStatus.RUNNING)
    await engine.stop()
    child = engine.workers.started[0]
    child.kill()
    await asyncio.to_thread(child.wait)

    await engine.start()

    run = await engine.when(1, RunStatus.ERROR)
    assert run.status_reason == f"worker (pid {child.pid}) disappeared before the run was over"


async def _ended(engine: PlayedEngine, wanted: StartRun, how: str = "completed") -> Run:
    run = await engine.supervisor.request_run(wanted)
    finish(engine.paths.run(run.id), how)
    return await engine.when(run.id, RunStatus(how))


async def test_a_run_of_a_job_is_run_again(engine: PlayedEngine) -> None:
    options = RunOptions(select=("mart+",), full_refresh=True)
    await _ended(engine, NIGHTLY.model_copy(update={"options": options}), "failed")

    again = await engine.supervisor.rerun(1, RerunRun(author="anna"))

    assert (again.id, again.rerun_of, again.trigger, again.job, again.author) == (2, 1, "rerun", "nightly", "anna")
    assert again.options == options
    with pytest.raises(UsageError, match="Nothing failed"):
        await engine.supervisor.rerun(1, RerunRun(mode="failed"))


async def test_a_run_without_a_job_is_run_again_with_its_steps(engine: PlayedEngine) -> None:
    await _ended(engine, StartRun(environment="prod", steps=("seed", "run --select a")))

    again = await engine.supervisor.rerun(1, RerunRun())

    written = RunRequest.model_validate_json(engine.paths.run(again.id).request.read_bytes())
    assert (written.steps, written.environment) == (("seed", "run --select a"), "prod")


async def test_a_run_is_renamed(engine: PlayedEngine) -> None:
    await engine.supervisor.request_run(NIGHTLY)
    finish(engine.paths.run(1))
    await engine.when(1, RunStatus.COMPLETED)

    assert (await engine.supervisor.rename(1, "the good one")).name == "the good one"
    written = RunRequest.model_validate_json(engine.paths.run(1).request.read_bytes())
    assert written.name == "the good one"
    with pytest.raises(RunNotFound):
        await engine.supervisor.rename(2, "one that is not there")
