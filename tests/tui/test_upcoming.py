"""The next fires of schedules in the list of runs."""

from datetime import timedelta

import pytest

from store.models import JobPause
from store.writes import StoreWriter
from tests.tui.conftest import WorldMaker
from tests.tui.jobs_world import HOURLY, NIGHTLY, RICH_JOBS
from tests.tui.staging import StagedEngine, staged_app, text_of, until, until_shown
from tests.worlds import NOW
from tui.activity_filter import ActivityFilter
from tui.overview import EVERYWHERE, Place
from tui.upcoming import upcoming

SCHEDULED = ActivityFilter(kind="scheduled")


def names(chosen: ActivityFilter, place: Place = EVERYWHERE) -> list[str]:
    return [fire.job.name for fire in upcoming(RICH_JOBS, chosen, place, NOW)]


def test_they_are_listed_where_scheduled_runs_are_asked_for_only() -> None:
    assert names(ActivityFilter()) == []
    assert names(SCHEDULED) == ["nightly", "hourly"]
    assert names(ActivityFilter(kind="scheduled", tab="failed")) == []
    assert names(ActivityFilter().with_text("status:scheduled")) == ["nightly", "hourly"]
    (soonest,) = upcoming([HOURLY], SCHEDULED, EVERYWHERE, NOW)
    assert soonest.at == NOW.replace(hour=15, minute=2)
    assert upcoming([NIGHTLY.model_copy(update={"schedule": None})], SCHEDULED, EVERYWHERE, NOW) == []


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("job:nightly", ["nightly"]),
        ("night", ["nightly"]),
        ("flights/prod scheduled", ["nightly", "hourly"]),
        ("env:flights/staging", []),
        ("kind:plan", []),
        ("author:anna", []),
    ],
)
def test_they_are_narrowed_as_runs_are(text: str, listed: list[str]) -> None:
    assert names(SCHEDULED.with_text(text)) == listed
    assert names(SCHEDULED, Place("flights_mesh")) == []


async def test_home_lists_them_until_their_job_is_paused(make_world: WorldMaker) -> None:
    world = make_world("failed")
    engine = StagedEngine()
    async with staged_app(world, engine=engine).run_test(size=(100, 30)) as pilot:
        await until_shown(pilot, "#18")
        assert "◷ scheduled" not in text_of(pilot)
        for _ in range(4):
            await pilot.press("t")
        await until(pilot, lambda: text_of(pilot).count("◷ scheduled") == 2, "both next fires")

        pause = JobPause(project="flights", job="hourly", reason="x", author=None, paused_at=NOW - timedelta(hours=1))
        async with StoreWriter.open(world.paths.database) as writer:
            await writer.pause_job(pause)
        engine.say(workspace=True)
        await until(pilot, lambda: text_of(pilot).count("◷ scheduled") == 1, "the paused one to go")
        await until_shown(pilot, "in 12h")
        await pilot.press("t")
        await until(pilot, lambda: "◷ scheduled" not in text_of(pilot), "all kinds, without what is to come")
