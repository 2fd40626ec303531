"""`runroom runs` and `runroom show`: what the record says, read without the engine."""

import asyncio
from typing import Annotated

import typer

from engine.errors import UsageError
from store.clock import system_clock
from store.errors import StoreMissing
from store.filters import RunFilter
from store.models import Run, RunKind
from store.paths import WorkspacePaths
from store.run_json import run_summary, whole_run
from store.status import RunStatus
from tui.command_line.known_names import require_environment, require_job, require_usable
from tui.command_line.output import say, say_json, say_table
from tui.command_line.record import open_record
from tui.command_line.run_reference import find_run
from tui.command_line.run_text import describe_run, run_row
from tui.command_line.shared import JsonOption, RunArgument, workspace_paths

_HEADS = ("run", "status", "job", "environment", "trigger", "started", "duration", "author", "models")
_NUMBERS = frozenset({0, 6})


def runs(
    context: typer.Context,
    number: Annotated[int, typer.Option("-n", "--number", min=1, max=100_000, help="How many at most.")] = 20,
    status: Annotated[list[RunStatus] | None, typer.Option("--status", help="Only runs of this status.")] = None,
    environment: Annotated[
        str | None, typer.Option("--env", "-e", help="Only runs in this environment: prod, or flights/prod.")
    ] = None,
    job: Annotated[str | None, typer.Option("--job", "-j", help="Only runs of this job.")] = None,
    kind: Annotated[RunKind | None, typer.Option("--kind", help="Only runs of this kind.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List the latest runs."""
    wanted = _filter(status or [], environment, job, kind)
    paths = workspace_paths(context)
    found = asyncio.run(_runs(paths, wanted, number, environment, job))
    if not found and wanted == RunFilter():
        require_usable(paths)
    now = system_clock()
    if as_json:
        say_json([run_summary(run, now) for run in found])
    elif found:
        say_table(_HEADS, [run_row(run, now) for run in found], _NUMBERS)
    else:
        say('No runs yet: start one with "runroom run JOB".' if wanted == RunFilter() else "No such runs.")


def _filter(statuses: list[RunStatus], environment: str | None, job: str | None, kind: RunKind | None) -> RunFilter:
    project, _, place = (environment or "").rpartition("/")
    job_project, _, job_name = (job or "").rpartition("/")
    if project and job_project and project != job_project:
        raise UsageError(f"No run is of project {project} and of project {job_project}.")
    return RunFilter(
        statuses=frozenset(statuses),
        kinds=frozenset({kind} if kind else ()),
        project=project or job_project or None,
        environment=place or None,
        job=job_name or None,
    )


async def _runs(
    paths: WorkspacePaths, wanted: RunFilter, number: int, environment: str | None, job: str | None
) -> list[Run]:
    try:
        async with open_record(paths) as reader:
            if environment is not None:
                await require_environment(reader, environment)
            if job is not None:
                await require_job(reader, job)
            return await reader.runs(wanted, number)
    except StoreMissing:
        return []


def show(context: typer.Context, run: RunArgument, as_json: JsonOption = False) -> None:
    """Show one run: its steps, models and audits."""
    asyncio.run(_show(workspace_paths(context), run, as_json))


async def _show(paths: WorkspacePaths, reference: str, as_json: bool) -> None:
    async with open_record(paths) as reader:
        found = await find_run(reader, reference)
        whole = await whole_run(reader, paths, found.id, system_clock())
        if as_json:
            say_json(whole)
        else:
            for line in await describe_run(reader, found, system_clock()):
                say(line)
