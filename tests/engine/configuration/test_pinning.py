"""A job from a run is written beside what is there; comments and formatting stay as they are."""

from pathlib import Path

import pytest

from engine.configuration.pinning import pin_job
from engine.configuration.workspace import load_workspace
from engine.errors import ConfigurationError, UsageError
from tests.store.making import request

VERSION = "c02a80dee9a13178b9057b50f660e6da0f3c07ac"
WRITTEN = """# mine
[projects.flights]   # the code
tool = "dbt"
path = "."

[environments.prod]
project  =  "flights"

[jobs.nightly]
environment = "prod"
steps = ["build"]  # all of it
# the end
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "dbt_project.yml").write_text("name: flights\nprofile: flights\n")
    (tmp_path / "profiles.yml").write_text("flights: {target: prod, outputs: {prod: {type: duckdb, path: x.duckdb}}}\n")
    return tmp_path


def test_the_job_is_added_and_all_else_stays(folder: Path) -> None:
    (folder / "runroom.toml").write_text(WRITTEN)

    file = pin_job(load_workspace(folder), request(7, job_type="ci"), VERSION, "as-before")

    text = file.read_text()
    added = text.replace("\n[jobs.as-before]", "|[jobs.as-before]").partition("|")[2]
    assert text.replace(f"\n{added}", "").rstrip() + "\n" == WRITTEN
    (job,) = (job for job in load_workspace(folder).jobs if job.name == "as-before")
    assert (job.project, job.environment, job.type, job.steps) == ("flights", "prod", "ci", ("build",))
    assert job.version == VERSION


def test_what_comes_after_the_jobs_keeps_its_comment_and_the_lines_around_it(folder: Path) -> None:
    written = f'{WRITTEN}\n# whom to wake\n[notifications.oncall]\ncommand = ["true"]\n'
    (folder / "runroom.toml").write_text(written)

    text = pin_job(load_workspace(folder), request(7), VERSION, "as-before").read_text()

    assert text.startswith(f"{written}\n[jobs.as-before] # as #7 ran it\n")
    assert {"nightly", "as-before"} <= {job.name for job in load_workspace(folder).jobs}


def test_jobs_on_one_line_are_left_alone(folder: Path) -> None:
    written = WRITTEN.partition("[jobs")[0]
    written = f'jobs = {{nightly = {{environment = "prod", steps = ["build"]}}}}\n{written}'
    (folder / "runroom.toml").write_text(written)

    with pytest.raises(ConfigurationError, match=r"write each job as \[jobs\.NAME\]"):
        pin_job(load_workspace(folder), request(7), VERSION, "as-before")

    assert (folder / "runroom.toml").read_text() == written


def test_without_a_file_one_is_made_and_what_is_implied_stays(folder: Path) -> None:
    before = load_workspace(folder)
    wanted = request(7, project=before.projects[0].name, environment=before.environments[0].name)

    pin_job(before, wanted, VERSION, "as-before")

    after = load_workspace(folder)
    assert after.environments == before.environments
    assert {job.name for job in after.jobs} == {"build", "test", "as-before"}


@pytest.mark.parametrize(
    ("name", "sentence"), [("nightly", "flights has a job nightly already"), ("a b", "cannot be a name")]
)
def test_a_name_that_cannot_be(folder: Path, name: str, sentence: str) -> None:
    (folder / "runroom.toml").write_text(WRITTEN)

    with pytest.raises(UsageError, match=sentence):
        pin_job(load_workspace(folder), request(7), VERSION, name)

    assert (folder / "runroom.toml").read_text() == WRITTEN


def test_a_file_that_was_broken_meanwhile_is_left_alone(folder: Path) -> None:
    (folder / "runroom.toml").write_text(WRITTEN)
    workspace = load_workspace(folder)
    (folder / "runroom.toml").write_text(WRITTEN + "[jobs\n")

    with pytest.raises(ConfigurationError):
        pin_job(workspace, request(7), VERSION, "as-before")

    assert (folder / "runroom.toml").read_text() == WRITTEN + "[jobs\n"


def test_a_version_is_written_as_git_writes_it(folder: Path) -> None:
    (folder / "runroom.toml").write_text(WRITTEN.replace("# the end", 'version = "latest"'))

    with pytest.raises(ConfigurationError, match="version"):
        load_workspace(folder)
