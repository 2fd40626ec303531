"""When schedules fire: by the local clock, over daylight saving, the same whenever anybody asks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim

from store.fires import fires, fires_between, is_scheduled, next_fire, schedule_text
from store.models import Job

YEAR = datetime(2026, 1, 1, tzinfo=UTC)
NEXT_YEAR = datetime(2027, 1, 1, tzinfo=UTC)


def job(schedule: str | None = None, timezone: str | None = None, every_s: float | None = None) -> Job:
    return Job(
        project="flights", name="nightly", environment="prod", steps=("build",),
        schedule=schedule, timezone=timezone, every_s=every_s,
    )  # fmt: skip


def test_a_job_without_a_schedule_never_fires() -> None:
    assert not is_scheduled(job())
    assert next_fire(job(), YEAR) is None
    assert schedule_text(job()) == ""


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        # Winter, then the morning on which Berlin's clocks jump from 02:00 to 03:00, then summer.
        (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 1, 2, tzinfo=UTC)),
        (datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 1, tzinfo=UTC)),
        (datetime(2026, 7, 1, 2, tzinfo=UTC), datetime(2026, 7, 2, 1, tzinfo=UTC)),
    ],
)
def test_cron_keeps_to_the_local_clock(after: datetime, expected: datetime) -> None:
    assert next_fire(job("0 3 * * *", "Europe/Berlin"), after) == expected


def test_a_fire_in_the_hour_that_is_left_out_comes_after_it_and_one_in_the_doubled_hour_once() -> None:
    half_past_two = job("30 2 * * *", "Europe/Berlin")
    spring = fires_between(half_past_two, datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 30, 12, tzinfo=UTC))
    autumn = fires_between(
        half_past_two, datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 26, 12, tzinfo=UTC)
    )

    assert [f"{at:%d %H:%M}" for at in spring] == ["29 01:00", "30 00:30"]
    assert [f"{at:%d %H:%M}" for at in autumn] == ["25 00:30", "26 01:30"]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
@pytest.mark.parametrize("cron", ["*/30 * * * *", "30 2 * * *", "0 */6 * * 1-5", "15 1 1,15 * *"])
def test_a_year_of_an_engine_that_restarts_matches_the_cron_library_fire_by_fire(zone: str, cron: str) -> None:
    wanted = [at.astimezone(UTC) for at in _until(CronSim(cron, YEAR.astimezone(ZoneInfo(zone))), NEXT_YEAR)]
    found: list[datetime] = []
    since = YEAR
    # Asked again and again from somewhere between two fires, as an engine does that looks, sleeps and restarts.
    while since < NEXT_YEAR:
        until = min(since + timedelta(hours=17, minutes=23), NEXT_YEAR)
        found += fires_between(job(cron, zone), since, until)
        since = until

    assert found == wanted
    assert len(found) == len(set(found)) > 20


def _until(moments: CronSim, end: datetime) -> list[datetime]:
    found: list[datetime] = []
    for at in moments:
        if at.astimezone(UTC) > end:
            return found
        found.append(at)
    return found


def test_every_counts_from_midnight_whenever_it_is_asked() -> None:
    quarter = job(every_s=900)
    assert next_fire(quarter, datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC)) == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert next_fire(quarter, datetime(2026, 3, 29, 1, tzinfo=UTC)) == datetime(2026, 3, 29, 1, 15, tzinfo=UTC)
    day = fires_between(quarter, datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 3, 30, tzinfo=UTC))
    assert len(day) == 96
    assert schedule_text(quarter) == "every 900s"


def test_fires_never_end_though_a_schedule_may() -> None:
    endless = fires(job(every_s=1), YEAR)
    assert [next(endless) - YEAR for _ in range(3)] == [timedelta(seconds=number) for number in (1, 2, 3)]
    assert schedule_text(job("0 3 * * *", "Europe/Berlin")) == "0 3 * * * Europe/Berlin"
