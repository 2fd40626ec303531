"""Runs that end before their time: cancelled in the middle of a query, or out of time."""

import pytest

from store.events import RunFinished, RunStopping
from store.reads import StoreReader
from store.status import ModelStatus, RunStatus, StepStatus
from tests.integration.dbt.projects import ENDLESS, write_project
from tests.support.live_workspace import LiveWorkspace
from tests.support.processes import below, is_running
from tests.support.waiting import until

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(180)]

PROMISED_S = 5.0


async def test_a_stop_ends_the_query_and_names_what_may_be_half_updated(live: LiveWorkspace) -> None:
    write_project(live.folder, {"models/endless.sql": f"{{{{ config(materialized='table') }}}} {ENDLESS}"})
    run = await live.start()
    await live.when(run.id, lambda run: run.counts.models_running == 1, "builds the endless model")
    tools = below(await live.worker(run.id))
    assert tools
    await live.cancel(run.id)
    ended = await live.ended(run.id)
    took = await until(lambda: not any(is_running(tool) for tool in tools), "the query has ended", PROMISED_S)
    async with StoreReader.open(live.paths.database) as reader:
        models = {model.name: (model.status, model.interrupted) for model in await reader.models(run.id)}
        steps = [(step.name, step.status) for step in await reader.steps(run.id)]

    assert ended.status is RunStatus.CANCELLED
    assert ended.status_reason == "stopped by ann; may be half-updated: endless"
    assert models["endless"] == (ModelStatus.CANCELLED, True)
    assert steps == [("profile", StepStatus.SUCCEEDED), ("build", StepStatus.CANCELLED)]
    stopping, finished = (event for event in live.events(run.id) if isinstance(event, RunStopping | RunFinished))
    assert (finished.ts - stopping.ts).total_seconds() + took < PROMISED_S

    after = await live.run_to_end(options={"exclude": ["endless"]})
    assert (after.status, after.counts.models_succeeded) == (RunStatus.COMPLETED, 1)


async def test_a_job_that_takes_too_long_fails_for_that(live: LiveWorkspace) -> None:
    write_project(live.folder)
    live.paths.configuration.write_text(
        '[projects.shop]\ntool = "dbt"\npath = "."\n'
        '[environments.dev]\nproject = "shop"\ntarget = "dev"\n'
        '[jobs.hasty]\nenvironment = "dev"\nsteps = ["build"]\ntimeout = "1s"\n'
    )
    ended = await live.run_to_end("hasty")

    assert (ended.status, ended.status_reason) == (RunStatus.FAILED, "timed out after 1 s")
    assert [event.reason for event in live.events(ended.id) if isinstance(event, RunStopping)] == [
        "timed out after 1 s"
    ]
