"""An engine that is killed while its schedules fire: no fire is lost, none is answered twice."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from engine.client.launch import ensure_engine
from store.clock import system_clock
from store.filters import RunFilter
from store.fires import next_fire
from store.models import Job, Run
from store.reads import StoreReader
from tests.integration.dbt.projects import write_project
from tests.support.live_workspace import LiveWorkspace
from tests.support.waiting import until

pytestmark = pytest.mark.timeout(240)

PERIOD = timedelta(seconds=3)
TICK = Job(project="shop", name="tick", environment="dev", steps=("nothing",), every_s=PERIOD.total_seconds())
MISSED = "missed while the engine was down"


def write(live: LiveWorkspace, policy: str) -> None:
    write_project(live.folder)
    configuration = f'[jobs.tick]\nenvironment = "dev"\nsteps = ["nothing"]\nevery = "3s"\nmissed = "{policy}"\n'
    live.paths.configuration.write_text(configuration)


async def answered(live: LiveWorkspace) -> Sequence[Run]:
    async with StoreReader.open(live.paths.database) as reader:
        return await reader.runs(RunFilter(job="tick", order="oldest"), limit=100)


async def until_fired(live: LiveWorkspace, more_than: int) -> None:
    async def look() -> bool:
        return len(await answered(live)) > more_than

    await until(look, f"more than {more_than} fires are answered")


async def until_all_is_answered(live: LiveWorkspace) -> None:
    """Fires are answered in their order: one of later than now has all others behind it."""
    now = system_clock()

    async def look() -> bool:
        return any(at > now for at in moments(await answered(live)))

    await until(look, "a fire of its own time is answered")


async def down_over_two_fires(live: LiveWorkspace) -> None:
    """Kills the engine and lets two fires pass."""
    await live.kill_engine()
    first = next_fire(TICK, system_clock())
    assert first is not None
    await until(lambda: system_clock() > first + PERIOD, "two fires have passed")


def moments(runs: Sequence[Run]) -> list[datetime]:
    return [run.scheduled_for for run in runs if run.scheduled_for is not None]


@pytest.mark.parametrize("policy", ["skip", "once", "all"])
async def test_no_fire_is_lost_or_answered_twice_over_two_sudden_deaths(live: LiveWorkspace, policy: str) -> None:
    write(live, policy)
    for _ in range(2):
        async with await ensure_engine(live.folder):
            known = len(await answered(live))
            await until_fired(live, known)
        await down_over_two_fires(live)
    async with await ensure_engine(live.folder):
        await until_all_is_answered(live)

    runs = await answered(live)
    fires = moments(runs)
    assert len(fires) == len(runs) == len(set(fires))
    if policy == "skip":
        assert fires == [fires[0] + number * PERIOD for number in range(len(fires))]
        assert sum((run.status_reason or "").startswith(MISSED) for run in runs) >= 4
    elif policy == "all":
        assert fires == [fires[0] + number * PERIOD for number in range(len(fires))]
        await assert_caught_up(live, [run for run in runs if (run.trigger_note or "").startswith(MISSED)])
    else:
        assert sum(stood_for(run) for run in runs) >= 4
        for (before, _), (at, run) in pairwise(zip(fires, runs, strict=True)):
            also = "also" in (run.trigger_note or "")
            assert (at - before) // PERIOD == max(1, stood_for(run) + also)


async def assert_caught_up(live: LiveWorkspace, missed: Sequence[Run]) -> None:
    """Each missed fire has a run that was executed, one after the other."""
    assert len(missed) >= 4
    async with await ensure_engine(live.folder):
        ended = [await live.ended(run.id) for run in missed]
    begun = [(run.started_at, run.finished_at) for run in ended if run.started_at and run.finished_at]
    assert len(begun) == len(missed)
    assert all(end <= start for (_, end), (start, _) in pairwise(begun))


def stood_for(run: Run) -> int:
    """For how many missed fires a run says that it stands."""
    found = re.match(rf"stands (?:also )?for (\d+) fires? {MISSED}", run.trigger_note or "")
    return int(found[1]) if found else 0
