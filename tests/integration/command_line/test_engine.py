"""One engine a workspace, started when it is needed, however the workspace lies and whoever asks."""

import os
from pathlib import Path

import pytest

from tests.integration.command_line.conftest import MakeShell
from tests.integration.dbt.projects import write_project

pytestmark = pytest.mark.timeout(180)


def test_it_starts_once_answers_and_stops(tmp_path: Path, shell_in: MakeShell) -> None:
    shell = shell_in(write_project(tmp_path / "shop"))
    assert shell.json("engine", "status") == {"running": False}
    starting = [shell.start("engine", "start", "--json") for _ in range(3)]
    assert [process.wait(timeout=60) for process in starting] == [0, 0, 0]
    outputs = [process.communicate()[0] for process in starting]
    assert len({line for output in outputs for line in output.splitlines() if '"pid"' in line}) == 1
    status = shell.json("engine", "status")
    assert (status["running"], status["workspace"], status["active_runs"]) == (True, str(tmp_path / "shop"), 0)
    assert (tmp_path / "shop/.runroom/engine.sock").stat().st_mode & 0o777 == 0o600
    assert shell("engine", "stop").stdout == "The engine has stopped.\n"
    assert shell("engine", "stop").stdout == "The engine was not running.\n"


def test_a_workspace_may_lie_deeper_than_a_socket_can(tmp_path: Path, shell_in: MakeShell) -> None:
    shell = shell_in(write_project(tmp_path / ("d" * 90) / ("e" * 90) / "shop"))
    assert len(os.fsencode(shell.folder / ".runroom/engine.sock")) > 200
    assert shell("engine", "start").returncode == 0
    assert shell.json("engine", "status")["running"] is True


def test_a_project_with_folders_of_our_names_shadows_nothing(tmp_path: Path, shell_in: MakeShell) -> None:
    files = {f"{name}/__init__.py": "raise SystemExit('shadowed')" for name in ("engine", "store", "tui", "aiohttp")}
    shell = shell_in(write_project(tmp_path / "shop", files))
    assert shell("engine", "start").returncode == 0


def test_an_engine_that_was_killed_is_replaced(tmp_path: Path, shell_in: MakeShell) -> None:
    shell = shell_in(write_project(tmp_path / "shop"))
    shell("engine", "start")
    killed = shell.kill_engine()
    assert shell("engine", "start").returncode == 0
    assert shell.json("engine", "status")["pid"] != killed


def test_a_target_that_was_added_is_known_to_the_engine_that_runs(tmp_path: Path, shell_in: MakeShell) -> None:
    shell = shell_in(write_project(tmp_path / "shop"))
    shell("engine", "start")
    profiles = shell.folder / "profiles.yml"
    profiles.write_text(profiles.read_text() + "    late: {type: duckdb, path: late.duckdb}\n")
    assert shell("run", "build", "--env", "late", "--detach").stdout.startswith("#1 build · shop/late")
