"""The worker's process: it takes a run once, and knows who stopped it."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.lock import hold_lock
from engine.worker.__main__ import ALREADY_TAKEN, _wish, main
from store.events import RunFinished, RunStarted, parse_event
from store.paths import RunPaths
from store.status import RunStatus
from tests.store.making import request
from tests.support.waiting import until


@pytest.fixture
def paths(tmp_path: Path) -> RunPaths:
    """A run that was asked for."""
    found = RunPaths(tmp_path / "runs" / "1")
    found.logs.mkdir(parents=True)
    wanted = request(1, project_path=str(tmp_path), python="/no/such/python", steps=("build",))
    found.request.write_text(wanted.model_dump_json(), encoding="utf-8")
    return found


def test_a_run_that_another_worker_has_is_left_alone(paths: RunPaths) -> None:
    with hold_lock(paths.worker_lock):
        assert main([str(paths.folder)]) == ALREADY_TAKEN

    assert not paths.journal.exists()


def test_a_run_that_began_once_does_not_begin_again(paths: RunPaths) -> None:
    paths.journal.write_bytes(b'{"v":1}\n')

    assert main([str(paths.folder)]) == ALREADY_TAKEN
    assert paths.journal.read_bytes() == b'{"v":1}\n'


def test_a_project_whose_interpreter_is_gone_fails_with_its_name(paths: RunPaths) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "engine.worker", str(paths.folder)], capture_output=True, text=True, check=False
    )

    events = [parse_event(line) for line in paths.journal.read_bytes().splitlines()]
    assert isinstance(events[0], RunStarted)
    last = events[-1]
    assert isinstance(last, RunFinished)
    assert (done.returncode, done.stderr) == (1, "")
    assert last.status is RunStatus.FAILED
    assert last.reason is not None
    assert "\n" not in last.reason


@pytest.mark.parametrize(
    ("control", "reason"),
    [
        (None, "stopped"),
        ("", "stopped"),
        ('{"author": "anna"}\n', "stopped by anna"),
        ('{"author": "anna"}\n{"author": null}\n', "stopped"),
        ('{"auth', "stopped"),
        ("null\n", "stopped"),
        ('{"author": 7}\n', "stopped"),
    ],
)
def test_who_asked_for_a_stop(paths: RunPaths, control: str | None, reason: str) -> None:
    if control is not None:
        paths.control.write_text(control, encoding="utf-8")

    assert _wish(paths).reason == reason


async def test_a_signal_stops_the_run(paths: RunPaths, tmp_path: Path) -> None:
    """The tool here is a script that waits to be stopped, in the place of the project's interpreter."""
    tool = tmp_path / "python"
    tool.write_text("#!/bin/sh\necho waiting\nexec sleep 300\n", encoding="utf-8")
    tool.chmod(0o755)
    (tmp_path / "dbt_project.yml").write_text("name: flights\nprofile: flights\n", encoding="utf-8")
    (tmp_path / "profiles.yml").write_text(
        "flights: {target: prod, outputs: {prod: {type: duckdb, path: x.db}}}\n", encoding="utf-8"
    )
    wanted = request(1, project_path=str(tmp_path), python=str(tool), target="prod", grace_s=0.2)
    paths.request.write_text(wanted.model_dump_json(), encoding="utf-8")
    worker = await asyncio.create_subprocess_exec(sys.executable, "-m", "engine.worker", str(paths.folder))
    await until(lambda: paths.journal.exists() and b"process_group" in paths.journal.read_bytes(), "a tool runs")
    paths.control.write_text('{"author": "anna"}\n', encoding="utf-8")

    worker.send_signal(signal.SIGTERM)

    assert await worker.wait() == 1
    last = parse_event(paths.journal.read_bytes().splitlines()[-1])
    assert isinstance(last, RunFinished)
    assert (last.status, last.reason) == (RunStatus.CANCELLED, "stopped by anna")
