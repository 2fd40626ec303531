"""A workspace as it is configured now: what is written in its `runroom.toml`, completed by what is detected."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.api.settings import ApiSettings, Webhook
from engine.configuration.assemble import Parts, assemble
from engine.configuration.file import read_configuration
from engine.configuration.tables import ConfigurationTable
from engine.errors import ConfigurationError
from engine.notifications.channel import Channel
from store.models import Environment, Job, Project
from store.paths import WorkspacePaths


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace's configuration, complete and valid.

    `grace_s` are the seconds between the rungs of the cancel ladder. `problem` says what of it cannot be used: a
    project without targets, say, or, when nothing could be read, why.
    """

    paths: WorkspacePaths
    name: str
    max_concurrent_runs: int = 4
    grace_s: float = 10.0
    projects: tuple[Project, ...] = ()
    environments: tuple[Environment, ...] = ()
    jobs: tuple[Job, ...] = ()
    channels: tuple[Channel, ...] = ()
    api: ApiSettings | None = None
    webhooks: tuple[Webhook, ...] = ()
    problem: str | None = None

    def project(self, name: str) -> Project:
        """The project of this name, which environments and jobs only name when it exists."""
        return next(project for project in self.projects if project.name == name)

    def for_workers(self, environ: Mapping[str, str]) -> Mapping[str, str]:
        """The variables that a run's processes get: not the secrets of webhooks, by which they could start runs."""
        secrets = {webhook.secret_env for webhook in self.webhooks}
        return {name: value for name, value in environ.items() if name not in secrets}

    def project_folder(self, project: Project) -> Path:
        """Where the project is, as an absolute path."""
        return Path(os.path.normpath(self.paths.folder / Path(project.path).expanduser()))


def load_workspace(folder: Path) -> Workspace:
    """The configuration of the workspace in this very folder (see `locate.find_workspace` for the way there).

    Raises ConfigurationError, naming the file and the key, when what is written is wrong.
    """
    # Loading this takes a tenth of a second, which commands that only look for a workspace need not wait for.
    from engine.configuration.settings import load_settings

    paths = WorkspacePaths(folder.absolute())
    written = read_configuration(paths.configuration) if paths.configuration.is_file() else ConfigurationTable()
    settings = load_settings(written.workspace)
    parts = assemble(paths.configuration, written, os.environ)
    return _workspace(paths, settings.name, parts, settings.max_concurrent_runs, settings.grace_s)


def _workspace(paths: WorkspacePaths, name: str | None, parts: Parts, runs: int, grace_s: float) -> Workspace:
    return Workspace(
        paths=paths,
        name=name or paths.folder.name or "workspace",
        max_concurrent_runs=runs,
        grace_s=grace_s,
        projects=parts.projects,
        environments=parts.environments,
        jobs=parts.jobs,
        channels=parts.channels,
        api=parts.api,
        webhooks=parts.webhooks,
        problem=" ".join(parts.problems) or None,
    )


def workspace_or_problem(folder: Path) -> Workspace:
    """`load_workspace`, but a wrong configuration gives a workspace without projects that says what is wrong.

    The engine starts with it: the record of past runs is worth showing while somebody mends the file.
    """
    try:
        return load_workspace(folder)
    except ConfigurationError as error:
        paths = WorkspacePaths(folder.absolute())
        return Workspace(paths=paths, name=paths.folder.name or "workspace", problem=str(error))
