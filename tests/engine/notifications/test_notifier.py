"""What people are told of, over a real record: once, of what is news to them, and in spite of sinks that fail."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from engine.errors import UsageError
from engine.missed import REASON
from engine.notifications.channel import Channel, QuietHours
from engine.notifications.notifier import Notifier
from store.events import RunFinished
from store.notifications import MOST_ATTEMPTS, Notification
from store.paths import WorkspacePaths
from store.reads import StoreReader
from store.status import RunStatus
from store.writes import StoreWriter
from tests.simulated_run import Scenario
from tests.store.making import happen, request, started
from tests.worlds import DELAYS_ERROR, ENVIRONMENTS, JOBS, NOW, PROJECTS, WorldBuilder

BROKEN = {"int_delays": DELAYS_ERROR}
OTHERWISE = {"stg_weather": "Runtime Error in model stg_weather\n  IO Error: disk full"}


class Desk:
    """A record, a notifier over it, and a command as the channel, which keeps what it gets."""

    def __init__(self, folder: Path, writer: StoreWriter, reader: StoreReader) -> None:
        self.writer = writer
        self.reader = reader
        self.now = NOW
        self.took = folder / "took.jsonl"
        self.works = folder / "works"
        self.works.touch()
        keep = f"test -e {self.works} && cat >> {self.took} && echo >> {self.took}"
        self.channels = [Channel("oncall", command=("sh", "-c", keep))]
        self._builder = WorldBuilder(writer, WorkspacePaths(folder))
        self._runs = 0
        self.notifier = Notifier(lambda: self.channels, WorkspacePaths(folder), writer, reader, self.clock)

    def clock(self) -> datetime:
        return self.now

    async def night(self, failing: dict[str, str] | None = None, job: str = "nightly", **scenario: object) -> int:
        """A run that ends, with these models failing."""
        self._runs += 1
        begin = NOW - timedelta(hours=30 - self._runs)
        run_id = await self._builder.execute(
            f"run-{self._runs}",
            Scenario(begin, failing or {}, warns=False, **scenario),  # type: ignore[arg-type]
            job=job,
        )
        await self.writer.mark_followed(run_id)
        return run_id

    async def missed_fire(
        self,
        due: datetime,
        recorded: datetime,
        job: str = "nightly",
        ends: RunStatus = RunStatus.SKIPPED,
        **more: object,
    ) -> int:
        """A run for a fire that nobody was there for: recorded as skipped, or executed so late."""
        run_id = await self.writer.next_run_id()
        asked = request(run_id, job=job, trigger="schedule", scheduled_for=due, created_at=recorded, **more)
        await self.writer.create_run(asked)
        begun = [] if ends is RunStatus.SKIPPED else [started()]
        await happen(self.writer, run_id, *begun, RunFinished(ts=recorded, status=ends, reason=REASON))
        await self.writer.mark_followed(run_id)
        return run_id

    async def told(self) -> list[tuple[str, int]]:
        """What has arrived by now: the occasion and the run of each message."""
        await self.notifier.look()
        lines = self.took.read_text().splitlines() if self.took.exists() else []
        return [(each["occasion"], each["run"]["id"]) for each in map(json.loads, filter(None, lines))]

    async def latest(self) -> Notification:
        return (await self.reader.notifications.latest(1))[0]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with _record(tmp_path) as (writer, reader):
        yield Desk(tmp_path, writer, reader)


@asynccontextmanager
async def _record(folder: Path) -> AsyncIterator[tuple[StoreWriter, StoreReader]]:
    paths = WorkspacePaths(folder)
    paths.record.mkdir(parents=True, exist_ok=True)
    async with StoreWriter.open(paths.database) as writer, StoreReader.open(paths.database) as reader:
        await writer.sync_workspace("analytics", PROJECTS, ENVIRONMENTS, JOBS)
        yield writer, reader


async def test_a_failure_and_its_end_are_told_once(desk: Desk) -> None:
    await desk.night()
    assert await desk.told() == []
    failed = await desk.night(BROKEN)
    assert await desk.told() == [("failure", failed)]
    good = await desk.night()
    assert await desk.told() == [("failure", failed), ("recovery", good)]
    await desk.night()
    assert len(await desk.told()) == 2


async def test_one_cause_is_one_message_until_it_is_over(desk: Desk) -> None:
    first = await desk.night(BROKEN)
    await desk.night(BROKEN)
    await desk.night(BROKEN, job="hourly")
    assert await desk.told() == [("failure", first)]
    other = await desk.night(BROKEN | OTHERWISE)
    assert await desk.told() == [("failure", first), ("failure", other)]
    good = await desk.night()
    again = await desk.night(BROKEN)
    assert (await desk.told())[2:] == [("recovery", good), ("failure", again)]


async def test_what_does_not_build_what_failed_is_no_recovery(desk: Desk) -> None:
    failed = await desk.night(BROKEN)
    await desk.night(job="hourly", seconds=20.0, stopped=True)
    assert await desk.told() == [("failure", failed)]
    good = await desk.night(job="hourly")
    assert await desk.told() == [("failure", failed), ("recovery", good)], "it built the same models, with success"


async def test_an_outage_is_told_once_for_each_job(desk: Desk) -> None:
    back = NOW - timedelta(hours=8)
    first = await desk.missed_fire(back - timedelta(hours=2), back)
    await desk.missed_fire(back - timedelta(hours=1), back + timedelta(seconds=1))
    other = await desk.missed_fire(back - timedelta(hours=1), back + timedelta(seconds=1), "hourly")
    assert await desk.told() == [("missed", first), ("missed", other)]

    later = await desk.missed_fire(NOW - timedelta(hours=1), NOW)
    assert (await desk.told())[2:] == [("missed", later)], "that is another outage"


async def test_a_run_that_makes_up_for_missed_fires_is_told_of_too(desk: Desk) -> None:
    late = await desk.missed_fire(NOW - timedelta(hours=40), NOW, ends=RunStatus.COMPLETED, trigger_note="stands for 9")
    assert await desk.told() == [("missed", late)]
    assert "Stands for 9." in (await desk.latest()).draft.body


async def test_a_stop_that_somebody_asked_for_is_no_news(desk: Desk) -> None:
    await desk.night(stopped=True, seconds=60)
    assert await desk.told() == []
    assert await desk.reader.notifications.untold() == []


async def test_nothing_is_told_of_a_run_that_is_yet_to_be_followed(desk: Desk) -> None:
    run_id = await desk._builder.execute("open", Scenario(NOW - timedelta(hours=1), BROKEN, warns=False))
    assert await desk.told() == []
    await desk.writer.mark_followed(run_id)
    assert await desk.told() == [("failure", run_id)]


async def test_a_sink_that_fails_is_tried_again_and_at_last_given_up(desk: Desk) -> None:
    desk.works.unlink()
    failed = await desk.night(BROKEN)
    assert await desk.told() == []
    told = await desk.latest()
    assert (told.attempts, told.problem) == (1, "sh ended with 1.")
    assert desk.notifier.waits

    desk.works.touch()
    assert await desk.told() == []
    desk.now += timedelta(minutes=1)
    assert await desk.told() == [("failure", failed)]
    assert (await desk.latest()).problem is None
    assert not desk.notifier.waits

    desk.works.unlink()
    await desk.night()
    for _ in range(2 * MOST_ATTEMPTS):
        await desk.told()
        desk.now += timedelta(hours=3)
    assert (await desk.latest()).attempts == MOST_ATTEMPTS
    assert not desk.notifier.waits


async def test_in_quiet_hours_messages_wait(desk: Desk) -> None:
    (channel,) = desk.channels
    quiet = QuietHours(time(NOW.hour), time(NOW.hour + 1))
    desk.channels = [Channel(channel.name, command=channel.command, quiet=quiet)]
    failed = await desk.night(BROKEN)
    assert await desk.told() == []
    assert desk.notifier.waits
    desk.now = NOW.replace(hour=NOW.hour + 1, minute=0)
    assert await desk.told() == [("failure", failed)]


async def test_a_run_that_takes_twice_the_usual_is_told_of_while_it_goes_on(desk: Desk) -> None:
    for _ in range(3):
        await desk.night()
    usual = (await desk.reader.run(1)).duration_s(NOW)
    assert usual is not None
    running = await desk._builder.execute("running", Scenario(NOW, seconds=100))
    desk.now = NOW + timedelta(seconds=1.9 * usual)
    assert await desk.told() == []
    desk.now = NOW + timedelta(seconds=2.1 * usual)
    assert await desk.told() == [("long_running", running)]
    assert len(await desk.told()) == 1


async def test_a_channel_that_is_gone_is_said_to_be(desk: Desk) -> None:
    desk.works.unlink()
    await desk.night(BROKEN)
    await desk.told()
    desk.channels, desk.now = [], desk.now + timedelta(hours=1)
    await desk.told()
    assert (await desk.latest()).problem == "There is no channel oncall any more."


async def test_channels_are_tested_alone_or_all(desk: Desk) -> None:
    desk.channels.append(Channel("broken", command=("false",)))
    problems = await desk.notifier.test(None)
    assert problems == {"oncall": None, "broken": "false ended with 1."}
    assert await desk.notifier.test("broken") == {"broken": "false ended with 1."}
    with pytest.raises(UsageError, match="There is no channel none"):
        await desk.notifier.test("none")
