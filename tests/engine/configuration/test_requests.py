import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.configuration.requests import run_request
from engine.configuration.workspace import load_workspace
from engine.errors import ConfigurationError, UsageError
from engine.protocol import StartRun
from store.models import RunOptions, RunRequest
from tests.engine.configuration.conftest import MakeProject, WriteFile

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
TOML = """
[workspace]
cancel_grace = "5s"
[projects.flights]
tool = "dbt"
path = "./flights"
[environments.live]
target = "prod"
branch = "main"
[jobs.nightly]
environment = "live"
steps = ["deps", "build"]
timeout = "2h"
"""


@pytest.fixture
def folder(tmp_path: Path, make_dbt: MakeProject, write_toml: WriteFile) -> Path:
    make_dbt("flights")
    write_toml(TOML)
    return tmp_path


def request(folder: Path, start: StartRun) -> RunRequest:
    return run_request(load_workspace(folder), start, 7, NOW)


def test_a_job_with_all_that_its_worker_needs(folder: Path) -> None:
    options = RunOptions(select=("stg_flights",))
    assert request(folder, StartRun(job="nightly", author="anna", options=options)) == RunRequest(
        id=7,
        name="nightly",
        project="flights",
        environment="live",
        job="nightly",
        job_type="deploy",
        author="anna",
        created_at=NOW,
        tool="dbt",
        project_path=str(folder / "flights"),
        python=sys.executable,
        target="prod",
        branch="main",
        steps=("deps", "build"),
        options=options,
        timeout_s=7200,
        grace_s=5,
    )


def test_an_ad_hoc_request_goes_to_the_only_environment(folder: Path) -> None:
    made = request(folder, StartRun(steps=("compile",)))
    assert (made.job, made.environment, made.steps, made.name) == (None, "live", ("compile",), "compile")


def test_a_request_for_nothing_is_refused(folder: Path) -> None:
    with pytest.raises(UsageError, match="Say what to run"):
        request(folder, StartRun())


def test_an_interpreter_counts_from_the_workspace_and_its_link_is_kept(folder: Path, write_toml: WriteFile) -> None:
    (folder / "venv").mkdir()
    (folder / "venv" / "python").symlink_to(sys.executable)
    write_toml(TOML.replace('path = "./flights"', 'path = "./flights"\npython = "./venv/python"'))
    assert request(folder, StartRun(job="nightly")).python == str(folder / "venv" / "python")


def test_an_interpreter_by_name_is_found_on_the_path(
    folder: Path, write_toml: WriteFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_toml(TOML.replace('path = "./flights"', f'path = "./flights"\npython = "{Path(sys.executable).name}"'))
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    assert request(folder, StartRun(job="nightly")).python == sys.executable


def test_a_file_in_the_workspace_is_no_name_to_look_for(folder: Path, write_toml: WriteFile) -> None:
    (folder / "python").symlink_to(sys.executable)
    write_toml(TOML.replace('path = "./flights"', 'path = "./flights"\npython = "./python"'))
    assert request(folder, StartRun(job="nightly")).python == str(folder / "python")


def test_a_missing_interpreter_names_the_key(folder: Path, write_toml: WriteFile) -> None:
    write_toml(TOML.replace('path = "./flights"', 'path = "./flights"\npython = "./gone/python"'))
    with pytest.raises(ConfigurationError, match=r"is not there: .*gone/python \(projects\.flights\.python"):
        request(folder, StartRun(job="nightly"))
