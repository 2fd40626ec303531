"""`runroom jobs` over projects whose remotes are looked at."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from store.clock import system_clock
from store.models import Project
from store.writes import StoreWriter
from tests.tui.command_line.conftest import CommandLine
from tests.worlds import ENVIRONMENTS, JOBS, build_world

REMOTE = "git@github.com:acme/flights.git"


async def _failed(database: Path) -> None:
    async with StoreWriter.open(database) as writer:
        polled = Project(name="flights", tool="dbt", path="flights", poll_s=60.0)
        await writer.sync_workspace("analytics", (polled,), ENVIRONMENTS, JOBS)
        await writer.git.note_attempt("flights", REMOTE, system_clock() - timedelta(minutes=5), "Connection refused")


def test_problems_of_remotes_are_told_with_the_jobs(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    world = asyncio.run(build_world("idle", tmp_path))
    command = CommandLine(capsys, tmp_path)
    asyncio.run(_failed(world.paths.database))
    (world.paths.folder / "runroom.toml").write_text("shedule = 1\n")
    said = command("jobs")
    assert said.out.splitlines()[-1] == (
        f"The remote of flights, {REMOTE}, could not be looked at 5m ago: Connection refused."
    )
    check, build = (
        next(job for job in command("jobs", "--json").json if job["name"] == name) for name in ("check", "build")
    )
    assert check["remote"]["problem"] == "Connection refused"
    assert check["remote"]["answered_at"] is None
    assert build["remote"] is None
