"""The next fires of schedules in the list of runs."""

from datetime import timedelta

import pytest
from textual.pilot import Pilot

from store.models import JobPause
from store.writes import StoreWriter
from tests.tui.conftest import WorldMaker
from tests.tui.jobs_world import HOURLY, NIGHTLY, RICH_JOBS
from tests.tui.staging import StagedEngine, staged_app, text_of, until, until_shown
from tests.worlds import NOW
from tui.activity_filter import ActivityFilter
from tui.overview import EVERYWHERE, Place
from tui.upcoming import upcoming
from tui.widgets.activity import Activity

SCHEDULED = ActivityFilter(kind="scheduled")


def cursor_is_on(pilot: Pilot[None], run_id: int) -> bool:
    run = pilot.app.screen.query_one(Activity).run_under_cursor
    return run is not None and run.id == run_id


def names(chosen: ActivityFilter, place: Place = EVERYWHERE, low: bool = False) -> list[str]:
    return [fire.job.name for fire in upcoming(RICH_JOBS, chosen, place, NOW, low)]


def test_they_are_listed_where_there_may_be_what_is_yet_to_come() -> None:
    assert names(ActivityFilter()) == ["nightly", "hourly"]
    assert names(ActivityFilter(tab="active")) == ["nightly", "hourly"]
    for tab in ("completed", "failed", "cancelled"):
        assert names(ActivityFilter(tab=tab)) == []
    assert names(ActivityFilter().turned()) == []
    assert names(ActivityFilter(kind="re-runs")) == []
    assert names(ActivityFilter(kind="plans")) == []
    assert names(SCHEDULED) == ["nightly", "hourly"]
    assert names(ActivityFilter(kind="scheduled", tab="failed")) == []
    assert names(ActivityFilter().with_text("status:scheduled")) == ["nightly", "hourly"]
    (soonest,) = upcoming([HOURLY], SCHEDULED, EVERYWHERE, NOW, False)
    assert soonest.at == NOW.replace(hour=15, minute=2)
    assert upcoming([NIGHTLY.model_copy(update={"schedule": None})], SCHEDULED, EVERYWHERE, NOW, False) == []


@pytest.mark.parametrize(
    ("chosen", "low", "shown"),
    [
        (ActivityFilter(), False, 3),
        (ActivityFilter(), True, 1),
        (ActivityFilter(tab="active"), False, 8),
        (ActivityFilter(tab="active"), True, 3),
        (SCHEDULED, True, 8),
    ],
)
def test_of_many_the_soonest_stand_above_the_runs(chosen: ActivityFilter, low: bool, shown: int) -> None:
    many = [
        HOURLY.model_copy(update={"name": f"at {minute:02}", "schedule": f"{minute} * * * *"})
        for minute in range(5, 45)
    ]
    fires = upcoming(many, chosen, EVERYWHERE, NOW, low)
    assert [fire.job.name for fire in fires] == [f"at {minute:02}" for minute in range(5, 5 + shown)][::-1]


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("job:nightly", ["nightly"]),
        ("night", ["nightly"]),
        ("flights/prod scheduled", ["nightly", "hourly"]),
        ("env:flights/staging", []),
        ("kind:plan", []),
        ("author:anna", []),
        ("status:failed", []),
        ("trigger:manual", []),
        ("is:new", []),
        ("is:archived", []),
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
        await until(pilot, lambda: text_of(pilot).count("◷ scheduled") == 2, "both next fires")
        assert cursor_is_on(pilot, world.runs["failed"])
        await pilot.press("4")
        await until(pilot, lambda: "◷ scheduled" not in text_of(pilot), "what failed, without what is to come")
        await pilot.press("1")
        for _ in range(4):
            await pilot.press("t")
        await until(pilot, lambda: text_of(pilot).count("◷ scheduled") == 2, "both next fires")

        pause = JobPause(project="flights", job="hourly", reason="x", author=None, paused_at=NOW - timedelta(hours=1))
        async with StoreWriter.open(world.paths.database) as writer:
            await writer.pause_job(pause)
        engine.say(workspace=True)
        await until(pilot, lambda: text_of(pilot).count("◷ scheduled") == 1, "the paused one to go")
        await until_shown(pilot, "in 12h")


async def test_a_low_screen_lists_the_soonest_only(make_world: WorldMaker) -> None:
    async with staged_app(make_world("failed")).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "#18")
        await until_shown(pilot, "◷ scheduled")
        (line,) = (line for line in text_of(pilot).splitlines() if "◷ scheduled" in line)
        assert "hourly" in line
        assert "in 58m" in line
        await pilot.press("2")
        await until(pilot, lambda: text_of(pilot).count("◷ scheduled") == 2, "all next fires with what is active")
