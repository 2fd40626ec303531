"""What keeps dbt from working, each in one sentence."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.worker.verdict import Verdict
from store.events import ModelFinished, ModelQueued, Notice, StepFinished
from store.status import ModelStatus, RunStatus
from tests.integration.dbt.harness import PYTHON, DbtRun, Workspace
from tests.integration.dbt.projects import PROJECT, write_project

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(120)]

HOLD = "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"


def exit_codes(run: DbtRun) -> list[int | None]:
    return [event.exit_code for event in run.of(StepFinished)]


def check_failed(run: DbtRun, verdict: Verdict, exit_code: int) -> str:
    assert verdict.status is RunStatus.FAILED
    assert verdict.reason is not None
    assert "\n" not in verdict.reason
    assert "Traceback" not in verdict.reason
    assert exit_codes(run)[-1] == exit_code
    return verdict.reason


@contextmanager
def held_open(database: Path) -> Iterator[int]:
    """Another process holds the DuckDB file; gives its pid."""
    holder = subprocess.Popen(
        [PYTHON, "-c", HOLD, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield holder.pid


async def test_a_reference_to_nothing(workspace: Workspace, tmp_path: Path) -> None:
    project = write_project(tmp_path / "shop", {"models/lost.sql": "select * from {{ ref('nowhere') }}"})

    run, verdict = await workspace.run(project, "build")

    assert check_failed(run, verdict, exit_code=2) == (
        "Compilation error: Model 'model.shop.lost' (models/lost.sql) depends on a node named 'nowhere' "
        "which was not found"
    )
    assert run.of(ModelQueued) == []


async def test_broken_jinja(workspace: Workspace, tmp_path: Path) -> None:
    project = write_project(tmp_path / "shop", {"models/lost.sql": "select {{ 1 +  from orders"})

    run, verdict = await workspace.run(project, "build")

    reason = check_failed(run, verdict, exit_code=2)
    assert reason.startswith("Compilation error in model lost (models/lost.sql): expected token")


async def test_a_missing_profile(workspace: Workspace, tmp_path: Path) -> None:
    project = write_project(tmp_path / "shop", {"profiles.yml": "store:\n  target: dev\n  outputs: {dev: {}}\n"})

    run, verdict = await workspace.run(project, "build")

    reason = check_failed(run, verdict, exit_code=2)
    assert reason == f"{project / 'profiles.yml'} has no profile `shop`, which this project asks for; it has store."
    assert len(exit_codes(run)) == 1


async def test_a_locked_database_names_the_holder(workspace: Workspace, tmp_path: Path) -> None:
    project = write_project(tmp_path / "shop")

    with held_open(project / "shop.duckdb") as holder:
        run, verdict = await workspace.run(project, "build")

    reason = check_failed(run, verdict, exit_code=2)
    assert str(project / "shop.duckdb") in reason
    assert f"is locked by process {holder} " in reason
    assert [event.status for event in run.of(ModelFinished)] == [ModelStatus.SKIPPED]


async def test_a_database_that_cannot_be_opened(workspace: Workspace, tmp_path: Path) -> None:
    profiles = "shop: {target: dev, outputs: {dev: {type: duckdb, path: no/such/folder/shop.duckdb}}}\n"
    project = write_project(tmp_path / "shop", {"profiles.yml": profiles})

    run, verdict = await workspace.run(project, "build")

    assert "Cannot open file" in check_failed(run, verdict, exit_code=2)
    assert "ERROR   File" not in run.log("build")


async def test_an_unknown_option(workspace: Workspace, tmp_path: Path) -> None:
    run, verdict = await workspace.run(write_project(tmp_path / "shop"), "build --selct orders")

    assert "--selct" in check_failed(run, verdict, exit_code=2)


async def test_an_unknown_command_runs_nothing(workspace: Workspace, tmp_path: Path) -> None:
    run, verdict = await workspace.run(write_project(tmp_path / "shop"), "build", "biuld")

    assert "`biuld`" in check_failed(run, verdict, exit_code=2)
    assert not run.paths.target.exists()


async def test_a_failing_hook(workspace: Workspace, tmp_path: Path) -> None:
    project = write_project(tmp_path / "shop", {"dbt_project.yml": PROJECT + "on-run-end: ['select nope']\n"})

    run, verdict = await workspace.run(project, "build")

    assert "nope" in check_failed(run, verdict, exit_code=1)
    assert [notice.level for notice in run.of(Notice)] == ["error"]
    assert run.models["orders"].status is ModelStatus.SUCCEEDED


async def test_no_dbt_at_all(workspace: Workspace, tmp_path: Path) -> None:
    python = write_executable(tmp_path / "bin" / "python", "#!/bin/sh\nexit 97\n")

    run, verdict = await workspace.run(
        write_project(tmp_path / "shop"), "build", python=str(python), environment={"PATH": "/nowhere"}
    )

    assert "There is no dbt" in check_failed(run, verdict, exit_code=2)


async def test_a_selection_of_nothing_is_no_failure(workspace: Workspace, tmp_path: Path) -> None:
    run, verdict = await workspace.run(write_project(tmp_path / "shop"), "build --select nothing_like_it")

    assert verdict.status is RunStatus.COMPLETED
    assert any("Nothing to do" in notice.text for notice in run.of(Notice))


async def test_fail_fast_leaves_no_node_open(workspace: Workspace, tmp_path: Path) -> None:
    files = {"models/a_broken.sql": "select nope", "models/child.sql": "select * from {{ ref('a_broken') }}"}
    project = write_project(tmp_path / "shop", files)

    run, verdict = await workspace.run(project, "build --fail-fast")

    assert check_failed(run, verdict, exit_code=1) == "1 model failed: a_broken"
    assert set(run.models) == {"orders", "a_broken", "child"}
    assert (run.models["child"].status, run.models["child"].cause) == (ModelStatus.SKIPPED, "model.shop.a_broken")


async def test_secrets_of_the_profile_stay_out_of_logs(workspace: Workspace, tmp_path: Path) -> None:
    profiles = """
shop:
  target: dev
  outputs:
    dev: {type: duckdb, path: shop.duckdb, secrets: [{type: s3, key_id: AKIAFAKE, secret: "{{ env_var('DEEP') }}"}]}
    prod: {type: postgres, password: horse-battery}
"""
    leak = "{{ log('said horse-battery and ' ~ env_var('DEEP'), info=true) }} select 1 as id"
    project = write_project(tmp_path / "shop", {"profiles.yml": profiles, "models/orders.sql": leak})

    run, _ = await workspace.run(project, "compile", environment={"DEEP": "staple-correct"})

    assert "said ••• and •••" in run.log("compile")
    leaks = [file for file in run.paths.folder.rglob("*") if file.is_file() and b"staple-correct" in file.read_bytes()]
    assert leaks == []


def write_executable(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    os.chmod(file, 0o755)  # noqa: PTH101
    return file
