"""Schedules as the engine keeps them: every fire is answered once, whenever it dies."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from engine import supervisor as module
from engine.configuration.requests import run_request
from engine.job_desk import JobDesk
from engine.origin import Origin
from engine.protocol import PauseJob, ResumeJob, StartRun
from engine.run_files import write_request
from engine.schedule import ScheduleKeeper
from store.filters import RunFilter
from store.models import Run
from store.reads import StoreReader
from store.status import RunStatus
from tests.engine.played_engine import PlayedEngine, job
from tests.engine.played_worker import PlayedWorkers, finish
from tests.store.making import BEGIN

MISSED = "missed while the engine was down"
OF_TWO = f"{MISSED}, one of 2 fires from 2026-11-21 04:00 to 2026-11-21 05:00 UTC"
"""What the first of them says, for people are told of that one alone."""


class Clock:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.now = BEGIN

    def __call__(self) -> datetime:
        return self.now

    def at(self, minutes: float) -> None:
        """So many minutes after 03:00."""
        self.now = BEGIN + timedelta(minutes=minutes)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> AsyncIterator[PlayedEngine]:
    """Its job `hourly` fires at every full hour."""
    workers = PlayedWorkers()
    monkeypatch.setattr(module, "start_worker", workers)
    engine = PlayedEngine(tmp_path, workers, [job("hourly", every_s=3600)], clock)
    await engine.start()
    yield engine
    await engine.stop()
    workers.end()


def keeper_of(engine: PlayedEngine) -> ScheduleKeeper:
    """What keeps the schedules in an engine that starts now."""
    return ScheduleKeeper(engine.supervisor, engine.writer, engine.reader, engine.clock)


async def runs_of(reader: StoreReader) -> list[Run]:
    return await reader.runs(RunFilter(order="oldest"), limit=50)


async def fires_of(reader: StoreReader) -> list[str]:
    """Which fires are answered, by the hour."""
    return [f"{run.scheduled_for:%H:%M}" for run in await runs_of(reader) if run.scheduled_for is not None]


async def restart(engine: PlayedEngine, policy: str) -> ScheduleKeeper:
    """Another engine, by whose configuration missed fires go that way."""
    await engine.stop()
    engine.jobs = [job("hourly", every_s=3600, missed=policy)]
    await engine.start()
    return keeper_of(engine)


async def test_a_fire_starts_the_job_once_and_the_next_look_is_at_the_next_one(
    engine: PlayedEngine, clock: Clock
) -> None:
    keeper = keeper_of(engine)
    assert await keeper.look() == 20.0
    clock.at(59.9)
    assert await keeper.look() == pytest.approx(6)
    assert await runs_of(engine.reader) == []

    clock.at(60)
    await keeper.look()
    await keeper.look()

    (run,) = await runs_of(engine.reader)
    assert (run.trigger, run.job, run.scheduled_for, run.trigger_note) == ("schedule", "hourly", clock.now, None)
    assert run.is_active


async def test_a_new_schedule_and_one_that_was_changed_begin_now(engine: PlayedEngine, clock: Clock) -> None:
    await keeper_of(engine).look()
    await engine.stop()
    clock.at(150)
    engine.jobs = [job("hourly", every_s=1800, missed="all"), job("new", every_s=60, missed="all")]
    await engine.start()

    await keeper_of(engine).look()

    assert await runs_of(engine.reader) == []


async def test_a_job_that_lost_its_schedule_and_got_it_back_missed_nothing(engine: PlayedEngine, clock: Clock) -> None:
    await keeper_of(engine).look()
    scheduled, engine.jobs = engine.jobs, [job("hourly")]
    await engine.stop()
    await engine.start()
    await keeper_of(engine).look()
    engine.jobs = scheduled
    await engine.stop()
    await engine.start()
    clock.at(150)

    await keeper_of(engine).look()

    assert await runs_of(engine.reader) == []


async def test_missed_fires_are_recorded(engine: PlayedEngine, clock: Clock) -> None:
    await keeper_of(engine).look()
    clock.at(150)
    keeper = await restart(engine, "skip")
    await keeper.look()
    await keeper.look()

    found = await runs_of(engine.reader)
    assert [run.status for run in found] == [RunStatus.SKIPPED] * 2
    assert [run.status_reason for run in found] == [OF_TWO, MISSED]
    assert await fires_of(engine.reader) == ["04:00", "05:00"]
    assert engine.workers.started == []

    clock.at(180)
    await keeper.look()
    assert (await runs_of(engine.reader))[-1].is_active


async def test_one_run_stands_for_those_that_were_missed(engine: PlayedEngine, clock: Clock) -> None:
    await keeper_of(engine).look()
    clock.at(150)
    await (await restart(engine, "once")).look()

    (run,) = await runs_of(engine.reader)
    assert (run.is_active, run.trigger_note) == (True, f"stands for 2 fires {MISSED}")
    assert await fires_of(engine.reader) == ["05:00"]


async def test_all_that_were_missed_are_run_one_after_the_other(engine: PlayedEngine, clock: Clock) -> None:
    await keeper_of(engine).look()
    clock.at(150)
    await (await restart(engine, "all")).look()

    first, second = await runs_of(engine.reader)
    assert (first.trigger_note, second.trigger_note, second.waits_for) == (OF_TWO, MISSED, first.id)
    finish(engine.paths.run(first.id))
    await engine.when(second.id, RunStatus.RUNNING)


@pytest.mark.parametrize("policy", ["skip", "once", "all"])
async def test_an_engine_that_is_killed_in_the_midst_of_it_leaves_the_rest_to_the_next(
    engine: PlayedEngine, clock: Clock, policy: str
) -> None:
    await keeper_of(engine).look()
    clock.at(150)
    await engine.stop()
    engine.jobs = [job("hourly", every_s=3600, missed=policy)]
    await engine.start()
    # One fire is answered, and that it is was not written down any more.
    answered = Origin(scheduled_for=BEGIN + timedelta(hours=1), not_started=MISSED)
    await engine.supervisor.request_run(StartRun(job="hourly", trigger="schedule"), answered)

    await (await restart(engine, policy)).look()
    await (await restart(engine, policy)).look()

    assert await fires_of(engine.reader) == ["04:00", "05:00"]
    last = (await runs_of(engine.reader))[-1]
    assert last.trigger_note == {"skip": None, "once": f"stands for 1 fire {MISSED}", "all": MISSED}[policy]


async def test_what_a_run_stood_for_is_not_counted_again(engine: PlayedEngine, clock: Clock) -> None:
    await keeper_of(engine).look()
    clock.at(150)
    # The engine that answered two fires by this one run was killed before it wrote down that they are answered.
    stands = Origin(scheduled_for=BEGIN + timedelta(hours=2), note=f"stands for 2 fires {MISSED}", not_started="x")
    await engine.supervisor.request_run(StartRun(job="hourly", trigger="schedule"), stands)
    clock.at(210)

    await (await restart(engine, "once")).look()

    assert (await runs_of(engine.reader))[-1].trigger_note == f"stands for 1 fire {MISSED}"


async def test_fires_of_a_long_absence_are_counted_to_a_bound(engine: PlayedEngine, clock: Clock) -> None:
    engine.jobs = [job("ticking", every_s=1, missed="once")]
    await engine.stop()
    await engine.start()
    await keeper_of(engine).look()
    clock.at(60 * 24 * 365)

    await keeper_of(engine).look()

    (run,) = await runs_of(engine.reader)
    assert run.trigger_note == f"stands for 50,000 fires {MISSED}"


async def test_what_was_to_be_recorded_only_is_never_started(engine: PlayedEngine) -> None:
    wanted = StartRun(job="hourly", trigger="schedule")
    asked = run_request(engine.supervisor.workspace, wanted, 1, BEGIN)
    request = Origin(scheduled_for=BEGIN, not_started=MISSED).onto(asked)
    # The engine died right after it had written the run down.
    write_request(engine.paths.run(1), request)
    await engine.writer.create_run(request)
    await engine.stop()

    await engine.start()

    run = await engine.when(1, RunStatus.SKIPPED)
    assert (run.status_reason, engine.workers.started) == (MISSED, [])


async def test_a_clock_that_was_set_back_does_not_silence_a_job(engine: PlayedEngine, clock: Clock) -> None:
    clock.at(60 * 24 * 365)
    await keeper_of(engine).look()
    clock.at(30)
    keeper = await restart(engine, "skip")
    await keeper.look()
    clock.at(60)
    await keeper.look()
    assert await fires_of(engine.reader) == ["04:00"]


async def test_a_paused_job_does_not_fire_and_goes_on_from_its_next_fire(engine: PlayedEngine, clock: Clock) -> None:
    keeper = keeper_of(engine)
    desk = JobDesk(lambda: engine.supervisor.workspace, engine.writer, engine.reader, engine.hub, clock, keeper.wake)
    await keeper.look()
    async with engine.hub.subscribe() as news:
        pause = await desk.pause(PauseJob(job="hourly", reason="the source is late", author="anna"))
        assert (await news.next()).workspace
    assert (pause.paused_at, pause.author, pause.reason) == (BEGIN, "anna", "the source is late")

    clock.at(150)
    await keeper.look()
    assert await runs_of(engine.reader) == []
    await desk.resume(ResumeJob(job="flights/hourly", author="ben"))
    await keeper.look()
    assert await runs_of(engine.reader) == []

    clock.at(180)
    await keeper.look()
    assert await fires_of(engine.reader) == ["06:00"]


async def test_a_run_waits_for_its_time_and_is_skipped_where_its_job_is_paused_then(
    engine: PlayedEngine, clock: Clock
) -> None:
    keeper = keeper_of(engine)
    later = Origin(starts_at=BEGIN + timedelta(minutes=5))
    run = await engine.supervisor.request_run(StartRun(job="hourly"), later)
    assert run.status is RunStatus.SCHEDULED
    await keeper.look()
    assert keeper.waits_for_retries

    clock.at(5)
    await keeper.look()
    assert (await engine.reader.run(run.id)).status is RunStatus.QUEUED or engine.workers.started
    assert not keeper.waits_for_retries
    finish(engine.paths.run(run.id))
    await engine.when(run.id, RunStatus.COMPLETED)

    desk = JobDesk(lambda: engine.supervisor.workspace, engine.writer, engine.reader, engine.hub, clock, keeper.wake)
    await desk.pause(PauseJob(job="hourly", reason="the source is late"))
    other = await engine.supervisor.request_run(StartRun(job="hourly"), later)
    await keeper.look()
    skipped = await engine.reader.run(other.id)
    assert (skipped.status, skipped.status_reason) == (RunStatus.SKIPPED, "hourly is paused: the source is late")
