"""Runs from the command line, with real dbt processes on DuckDB."""

import json
import signal
from pathlib import Path
from typing import Any

import pytest

from store.models import ModelExecution, Run
from store.status import ModelStatus, RunStatus
from tests.integration.command_line.conftest import MakeShell, Shell
from tests.integration.dbt.projects import ENDLESS, write_project, write_shop

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(300)]

TABLE = "{{ config(materialized='table') }} "
SLOW_AND_THEN_SOME = {
    "models/orders.sql": TABLE + "select count(*) as n from range(200000000) a where hash(a.range) % 7 = 3",
    "models/after.sql": "select * from {{ ref('orders') }}",
}
# What dbt's own words for the end of a node are called here.
_WORDS = {"success": "succeeded", "error": "failed", "skipped": "skipped", "pass": "passed", "fail": "failed",
          "warn": "warned"}  # fmt: skip


def is_building(_: Run, models: list[ModelExecution]) -> bool:
    return any(model.status is ModelStatus.RUNNING for model in models)


def test_a_project_without_configuration_runs_and_tells_what_dbt_told(tmp_path: Path, shell_in: MakeShell) -> None:
    shell = shell_in(write_shop(tmp_path / "shop"))
    done = shell("run", "build", "--json")
    assert (done.returncode, done.stderr) == (1, "")
    run = json.loads(done.stdout)
    assert (run["status"], run["job"], run["environment"]) == ("failed", "build", "dev")
    told = json.loads(shell("artifacts", "latest", "run_results.json").stdout)["results"]
    nodes = {
        result["unique_id"]: result["status"] for result in told if not result["unique_id"].startswith("operation.")
    }
    expected = {name: _WORDS[status] for name, status in nodes.items() if status != "no-op"}
    recorded = {item["unique_name"]: item["status"] for item in [*run["models"], *run["audits"]]}
    assert recorded == expected
    _the_record_can_be_read(shell)
    _what_failed_runs_again(shell, run)


def _the_record_can_be_read(shell: Shell) -> None:
    assert shell("show", "1").stdout.startswith("#1 build · shop/dev  ✗ failed")
    assert "nope" in shell("logs", "latest", "--step", "build", "--level", "error").stdout
    assert "target/manifest.json" in shell("artifacts", "latest").stdout
    assert shell("watch", "latest", "--plain", "--exit-status").returncode == 1
    assert shell("watch", "latest", "--plain").returncode == 0


def _what_failed_runs_again(shell: Shell, before: dict[str, Any]) -> None:
    done = shell("rerun", "latest:build", "--failed", "--json")
    again = json.loads(done.stdout)
    assert (done.returncode, again["rerun_of"], again["trigger"]) == (1, 1, "rerun")
    failed = {model["name"] for model in before["models"] if model["status"] in ("failed", "skipped")}
    assert {model["name"] for model in again["models"] if model["status"] != "queued"} == failed
    assert shell("rename", "2", "second  try").stdout.startswith("#2 second  try")
    assert shell("delete", "2").returncode == 2
    deleted = shell("delete", "2", "--yes").stdout
    assert deleted == "#2 second  try is deleted; runroom undelete 2 brings it back until the engine stops.\n"
    assert [run["id"] for run in shell.json("runs")] == [1]
    assert not (shell.folder / ".runroom/runs/2").exists()


def test_progress_is_one_line_a_model_and_the_selection_is_kept(tmp_path: Path, shell_in: MakeShell) -> None:
    shell = shell_in(write_shop(tmp_path / "shop"))
    done = shell("run", "build", "--env", "other", "--select", "raw_orders", "--name", "only the seed")
    lines = done.stdout.splitlines()
    assert done.returncode == 0
    assert lines[0].startswith("#1 only the seed · shop/other")
    assert [line for line in lines if line.startswith("✓ raw_orders ") and line.endswith("3 rows")]
    assert "✓ completed in" in lines[-1]
    assert shell.json("show", "1")["options"] == {"select": ["raw_orders"]}


def test_ctrl_c_stops_the_run_and_a_second_run_works_right_after(tmp_path: Path, shell_in: MakeShell) -> None:
    shell = shell_in(write_project(tmp_path / "shop", {"models/endless.sql": TABLE + ENDLESS}))
    running = shell.start("run", "build")
    shell.wait_for(is_building)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Stopping #1" in err
    assert "■ cancelled" in out.splitlines()[-1]
    assert "endless" in out.splitlines()[-1]
    assert shell("run", "build", "--exclude", "endless").returncode == 0


def test_a_second_ctrl_c_leaves_the_run_to_itself(tmp_path: Path, shell_in: MakeShell) -> None:
    shell = shell_in(write_project(tmp_path / "shop", {"models/endless.sql": TABLE + ENDLESS}))
    running = shell.start("run", "build")
    shell.wait_for(is_building)
    running.send_signal(signal.SIGINT)
    assert running.stderr is not None
    assert "Stopping #1" in running.stderr.readline()
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=60)
    assert running.returncode == 130
    assert shell.wait_for(lambda run, _: run.status is RunStatus.CANCELLED).id == 1


def test_a_run_outlives_its_engine_and_whoever_waits_is_told(tmp_path: Path, shell_in: MakeShell) -> None:
    shell = shell_in(write_project(tmp_path / "shop", SLOW_AND_THEN_SOME))
    assert shell("run", "build", "--detach").stdout.startswith("#1 build · shop/dev")
    watching = shell.start("watch", "latest", "--plain", "--exit-status")
    reading = shell.start("logs", "latest", "--follow")
    shell.wait_for(is_building)
    shell.kill_engine()
    out, _ = watching.communicate(timeout=90)
    assert watching.returncode == 0
    built = [line.split()[1] for line in out.splitlines() if line.startswith("model ") and ": succeeded" in line]
    assert built == ["orders:", "after:"]
    assert out.splitlines()[-1].startswith("result: completed after ")
    followed, _ = reading.communicate(timeout=60)
    assert sorted(followed.splitlines()) == sorted(shell("logs", "latest").stdout.splitlines())


def test_a_second_run_of_a_job_is_skipped_and_says_for_whom(tmp_path: Path, shell_in: MakeShell) -> None:
    shell = shell_in(write_project(tmp_path / "shop", {"models/endless.sql": TABLE + ENDLESS}))
    shell("run", "build", "--detach")
    done = shell("run", "build")
    assert done.returncode == 1
    assert done.stdout.startswith("#2 ↷ skipped — #1 of the same job was still")
    assert shell("cancel", "1").returncode == 0
    assert shell("watch", "1", "--plain", "--exit-status").returncode == 130
    refused = shell("cancel", "1")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)


def test_the_record_can_be_made_again_from_the_journals(tmp_path: Path, shell_in: MakeShell) -> None:
    shell = shell_in(write_project(tmp_path / "shop"))
    before = json.loads(shell("run", "build", "--json").stdout)
    assert shell.json("engine", "rebuild")["runs"] == 1
    assert shell.json("show", "1") == before
