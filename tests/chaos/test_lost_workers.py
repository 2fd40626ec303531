"""What an engine makes of runs that a former one left: alive, dead, or half begun."""

import fcntl
import os
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from engine.client.launch import ensure_engine
from engine.lock import hold_lock
from engine.workers import RUN_FOLDER_VARIABLE, end_group
from store.events import AnyEvent, ModelStarted, RunFinished, RunStarted, to_line
from store.paths import RunPaths
from store.reads import StoreReader
from store.status import RunStatus
from tests.support.gated_project import GatedProject
from tests.support.live_workspace import LiveWorkspace
from tests.support.waiting import until
from tests.support.written_runs import write_run

pytestmark = pytest.mark.timeout(60)

THEN = datetime(2026, 11, 21, 14, 4, tzinfo=UTC)
STARTED = RunStarted(ts=THEN, seq=1, pid=os.getpid(), pid_started=1.0, host="here", tool="dbt")


async def look_at(live: LiveWorkspace) -> None:
    GatedProject(live.folder).write()
    async with await ensure_engine(live.folder):
        pass


async def test_a_worker_that_holds_its_lock_lives_whatever_the_clock_says(live: LiveWorkspace) -> None:
    files = write_run(live.paths, 1, THEN, [STARTED])
    with hold_lock(files.worker_lock):
        await look_at(live)
        with files.journal.open("ab") as journal:
            journal.write(to_line(ModelStarted(ts=THEN, seq=2, model="model.gated.orders")))
        await live.when(1, lambda run: run.counts.models_running == 1, "builds a model")
        with files.journal.open("ab") as journal:
            journal.write(to_line(RunFinished(ts=THEN, seq=3, status=RunStatus.COMPLETED)))
        assert (await live.ended(1)).status is RunStatus.COMPLETED


async def test_a_run_whose_worker_is_gone_ends_with_the_reason_and_goes_on_from_a_torn_line(
    live: LiveWorkspace,
) -> None:
    whole: list[AnyEvent] = [STARTED, ModelStarted(ts=THEN, seq=2, model="model.gated.orders")]
    files = write_run(live.paths, 1, THEN, whole)
    size = files.journal.stat().st_size
    with files.journal.open("ab") as journal:
        journal.write(b'{"v":1,"seq":3,"ts":"2026-11-21T14:04:01Z","type":"model.fin')
    await look_at(live)

    run = await live.ended(1)
    assert (run.status, run.status_reason) == (
        RunStatus.ERROR,
        f"worker (pid {os.getpid()}) disappeared before the run was over",
    )
    async with StoreReader.open(live.paths.database) as reader:
        notices = [notice.text for notice in await reader.notices(1)]
        models = {model.model: model.interrupted for model in await reader.models(1)}
    assert len(notices) == 1
    assert f"line at byte {size} is unreadable" in notices[0]
    assert models == {"model.gated.orders": True}
    assert files.journal.read_bytes().endswith(b"}\n")


async def test_a_worker_that_died_before_its_first_word_does_not_leave_the_run_queued(live: LiveWorkspace) -> None:
    write_run(live.paths, 1, THEN, []).journal.write_bytes(b'{"v":1,"seq":1,"ts":"2026')
    await look_at(live)

    run = await live.ended(1)
    assert (run.status, run.status_reason) == (RunStatus.ERROR, "worker disappeared before the run was over")


async def test_a_journal_that_cannot_be_read_for_a_while_is_read_later(live: LiveWorkspace) -> None:
    files = write_run(live.paths, 1, THEN, [STARTED])
    with hold_lock(files.worker_lock):
        await look_at(live)
        aside = files.journal.rename(files.folder / "aside")
        files.journal.mkdir()
        await until(lambda: "it is tried again" in live.paths.engine_log.read_text(), "the engine complains")
        files.journal.rmdir()
        with aside.rename(files.journal).open("ab") as journal:
            journal.write(to_line(RunFinished(ts=THEN, seq=2, status=RunStatus.COMPLETED)))
        ended = await live.ended(1)
    async with StoreReader.open(live.paths.database) as reader:
        assert await reader.notices(1) == []
    assert ended.status is RunStatus.COMPLETED


def sleeper(variables: dict[str, str]) -> "subprocess.Popen[bytes]":
    """A process that leads a group of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", "input()"], env={**os.environ, **variables}, process_group=0, stdin=subprocess.PIPE
    )


async def test_only_processes_of_the_run_are_ended_with_its_group(live: LiveWorkspace) -> None:
    paths = RunPaths(live.folder / "runs" / "1")
    with (
        sleeper({RUN_FOLDER_VARIABLE: str(paths.folder)}) as own,
        sleeper({}) as stranger,
        sleeper({RUN_FOLDER_VARIABLE: str(live.folder / "runs" / "12")}) as neighbour,
    ):
        for process in (own, stranger, neighbour):
            end_group(process.pid, paths)
        await until(lambda: own.poll() is not None, "the run's own process is gone", 5)
        assert own.poll() == -9
        assert (stranger.poll(), neighbour.poll()) == (None, None)
        stranger.kill()
        neighbour.kill()


def test_whoever_only_looks_at_a_lock_keeps_nobody_out(live: LiveWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = live.folder / "lock"
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    monkeypatch.setattr(time, "sleep", lambda _: os.close(descriptor))
    with hold_lock(lock):
        assert lock.read_text() == f"{os.getpid()}\n"
