"""Which job or environment somebody means: `nightly`, `flights/nightly`, `prod`."""

from collections.abc import Sequence
from typing import TypeVar

from engine.configuration.names import suggestion
from engine.configuration.workspace import Workspace
from engine.errors import ConfigurationError, UsageError
from store.models import Environment, Job

Referred = TypeVar("Referred", Environment, Job)


def resolve_job(workspace: Workspace, reference: str, environment: str | None = None) -> Job:
    """The job that is meant, put into another environment of its project where one is named.

    Raises UsageError naming the candidates or the nearest name, ConfigurationError when there are no jobs at all.
    """
    prefix, _, name = reference.rpartition("/")
    found = [job for job in workspace.jobs if job.name == name and prefix in ("", job.project)]
    if not found:
        raise _unknown(workspace, "job", reference, workspace.jobs)
    if environment is None:
        return _the_one("job", reference, found)
    moved = [_moved(job, place) for job in found for place in _matching(workspace, environment, job.project)]
    if not moved:
        projects = {job.project for job in found}
        places = [place for place in workspace.environments if place.project in projects]
        raise _unknown(workspace, "environment", environment, places)
    return _the_one("job", reference, moved)


def resolve_environment(workspace: Workspace, reference: str | None) -> Environment:
    """The environment that is meant; without a reference the only one. Raises as `resolve_job` does."""
    if reference is None and len(workspace.environments) > 1:
        raise UsageError(f"Say which environment: {_listed(workspace.environments)}.")
    found = list(workspace.environments) if reference is None else _matching(workspace, reference)
    if not found:
        raise _unknown(workspace, "environment", reference or "", workspace.environments)
    return _the_one("environment", reference or "", found)


def _matching(workspace: Workspace, reference: str, project: str | None = None) -> list[Environment]:
    prefix, _, name = reference.rpartition("/")
    return [
        place
        for place in workspace.environments
        if place.name == name and prefix in ("", place.project) and project in (None, place.project)
    ]


def _moved(job: Job, place: Environment) -> Job:
    return job.model_copy(update={"environment": place.name})


def _the_one(kind: str, reference: str, found: Sequence[Referred]) -> Referred:
    if len(found) > 1:
        raise UsageError(f'"{reference}" may mean more than one {kind}: {_listed(found)}.')
    return found[0]


def _unknown(workspace: Workspace, kind: str, reference: str, known: Sequence[Job | Environment]) -> UsageError:
    if not known and workspace.problem:
        return ConfigurationError(workspace.problem)
    project, _, name = reference.rpartition("/")
    names = [f"{item.project}/{item.name}" if project else item.name for item in known]
    return UsageError(f'There is no {kind} "{reference}"; {suggestion(reference if project else name, names)}')


def _listed(items: Sequence[Job | Environment]) -> str:
    return ", ".join(f"{item.project}/{item.name}" for item in items)
