"""Completes what is written by what is implied: the projects, environments and jobs of a workspace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.api.settings import ApiSettings, Webhook
from engine.configuration.api import written_api, written_webhooks
from engine.configuration.channels import written_channels
from engine.configuration.detect import Detected, detect_projects
from engine.configuration.implied import implied_environments, implied_jobs
from engine.configuration.pipelines import linked
from engine.configuration.tables import ConfigurationTable
from engine.configuration.written import written_environments, written_jobs, written_project
from engine.errors import ConfigurationError
from engine.notifications.channel import Channel
from store.models import Environment, Job, Project


@dataclass(frozen=True, slots=True)
class Parts:
    """The nouns of a workspace; `problems` are what could not be implied, a sentence each."""

    projects: tuple[Project, ...]
    environments: tuple[Environment, ...]
    jobs: tuple[Job, ...]
    problems: tuple[str, ...]
    channels: tuple[Channel, ...] = ()
    api: ApiSettings | None = None
    webhooks: tuple[Webhook, ...] = ()


def assemble(file: Path, written: ConfigurationTable, environ: Mapping[str, str]) -> Parts:
    """The nouns of the workspace whose `runroom.toml` is, or would be, `file`.

    Raises ConfigurationError for what is written and cannot be; what cannot be implied is a problem only.
    """
    found = _projects(file, written)
    environments, problems = _environments(file, written, found.projects, environ)
    jobs = _jobs(file, written, found.projects, environments)
    channels = written_channels(file, written.notifications)
    return Parts(
        projects=found.projects,
        environments=tuple(environments),
        jobs=tuple(jobs),
        problems=(*found.problems, *problems),
        channels=channels,
        api=written_api(file, written.api),
        webhooks=written_webhooks(file, written.webhooks, found.projects),
    )


def _projects(file: Path, written: ConfigurationTable) -> Detected:
    if written.projects:
        return Detected(tuple(written_project(file, name, table) for name, table in written.projects.items()))
    found = detect_projects(file.parent)
    if not found.projects and not found.problems:
        return Detected((), (f"{file.parent} has no dbt or SQLMesh project, nor have the folders in it.",))
    return found


def _environments(
    file: Path, written: ConfigurationTable, projects: Sequence[Project], environ: Mapping[str, str]
) -> tuple[list[Environment], list[str]]:
    """By project: those that are written or, where none is, those that are implied."""
    described = written_environments(file, written.environments, projects)
    environments: list[Environment] = []
    problems: list[str] = []
    for project in projects:
        own = [environment for environment in described if environment.project == project.name]
        if project.git is not None and not own and not (file.parent / project.path).is_dir():
            problems.append(f"The environments of {project.name} are known when {project.git} is cloned.")
            continue
        try:
            folder = file.parent / Path(project.path).expanduser()
            environments += own or implied_environments(project, folder, environ)
        except ConfigurationError as error:
            problems.append(str(error))
    return environments, problems


def _jobs(
    file: Path, written: ConfigurationTable, projects: Sequence[Project], environments: Sequence[Environment]
) -> list[Job]:
    described = written_jobs(file, written.jobs, projects, environments)
    taken = {(job.project, job.name) for job in described}
    implied = [job for project in projects for job in implied_jobs(project, environments)]
    return linked(file, described + [job for job in implied if (job.project, job.name) not in taken])
