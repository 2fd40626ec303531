"""Stopping dbt in the middle of a model."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from engine.adapters.dbt.command import SHIM
from store.events import AnyEvent, ModelStarted, StepFinished, StepStarted
from store.models import RunOptions
from store.status import ModelStatus, RunStatus, StepStatus
from tests.integration.dbt.harness import PYTHON, Workspace
from tests.integration.dbt.projects import ENDLESS, write_project

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(120)]

FILES = {
    "models/endless.sql": "{{ config(materialized='table') }} -- depends_on: {{ ref('orders') }}\n" + ENDLESS,
    "models/afterwards.sql": "select * from {{ ref('endless') }}",
}


def endless_began(events: list[AnyEvent]) -> bool:
    return any(isinstance(event, ModelStarted) and event.model == "model.shop.endless" for event in events)


async def test_a_running_query_is_interrupted(workspace: Workspace, tmp_path: Path) -> None:
    project = write_project(tmp_path / "shop", FILES)
    run = workspace.start(project, "build")
    await run.until(endless_began)

    asked = time.monotonic()
    run.cancel()
    verdict = await run.task

    # Below the grace after which the worker would have sent SIGTERM: dbt wound down by itself.
    assert time.monotonic() - asked < 8
    assert verdict.status is RunStatus.CANCELLED
    assert "endless" in (verdict.reason or "")
    step = run.of(StepFinished)[-1]
    assert (step.status, step.exit_code) == (StepStatus.CANCELLED, 2)
    assert (run.models["endless"].status, run.models["endless"].interrupted) == (ModelStatus.CANCELLED, True)
    assert (run.models["afterwards"].status, run.models["afterwards"].interrupted) == (ModelStatus.CANCELLED, False)
    assert run.models["orders"].status is ModelStatus.SUCCEEDED


async def test_the_database_is_free_for_the_next_run(workspace: Workspace, tmp_path: Path) -> None:
    project = write_project(tmp_path / "shop", FILES)
    run = workspace.start(project, "build")
    await run.until(endless_began)
    run.cancel()
    await run.task

    _, verdict = await workspace.run(project, "build", options=RunOptions(select=("orders",)))

    assert verdict.status is RunStatus.COMPLETED


async def test_a_stop_before_dbt_listens(workspace: Workspace, tmp_path: Path) -> None:
    run = workspace.start(write_project(tmp_path / "shop"), "build")
    await run.until(lambda events: any(isinstance(e, StepStarted) and e.process_group for e in events))
    run.cancel()

    verdict = await run.task

    assert verdict.status is RunStatus.CANCELLED
    assert "Traceback" not in run.log("build")


def test_dbt_dies_when_its_worker_is_gone(tmp_path: Path) -> None:
    """The shim alone: the end of its control descriptor is the end of its whole process group."""
    project = write_project(tmp_path / "shop", FILES)
    events, child_events = os.pipe()
    child_control, control = os.pipe()
    arguments = ["--events", str(child_events), "--control", str(child_control), "--", "build"]
    process = subprocess.Popen(
        [PYTHON, str(SHIM), *arguments],
        cwd=project,
        pass_fds=(child_events, child_control),
        process_group=0,
        stdout=subprocess.DEVNULL,
    )
    os.close(child_events)
    os.close(child_control)
    with os.fdopen(events, "rb") as lines:
        next(line for line in lines if b"endless" in line and b"Q011" in line)
        os.close(control)
        code = process.wait(timeout=5)

    assert code == -9
