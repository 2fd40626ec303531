"""What follows the end of a run: retries and pipelines, each exactly once."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from engine import supervisor as module
from engine.aftermath import Aftermath, followers, retry_at
from engine.enduring import beside
from engine.origin import Origin
from engine.protocol import CancelRun, StartRun
from store.clock import system_clock
from store.filters import RunFilter
from store.models import Job, JobPause, Run, RunOptions
from store.status import RunStatus
from tests.engine.played_engine import PlayedEngine, job
from tests.engine.played_worker import PlayedWorkers, finish
from tests.engine.test_queue import run as ended_run
from tests.store.making import BEGIN, moment
from tests.support.waiting import until

INGEST = job("ingest")
REPORT = job("report", "dev", after=[{"job": "flights/ingest"}])
ALARM = job("alarm", "test", after=[{"job": "flights/ingest", "on": "failure"}])
CLEAN = job("clean", "test", after=[{"job": "flights/ingest", "on": "any"}])
JOBS = (INGEST, REPORT, ALARM, CLEAN)


def ingest(status: RunStatus, environment: str = "prod", attempt: int = 1) -> Run:
    """A run of the job `ingest` that ended."""
    update = {"finished_at": moment(60), "attempt": attempt}
    return ended_run(1, environment, "ingest", status).model_copy(update=update)


@pytest.mark.parametrize(
    ("status", "started"),
    [
        (RunStatus.COMPLETED, ["report", "clean"]),
        (RunStatus.PARTIAL, ["report", "clean"]),
        (RunStatus.FAILED, ["alarm", "clean"]),
        (RunStatus.ERROR, ["alarm", "clean"]),
        (RunStatus.CANCELLED, []),
        (RunStatus.SKIPPED, []),
    ],
)
def test_jobs_follow_by_outcome(status: RunStatus, started: list[str]) -> None:
    assert [each.name for each in followers(JOBS, INGEST, ingest(status))] == started


def test_a_run_elsewhere_starts_nothing() -> None:
    assert followers(JOBS, INGEST, ingest(RunStatus.COMPLETED, "dev")) == []


def test_a_plan_that_was_only_shown_and_an_empty_selection_start_nothing() -> None:
    done = ingest(RunStatus.COMPLETED)
    empty = done.model_copy(update={"built_nothing": True, "options": RunOptions(select=("nope",))})
    for run in (done.model_copy(update={"preview": True}), empty):
        assert followers(JOBS, INGEST, run) == []


def test_the_pause_before_a_retry_grows_and_ends_within_a_day() -> None:
    patient = job("ingest", retries=10, retry_delay_s=60, retry_backoff=10)

    def wait(attempt: int) -> timedelta | None:
        at = retry_at(patient, ingest(RunStatus.FAILED, attempt=attempt), BEGIN)
        return at - moment(60) if at else None

    assert [wait(attempt) for attempt in (1, 2, 3, 4, 10, 11)] == [
        timedelta(minutes=1), timedelta(minutes=10), timedelta(minutes=100), timedelta(minutes=1000),
        timedelta(days=1), None,
    ]  # fmt: skip


def test_only_what_failed_is_tried_again_and_at_once_where_its_time_is_past() -> None:
    once = job("ingest", retries=1)
    for status in (RunStatus.COMPLETED, RunStatus.PARTIAL, RunStatus.CANCELLED, RunStatus.SKIPPED):
        assert retry_at(once, ingest(status), BEGIN) is None
    assert retry_at(once, ingest(RunStatus.ERROR), moment(9_999)) == moment(9_999)


class Stage:
    """An engine with its aftermath; `plan` counts how often a run was planned for later."""

    def __init__(self, engine: PlayedEngine) -> None:
        self.engine = engine
        self.planned = 0

    def plan(self) -> None:
        self.planned += 1

    @asynccontextmanager
    async def attended(self) -> AsyncIterator[None]:
        """For as long as the engine lives."""
        engine = self.engine
        aftermath = Aftermath(engine.supervisor, engine.writer, engine.reader, engine.clock, self.plan)
        async with beside("looking after ended runs", lambda: aftermath.run(engine.hub)):
            yield

    async def end(self, run_id: int, how: str) -> None:
        finish(self.engine.paths.run(run_id), how)
        await self.engine.when(run_id, RunStatus(how))

    async def runs(self, number: int) -> Sequence[Run]:
        """All runs once there are so many and nothing is undecided."""
        reader = self.engine.reader

        async def look() -> bool:
            return await reader.count_runs(RunFilter()) >= number and not await reader.ended_unfollowed()

        await until(look, f"there are {number} runs", 15)
        found = await reader.runs(RunFilter(order="oldest"), limit=50)
        assert len(found) == number
        return found


@asynccontextmanager
async def staged(folder: Path, monkeypatch: pytest.MonkeyPatch, jobs: Sequence[Job]) -> AsyncIterator[Stage]:
    workers = PlayedWorkers()
    monkeypatch.setattr(module, "start_worker", workers)
    engine = PlayedEngine(folder, workers, jobs)
    await engine.start()
    yield Stage(engine)
    await engine.stop()
    workers.end()


async def test_who_waits_for_what_follows_a_run_hears_that_it_is_decided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staged(tmp_path, monkeypatch, JOBS) as stage, stage.engine.hub.subscribe() as news:
        await stage.engine.supervisor.request_run(StartRun(job="ingest", author="anna"))
        await stage.end(1, "cancelled")
        await asyncio.wait_for(news.next(), 15)  # All of its end is said before anybody looks after it.
        async with stage.attended():
            while await stage.engine.reader.ended_unfollowed():
                told = await asyncio.wait_for(news.next(), 15)
            assert told.runs == (1,)


async def test_a_job_follows_another_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with staged(tmp_path, monkeypatch, JOBS) as stage, stage.attended():
        await stage.engine.supervisor.request_run(StartRun(job="ingest", author="anna"))
        await stage.end(1, "failed")

        _, alarm, clean = await stage.runs(3)

        assert [(run.job, run.environment) for run in (alarm, clean)] == [("alarm", "test"), ("clean", "test")]
        assert (alarm.trigger, alarm.caused_by, alarm.author) == ("pipeline", 1, None)
        assert alarm.trigger_note == "after #1 ingest: failed"


async def test_a_paused_job_does_not_follow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with staged(tmp_path, monkeypatch, JOBS) as stage, stage.attended():
        pause = JobPause(project="flights", job="report", reason="broken", author=None, paused_at=system_clock())
        await stage.engine.writer.pause_job(pause)
        await stage.engine.supervisor.request_run(StartRun(job="ingest"))
        await stage.end(1, "completed")

        assert [run.job for run in await stage.runs(2)] == ["ingest", "clean"]


async def test_an_end_that_no_engine_saw_is_followed_once_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staged(tmp_path, monkeypatch, JOBS) as stage:
        engine = stage.engine
        await engine.supervisor.request_run(StartRun(job="ingest"))
        await engine.when(1, RunStatus.RUNNING)
        await engine.stop()
        finish(engine.paths.run(1), "completed")
        await engine.start()
        await engine.when(1, RunStatus.COMPLETED)
        # The engine dies when it has started one of two, before that is written down.
        await engine.supervisor.request_run(StartRun(job="report", trigger="pipeline"), Origin(caused_by=1))
        await engine.stop()
        await engine.start()

        async with stage.attended():
            assert [run.job for run in await stage.runs(3)] == ["ingest", "report", "clean"]
        await engine.stop()
        await engine.start()
        async with stage.attended():
            await stage.runs(3)


async def test_a_failed_run_is_tried_again_and_followed_when_its_last_try_has_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stubborn = job("ingest", retries=1, retry_delay_s=3600, retry="failed")
    async with staged(tmp_path, monkeypatch, [stubborn, ALARM]) as stage, stage.attended():
        supervisor = stage.engine.supervisor
        await supervisor.request_run(StartRun(job="ingest", author="anna"))
        await stage.end(1, "failed")

        _, again = await stage.runs(2)
        assert (again.status, again.rerun_of, again.attempt, again.trigger) == (RunStatus.SCHEDULED, 1, 2, "rerun")
        assert again.trigger_note == "retry 1 of 1, of #1"
        assert again.starts_at is not None
        assert stage.planned == 1

        # A run by hand meanwhile is in nobody's way.
        other = await supervisor.request_run(StartRun(job="ingest"))
        assert other.status is not RunStatus.SKIPPED
        await stage.end(other.id, "completed")

        await supervisor.release(again.id)
        await stage.end(again.id, "failed")
        assert [run.job for run in await stage.runs(4)] == ["ingest", "ingest", "ingest", "alarm"]


async def test_a_retry_has_the_variables_of_whoever_asked_for_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staged(tmp_path, monkeypatch, [job("ingest", retries=1)]) as stage, stage.attended():
        supervisor = stage.engine.supervisor
        environment = {**os.environ, "MOOD": "good"}
        await supervisor.request_run(StartRun(job="ingest", process_environment=environment))
        await stage.end(1, "failed")
        _, again = await stage.runs(2)
        await supervisor.release(again.id)
        await stage.end(again.id, "completed")

        assert [notice.text for notice in await stage.engine.reader.notices(again.id)] == ["good"]
        await supervisor.request_run(StartRun(job="ingest"))
        await stage.end(3, "completed")
        assert [notice.text for notice in await stage.engine.reader.notices(3)] == ["none"]


async def test_a_cancelled_run_is_not_tried_again_and_a_retry_can_be_called_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staged(tmp_path, monkeypatch, [job("ingest", retries=3, retry_delay_s=3600), CLEAN]) as stage:
        supervisor = stage.engine.supervisor
        async with stage.attended():
            await supervisor.request_run(StartRun(job="ingest"))
            await stage.engine.when(1, RunStatus.RUNNING)
            await supervisor.cancel(1, CancelRun(author="anna"))
            await stage.engine.when(1, RunStatus.CANCELLED)
            await stage.runs(1)

            await supervisor.request_run(StartRun(job="ingest"))
            await stage.end(2, "failed")
            *_, again = await stage.runs(3)
            called_off = await supervisor.cancel(again.id, CancelRun(author="anna"))
            assert (called_off.status, called_off.status_reason) == (
                RunStatus.CANCELLED,
                "stopped by anna before its time",
            )
            await stage.runs(3)
