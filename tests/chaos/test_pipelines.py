"""What follows a run that ends while no engine lives: the next engine sees to it, exactly once."""

from collections.abc import Sequence

import pytest

from engine.client.launch import ensure_engine
from store.events import AnyEvent, RunFinished
from store.filters import RunFilter
from store.models import Run
from store.reads import StoreReader
from store.status import RunStatus
from tests.support.gated_project import GatedProject
from tests.support.live_workspace import LiveWorkspace
from tests.support.processes import is_running, kill
from tests.support.waiting import until

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(180)]

PIPELINE = """
[jobs.ingest]
environment = "dev"
steps = ["build"]
retries = 1
retry_delay = "1s"

[jobs.report]
environment = "other"
steps = ["run --select orders"]
after = ["ingest"]
"""


async def ingesting(live: LiveWorkspace) -> tuple[GatedProject, Run]:
    """The upstream job in the middle of a model, its engine killed."""
    project = GatedProject(live.folder)
    project.write()
    live.paths.configuration.write_text(PIPELINE)
    run = await live.start("ingest")
    await project.reached()
    await live.kill_engine()
    return project, run


def is_over(events: list[AnyEvent]) -> bool:
    return any(isinstance(event, RunFinished) for event in events)


async def runs_of(live: LiveWorkspace, job: str) -> Sequence[Run]:
    async with StoreReader.open(live.paths.database) as reader:
        return await reader.runs(RunFilter(job=job, order="oldest"), limit=50)


async def settled(live: LiveWorkspace, number: int) -> Sequence[Run]:
    """All runs, once they are so many, over, and nothing is undecided."""
    async with StoreReader.open(live.paths.database) as reader:

        async def look() -> bool:
            active, undecided = await reader.active_runs(), await reader.ended_unfollowed()
            return not active and not undecided and await reader.count_runs(RunFilter()) >= number

        await until(look, f"{number} runs are over and followed")
        return await reader.runs(RunFilter(order="oldest"), limit=50)


async def test_a_job_follows_one_that_ended_while_no_engine_lived_and_only_once(live: LiveWorkspace) -> None:
    project, run = await ingesting(live)
    project.open_all()
    await live.journaled(run.id, is_over, "that it is over")
    assert (await live.run(run.id)).is_active

    for _ in range(2):
        async with await ensure_engine(live.folder):
            runs = await settled(live, 2)
        await live.kill_engine()

    assert [(each.job, each.status) for each in runs] == [
        ("ingest", RunStatus.COMPLETED),
        ("report", RunStatus.COMPLETED),
    ]
    report = runs[1]
    assert (report.trigger, report.caused_by, report.environment) == ("pipeline", run.id, "other")
    assert report.trigger_note == f"after #{run.id} ingest: completed"


async def test_an_engine_killed_while_the_second_job_runs_does_not_start_a_third(live: LiveWorkspace) -> None:
    project, run = await ingesting(live)
    project.open_all()
    await live.journaled(run.id, is_over, "that it is over")
    async with await ensure_engine(live.folder):

        async def followed() -> bool:
            return bool(await runs_of(live, "report"))

        await until(followed, "the second job is asked for")
    await live.kill_engine()

    async with await ensure_engine(live.folder):
        runs = await settled(live, 2)
    assert [each.job for each in runs] == ["ingest", "report"]


async def test_a_run_that_was_lost_with_the_engine_is_tried_again_and_then_followed(live: LiveWorkspace) -> None:
    project, run = await ingesting(live)
    worker = await live.worker(run.id)
    kill(worker)
    await until(lambda: not is_running(worker), "the worker is dead")
    project.open_all()

    async with await ensure_engine(live.folder):
        runs = await settled(live, 3)
    assert [(each.job, each.status, each.attempt) for each in runs] == [
        ("ingest", RunStatus.ERROR, 1),
        ("ingest", RunStatus.COMPLETED, 2),
        ("report", RunStatus.COMPLETED, 1),
    ]
    assert (runs[1].rerun_of, runs[2].caused_by) == (run.id, runs[1].id)
