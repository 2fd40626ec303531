"""What a job says of its runs holds for real ones: tries, limits of time, who goes first, how many at once."""

from datetime import timedelta

import pytest

from store.filters import RunFilter
from store.models import Run
from store.reads import StoreReader
from store.status import ModelStatus, RunStatus
from tests.integration.dbt.projects import ENDLESS, write_project
from tests.support.gated_project import GatedProject
from tests.support.live_workspace import LiveWorkspace
from tests.support.waiting import until

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(180)]

PROJECT = '[projects.shop]\ntool = "dbt"\npath = "."\n[environments.dev]\nproject = "shop"\ntarget = "dev"\n'

# Runs inside dbt, whose working folder is the project; it fails as often as there are files to take away.
FLAKY = """
from pathlib import Path


def model(dbt, session):
    dbt.config(materialized="table")
    rows = dbt.ref("orders")
    for left in sorted(Path(".").glob("fail.*")):
        left.unlink()
        raise RuntimeError("the source is late")
    return rows
"""


async def tries(live: LiveWorkspace, number: int) -> list[Run]:
    """The runs, once so many are over."""
    async with StoreReader.open(live.paths.database) as reader:

        async def over() -> bool:
            return await reader.count_runs(RunFilter()) >= number and not await reader.active_runs()

        await until(over, f"{number} runs are over")
        return list(await reader.runs(RunFilter(order="oldest"), limit=50))


async def test_a_failed_run_is_tried_again_with_growing_pauses_and_only_what_failed(live: LiveWorkspace) -> None:
    files = {
        "models/flaky.py": FLAKY,
        "models/child.sql": "select * from {{ ref('flaky') }}",
        "fail.1": "",
        "fail.2": "",
    }
    write_project(live.folder, files)
    job = '[jobs.build]\nenvironment = "dev"\nsteps = ["build"]\nretries = 3\nretry = "failed"\nretry_delay = "1s"\n'
    live.paths.configuration.write_text(f"{PROJECT}{job}retry_backoff = 3\n")
    await live.start("build")

    first, second, third = await tries(live, 3)

    assert [run.status for run in (first, second, third)] == [RunStatus.FAILED, RunStatus.FAILED, RunStatus.COMPLETED]
    assert [(run.attempt, run.rerun_of) for run in (second, third)] == [(2, 1), (3, 2)]
    for before, after, pause_s in ((first, second, 1), (second, third, 3)):
        assert before.finished_at is not None
        assert after.starts_at == before.finished_at + timedelta(seconds=pause_s)
        assert after.started_at is not None
        assert after.started_at >= after.starts_at
    async with StoreReader.open(live.paths.database) as reader:
        built = [{model.name: model.status for model in await reader.models(run.id)} for run in (first, third)]
    assert built == [
        {"orders": ModelStatus.SUCCEEDED, "flaky": ModelStatus.FAILED, "child": ModelStatus.SKIPPED},
        {"flaky": ModelStatus.SUCCEEDED, "child": ModelStatus.SUCCEEDED},
    ]


async def test_a_step_that_takes_too_long_ends_the_run_before_the_next(live: LiveWorkspace) -> None:
    write_project(live.folder, {"models/endless.sql": f"{{{{ config(materialized='table') }}}} {ENDLESS}"})
    steps = '["run --select orders", { run = "run --select endless", timeout = "4s" }, "test"]'
    live.paths.configuration.write_text(f'{PROJECT}[jobs.hasty]\nenvironment = "dev"\nsteps = {steps}\n')
    ended = await live.run_to_end("hasty")

    assert ended.status is RunStatus.FAILED
    assert (ended.status_reason or "").startswith("the step run timed out after 4 s")
    async with StoreReader.open(live.paths.database) as reader:
        assert [step.name for step in await reader.steps(ended.id)] == ["profile", "run", "run"]


async def test_who_weighs_more_goes_first_and_an_environment_takes_as_many_as_it_says(live: LiveWorkspace) -> None:
    project = GatedProject(live.folder)
    project.write()
    jobs = (
        '[environments.dev]\ntarget = "dev"\n'
        '[environments.other]\ntarget = "other"\nmax_concurrent_runs = 2\n'
        '[jobs.hold]\nenvironment = "dev"\nsteps = ["build"]\n'
        '[jobs.usual]\nenvironment = "dev"\nsteps = ["parse"]\n'
        '[jobs.urgent]\nenvironment = "dev"\nsteps = ["parse"]\npriority = 5\n'
        '[jobs.one]\nenvironment = "other"\nsteps = ["build"]\n'
        '[jobs.two]\nenvironment = "other"\nsteps = ["parse"]\n'
    )
    live.paths.configuration.write_text(jobs)
    hold = await live.start("hold")
    await project.reached()
    usual, urgent = await live.start("usual"), await live.start("urgent")
    one = await live.start("one")
    await live.when(one.id, lambda run: run.status is RunStatus.RUNNING, "runs")
    # Beside the other run of its environment, which waits at the gate.
    two = await live.run_to_end("two")
    assert two.status is RunStatus.COMPLETED
    assert (await live.run(one.id)).is_active

    project.open()
    await live.ended(hold.id)
    later, sooner = await live.ended(usual.id), await live.ended(urgent.id)

    assert sooner.finished_at is not None
    assert later.started_at is not None
    assert sooner.finished_at <= later.started_at
