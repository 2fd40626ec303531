"""Tells names that the workspace does not know from those that only nothing ran under."""

from collections.abc import Iterable
from contextlib import suppress

from engine.client.names import suggestion
from engine.errors import NoWorkspace, UsageError
from store.filters import RunFilter, runs_of_job
from store.logs.log_lines import is_of
from store.models import Environment, Job
from store.paths import WorkspacePaths
from store.reads import StoreReader


async def require_job(reader: StoreReader, job: str) -> None:
    """Raises UsageError for a job that is neither configured nor has any run."""
    known = await reader.jobs()
    if not _names(job, known) and not await reader.runs(runs_of_job(job), limit=1):
        raise _unknown("job", job, known)


async def require_environment(reader: StoreReader, environment: str) -> None:
    """Raises UsageError for an environment that is neither known nor has any run."""
    known = await reader.environments()
    project, _, name = environment.rpartition("/")
    wanted = RunFilter(project=project or None, environment=name)
    if not _names(environment, known) and not await reader.runs(wanted, limit=1):
        raise _unknown("environment", environment, known)


async def require_model(reader: StoreReader, run_id: int, model: str) -> None:
    """Raises UsageError for what is no model and no audit of the run, named as people or as its tool name it."""
    models, audits = await reader.models(run_id), await reader.audits(run_id)
    known = {each.name: each.model for each in models} | {each.name: each.audit for each in audits}
    if not any(is_of(model, name) or is_of(model, unique) for name, unique in known.items()):
        raise UsageError(
            f'Run #{run_id} has no model or audit "{model}", and its logs name none; {suggestion(model, known)}'
        )


def require_usable(paths: WorkspacePaths) -> None:
    """For where nothing is recorded: raises ConfigurationError where the configuration cannot be read."""
    from engine.client.workspaces import load_workspace

    # A folder without any project has no runs either, which is nothing wrong.
    with suppress(NoWorkspace):
        load_workspace(paths.folder)


def _names(reference: str, known: Iterable[Job | Environment]) -> bool:
    project, _, name = reference.rpartition("/")
    return any(item.name == name and project in ("", item.project) for item in known)


def _unknown(what: str, reference: str, known: Iterable[Job | Environment]) -> UsageError:
    names = [f"{item.project}/{item.name}" if "/" in reference else item.name for item in known]
    return UsageError(f'There is no {what} "{reference}"; {suggestion(reference, names)}')
