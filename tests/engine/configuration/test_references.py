from pathlib import Path

import pytest

from engine.configuration.references import resolve_environment, resolve_job
from engine.configuration.workspace import Workspace
from engine.errors import ConfigurationError, UsageError
from store.models import Environment, Job, Project
from store.paths import WorkspacePaths


def place(project: str, name: str) -> Environment:
    return Environment(project=project, name=name, target=name)


def job(project: str, name: str, environment: str) -> Job:
    return Job(project=project, name=name, environment=environment, steps=("build",))


WORKSPACE = Workspace(
    paths=WorkspacePaths(Path("/nowhere")),
    name="w",
    projects=(Project(name="a", tool="dbt", path="a"), Project(name="b", tool="dbt", path="b")),
    environments=(place("a", "dev"), place("a", "prod"), place("b", "prod")),
    jobs=(job("a", "build", "dev"), job("b", "build", "prod"), job("a", "nightly", "prod")),
)


@pytest.mark.parametrize(
    ("reference", "environment", "found"),
    [
        ("nightly", None, "a/nightly/prod"),
        ("a/build", None, "a/build/dev"),
        ("a/build", "prod", "a/build/prod"),
        ("build", "dev", "a/build/dev"),  # only project a has an environment dev
        ("build", "b/prod", "b/build/prod"),
    ],
)
def test_a_job_and_where(reference: str, environment: str | None, found: str) -> None:
    job = resolve_job(WORKSPACE, reference, environment)
    assert f"{job.project}/{job.name}/{job.environment}" == found


@pytest.mark.parametrize(
    ("reference", "environment", "sentence"),
    [
        ("buidl", None, 'There is no job "buidl"; did you mean "build"'),
        ("c/build", None, 'There is no job "c/build"; did you mean "[ab]/build"'),
        ("build", None, '"build" may mean more than one job: a/build, b/build'),
        ("build", "prod", '"build" may mean more than one job'),
        ("nightly", "staging", 'There is no environment "staging"; known: dev, prod'),
        ("nightly", "b/prod", 'There is no environment "b/prod"; did you mean "a/prod"'),
    ],
)
def test_a_job_that_cannot_be(reference: str, environment: str | None, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        resolve_job(WORKSPACE, reference, environment)


def test_an_environment() -> None:
    assert resolve_environment(WORKSPACE, "dev") == place("a", "dev")
    assert resolve_environment(WORKSPACE, "b/prod") == place("b", "prod")
    with pytest.raises(UsageError, match="may mean more than one environment: a/prod, b/prod"):
        resolve_environment(WORKSPACE, "prod")
    with pytest.raises(UsageError, match="Say which environment: a/dev, a/prod, b/prod"):
        resolve_environment(WORKSPACE, None)


def test_a_workspace_without_jobs_says_why() -> None:
    empty = Workspace(paths=WORKSPACE.paths, name="w", problem="No profiles.yml was found.")
    with pytest.raises(ConfigurationError, match=r"No profiles\.yml was found"):
        resolve_job(empty, "build")
