"""The environments that a request may name: the configured ones, those that only a tool knows, and one to be made."""

import re
from dataclasses import replace

from engine.configuration.workspace import Workspace
from engine.errors import UsageError
from store.models import Environment
from store.reads import StoreReader

_ENVIRONMENT_NAME = re.compile(r"[A-Za-z]\w{0,62}")


async def with_reported(workspace: Workspace, reader: StoreReader) -> Workspace:
    """The workspace, its environments completed by those that its tools reported."""
    known = {(place.project, place.name) for place in workspace.environments}
    health = await reader.health()
    reported = [each.environment for each in health if (each.environment.project, each.environment.name) not in known]
    projects = {project.name for project in workspace.projects}
    return replace(
        workspace,
        environments=(*workspace.environments, *(place for place in reported if place.project in projects)),
    )


def with_new(workspace: Workspace, reference: str) -> Workspace:
    """The workspace with the environment of this name, `dev_anna` or `flights/dev_anna`, if it is not there yet.

    Only SQLMesh makes environments; a dbt target stands in the project's profile. Raises UsageError.
    """
    prefix, _, name = reference.rpartition("/")
    places = [place for place in workspace.environments if place.name == name and prefix in ("", place.project)]
    if places:
        return workspace
    projects = [each.name for each in workspace.projects if each.tool == "sqlmesh" and prefix in ("", each.name)]
    if not projects:
        raise UsageError(f'"{reference}" is no environment, and no SQLMesh project is there to make it in.')
    if len(projects) > 1:
        raise UsageError(f'Say in which project "{name}" is to be made: {", ".join(projects)}.')
    if not _ENVIRONMENT_NAME.fullmatch(name):
        raise UsageError(f'"{name}" cannot name an environment: it takes letters, digits and "_", a letter first.')
    new = Environment(project=projects[0], name=name, target=name)
    return replace(workspace, environments=(*workspace.environments, new))
