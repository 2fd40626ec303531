"""`runroom jobs` as people use it: paused, resumed, and under a configuration that is wrong."""

from pathlib import Path

import pytest

from tests.integration.command_line.conftest import MakeShell, Shell
from tests.integration.dbt.projects import write_project

pytestmark = pytest.mark.timeout(180)

CONFIGURATION = '[jobs.tick]\nenvironment = "dev"\nsteps = ["build"]\nschedule = "0 3 * * *"\n'


@pytest.fixture
def shell(tmp_path: Path, shell_in: MakeShell) -> Shell:
    folder = tmp_path / "shop"
    folder.mkdir()
    write_project(folder)
    (folder / "runroom.toml").write_text(CONFIGURATION)
    return shell_in(folder)


def test_a_job_is_paused_and_resumed(shell: Shell) -> None:
    said = shell("jobs", "pause", "tick", "--reason", "the source is late", "--author", "anna")
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.startswith("shop/tick is paused by anna, since ")
    assert said.stdout.endswith(": the source is late\n")

    tick = shell.json("jobs")[0]
    assert (tick["next_at"], tick["paused"]["reason"], tick["paused"]["author"]) == (None, "the source is late", "anna")
    listed = shell("jobs").stdout.splitlines()
    assert "  paused  " in listed[1]
    assert listed[-1].startswith("shop/tick is paused by anna")

    resumed = shell.json("jobs", "resume", "tick")
    assert (resumed["job"], resumed["resumed"]) == ("tick", True)
    assert shell.json("jobs")[0]["next_at"].endswith("03:00:00.000Z")
    for arguments, sentence in (
        (("resume", "tick"), "tick is not paused."),
        (("pause", "tock", "--reason", "x"), 'There is no job "tock"; did you mean "tick"?'),
        (("pause", "tick", "--reason", "  "), "A reason has between 1 and 200 characters."),
    ):
        refused = shell("jobs", *arguments)
        assert (refused.returncode, refused.stdout, refused.stderr) == (2, "", f"runroom: {sentence}\n")


def test_a_wrong_file_is_told_beside_the_jobs_of_before(shell: Shell) -> None:
    (shell.folder / "runroom.toml").write_text(f"{CONFIGURATION}shedule = 1\n")
    unknown = shell("jobs")
    assert (unknown.returncode, unknown.stdout) == (2, "")

    (shell.folder / "runroom.toml").write_text(CONFIGURATION)
    shell("engine", "start")
    (shell.folder / "runroom.toml").write_text(f"{CONFIGURATION}shedule = 1\n")
    listed = shell("jobs")
    assert (listed.returncode, listed.stdout.splitlines()[1].split()[0]) == (2, "shop/tick")
    assert 'jobs.tick.shedule is not a known key; did you mean "schedule"?' in listed.stderr
    assert "The jobs are those of before." in listed.stderr
    examined = shell("doctor")
    assert "✗ configuration: " in examined.stdout
    assert "jobs.tick.shedule" in examined.stdout
