"""A world whose jobs start in every way that there is."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from store.models import After, Job, JobPause
from store.writes import StoreWriter
from tests.worlds import ENVIRONMENTS, JOBS, NOW, PROJECTS, World

NIGHTLY, HOURLY, CHECK, BUILD, PLAN, RUN = JOBS
RICH_JOBS: tuple[Job, ...] = (
    NIGHTLY.model_copy(
        update={"timezone": "Europe/Berlin", "missed": "once", "retries": 2, "retry": "failed", "timeout_s": 7200.0}
    ),
    HOURLY.model_copy(update={"schedule": None, "every_s": 900.0}),
    Job(project="flights", name="report", environment="prod", steps=("build --select marts",),
        after=(After(job="flights/nightly"), After(job="flights/hourly", on="any"))),
    CHECK, BUILD, PLAN, RUN,
)  # fmt: skip
PAUSE = JobPause(
    project="flights",
    job="hourly",
    reason="the source is being moved",
    author="anna",
    paused_at=NOW - timedelta(hours=3),
)


def with_rich_jobs(world: World, pause: JobPause | None = PAUSE) -> World:
    """The world, with jobs that start in every way, one of them paused."""

    async def write() -> None:
        async with StoreWriter.open(world.paths.database) as writer:
            await writer.sync_workspace("analytics", PROJECTS, ENVIRONMENTS, RICH_JOBS)
            if pause is not None:
                await writer.pause_job(pause)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(write())).result()
    return world
