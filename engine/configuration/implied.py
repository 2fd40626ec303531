"""What holds for a project without anybody writing it: its environments and its jobs."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from engine.configuration.names import as_name
from engine.configuration.profiles import dbt_targets
from store.models import Environment, EnvironmentType, Job, Project, RunKind, Tool

_TYPES: dict[EnvironmentType, frozenset[str]] = {
    "production": frozenset({"prod", "prd", "production", "live"}),
    "staging": frozenset({"staging", "stage", "stg", "preprod", "uat", "qa"}),
}
# By tool: name, kind and steps of the jobs that every project has.
_JOBS: dict[Tool, tuple[tuple[str, RunKind, tuple[str, ...]], ...]] = {
    "dbt": (("build", "run", ("build",)), ("test", "run", ("test",))),
    "sqlmesh": (("plan", "plan", ("plan",)), ("run", "run", ("run",))),
}
# What SQLMesh itself calls its production environment.
_SQLMESH_PRODUCTION = "prod"


def environment_type(name: str) -> EnvironmentType:
    """What an environment of this name is for: production and staging go by their usual names."""
    return next((kind for kind, names in _TYPES.items() if name.lower() in names), "development")


def implied_environments(project: Project, folder: Path, environ: Mapping[str, str]) -> list[Environment]:
    """One environment a dbt target, the profile's default first; for SQLMesh its production environment.

    Raises ConfigurationError when the dbt profile cannot be found or read.
    """
    names = dbt_targets(folder, environ).names if project.tool == "dbt" else (_SQLMESH_PRODUCTION,)
    return [
        Environment(project=project.name, name=as_name(name), target=name, type=environment_type(name))
        for name in names
    ]


def implied_jobs(project: Project, environments: Iterable[Environment]) -> list[Job]:
    """The jobs that every project of this tool has, in the project's first environment; none without one."""
    first = next((environment for environment in environments if environment.project == project.name), None)
    if first is None:
        return []
    return [
        Job(project=project.name, name=name, environment=first.name, kind=kind, steps=steps, implied=True)
        for name, kind, steps in _JOBS[project.tool]
    ]
