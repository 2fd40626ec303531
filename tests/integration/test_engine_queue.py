"""Who may run, who waits for whom, and who is turned away."""

import pytest

from store.models import Run
from store.status import RunStatus
from tests.support.gated_project import GatedProject
from tests.support.live_workspace import LiveWorkspace

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(180)]

ONE_AT_A_TIME = "[workspace]\nmax_concurrent_runs = 1\n"


def is_queued(run: Run) -> bool:
    return run.status is RunStatus.QUEUED and run.waits_for is not None


@pytest.fixture
def gated(live: LiveWorkspace) -> GatedProject:
    """The project in the workspace's folder, its gate closed."""
    project = GatedProject(live.folder)
    project.write()
    return project


@pytest.mark.usefixtures("gated")
async def test_a_job_that_still_runs_is_not_run_twice(live: LiveWorkspace) -> None:
    first = await live.start("build")
    second = await live.start("build")

    assert (second.status, second.collided_with) == (RunStatus.SKIPPED, first.id)
    assert second.status_reason == f"#{first.id} of the same job was still {first.status}"
    assert second.finished_at is not None
    assert not live.files(second.id).logs.joinpath("01-profile.log").exists()


async def test_two_jobs_do_not_write_one_environment_at_once(live: LiveWorkspace, gated: GatedProject) -> None:
    first = await live.start("build")
    second = await live.when((await live.start("test")).id, is_queued, "waits")
    assert second.waits_for == first.id
    assert second.status_reason == f"waits for #{first.id}, which works in gated/dev"

    elsewhere = await live.start("test", environment="other")
    await live.when(elsewhere.id, lambda run: run.status is RunStatus.RUNNING, "runs beside them")
    await live.cancel(elsewhere.id)

    gated.open()
    assert (await live.ended(first.id)).status is RunStatus.COMPLETED
    after = await live.ended(second.id)
    assert (after.status, after.waits_for, after.status_reason) == (RunStatus.COMPLETED, None, None)
    assert after.counts.audits_passed == 2
    earlier = await live.run(first.id)
    assert earlier.finished_at is not None
    assert after.started_at is not None
    assert earlier.finished_at <= after.started_at


@pytest.mark.usefixtures("gated")
async def test_no_more_runs_than_allowed_go_at_once_and_a_waiting_one_can_be_cancelled(live: LiveWorkspace) -> None:
    live.paths.configuration.write_text(ONE_AT_A_TIME)
    first = await live.start("build")
    second = await live.when((await live.start("build", environment="other")).id, is_queued, "waits")
    third = await live.when((await live.start("test", environment="other")).id, is_queued, "waits")
    assert second.status_reason == "waits for a free slot (1 of 1 in use)"
    assert (second.waits_for, third.waits_for) == (first.id, first.id)

    cancelled = await live.cancel(second.id)
    assert (cancelled.status, cancelled.status_reason) == (RunStatus.CANCELLED, "stopped by ann in the queue")
    assert (await live.run(third.id)).status is RunStatus.QUEUED

    await live.cancel(first.id)
    assert (await live.ended(first.id)).status is RunStatus.CANCELLED
    await live.when(third.id, lambda run: run.status is RunStatus.RUNNING, "runs")
