"""When scheduled jobs start."""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.configuration.workspace import Workspace
from engine.protocol import StartRun
from engine.schedule import due, keep_schedule, next_fire
from store.models import Job
from store.paths import WorkspacePaths


def job(schedule: str | None, timezone: str | None = None, name: str = "nightly") -> Job:
    return Job(project="flights", name=name, environment="prod", steps=("build",), schedule=schedule, timezone=timezone)


def test_a_job_without_a_schedule_never_fires() -> None:
    assert next_fire(job(None), datetime(2026, 1, 1, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        # Winter, then the morning on which Berlin's clocks jump from 02:00 to 03:00, then summer.
        (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 1, 2, tzinfo=UTC)),
        (datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 1, tzinfo=UTC)),
        (datetime(2026, 7, 1, 2, tzinfo=UTC), datetime(2026, 7, 2, 1, tzinfo=UTC)),
    ],
)
def test_fires_keep_to_the_local_clock_over_daylight_saving(after: datetime, expected: datetime) -> None:
    fire = next_fire(job("0 3 * * *", "Europe/Berlin"), after)
    assert fire is not None
    assert fire.at == expected


def test_a_job_is_due_once_however_long_the_engine_slept() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    fires = due([job("* * * * *"), job("0 3 * * *", name="late")], start, start + timedelta(minutes=5))
    assert [fire.job.name for fire in fires] == ["nightly"]


async def test_the_schedule_starts_jobs_by_their_full_names() -> None:
    moments = iter([datetime(2026, 1, 1, 2, 59, 59, tzinfo=UTC), datetime(2026, 1, 1, 3, 0, 0, tzinfo=UTC)])
    workspace = Workspace(paths=WorkspacePaths(Path("/nowhere")), name="w", jobs=(job("0 3 * * *"),))
    started: asyncio.Queue[StartRun] = asyncio.Queue()
    last = datetime(2026, 1, 1, 3, 0, 0, tzinfo=UTC)
    keeping = asyncio.create_task(keep_schedule(lambda: workspace, started.put, lambda: next(moments, last)))
    try:
        wanted = await asyncio.wait_for(started.get(), 5)
    finally:
        keeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeping
    assert (wanted.job, wanted.environment, wanted.trigger) == ("flights/nightly", "flights/prod", "schedule")
