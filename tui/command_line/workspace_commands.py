"""`runroom jobs` and `init`: what is configured, with how it fared last."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from store.clock import system_clock
from store.errors import StoreMissing
from store.filters import RunFilter
from store.models import Job, Run
from store.paths import WorkspacePaths
from tui.command_line.output import complain, say, say_json, say_table
from tui.command_line.record import open_record
from tui.command_line.run_text import last_run_json, last_run_text
from tui.command_line.shared import JsonOption, invocation, workspace_paths
from tui.formats import NOTHING, duration

_JOB_HEADS = ("job", "environment", "kind", "steps", "schedule", "timeout", "last run")


def jobs(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the jobs of the workspace."""
    from engine.client.workspaces import load_workspace

    paths = workspace_paths(context)
    workspace = load_workspace(paths.folder)
    filters = [RunFilter(project=job.project, job=job.name) for job in workspace.jobs]
    last = asyncio.run(_last_runs(paths, filters))
    now = system_clock()
    if as_json:
        say_json([_job_json(job, run, now) for job, run in zip(workspace.jobs, last, strict=True)])
        return
    _complain_of(workspace.problem)
    say_table(_JOB_HEADS, [_job_row(job, run, now) for job, run in zip(workspace.jobs, last, strict=True)])


def init(
    context: typer.Context,
    folder: Annotated[Path | None, typer.Argument(metavar="DIR", help="Default: this folder.")] = None,
) -> None:
    """Write a runroom.toml for the projects that are here."""
    from engine.client.workspaces import load_workspace, write_configuration

    place = (folder or invocation(context).workspace or Path.cwd()).expanduser().absolute()
    file = write_configuration(place)
    workspace = load_workspace(place)
    say(f"{file} is written: {', '.join(f'{project.name} ({project.tool})' for project in workspace.projects)}.")
    _complain_of(workspace.problem)


def _complain_of(problem: str | None) -> None:
    if problem:
        complain(problem)


async def _last_runs(paths: WorkspacePaths, filters: Sequence[RunFilter]) -> list[Run | None]:
    """The latest run of each filter, None where there is none yet."""
    async with AsyncExitStack() as stack:
        try:
            reader = await stack.enter_async_context(open_record(paths))
        except StoreMissing:
            return [None] * len(filters)
        found = [await reader.runs(wanted, limit=1) for wanted in filters]
    return [runs[0] if runs else None for runs in found]


def _job_row(job: Job, last: Run | None, now: datetime) -> list[str]:
    return [
        f"{job.project}/{job.name}",
        job.environment,
        job.kind,
        " · ".join(job.steps),
        job.schedule or NOTHING,
        duration(job.timeout_s),
        last_run_text(last, now),
    ]


def _job_json(job: Job, last: Run | None, now: datetime) -> dict[str, Any]:
    return {**job.model_dump(mode="json"), "last_run": last_run_json(last, now)}
