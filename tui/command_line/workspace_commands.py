"""`runroom jobs`, `environments` and `init`: what is configured, with how it fared last."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from store.clock import system_clock, to_iso
from store.errors import StoreMissing
from store.filters import RunFilter
from store.models import Environment, Job, Run
from store.paths import WorkspacePaths
from tui.command_line.output import complain, say, say_json, say_table
from tui.command_line.record import open_record
from tui.command_line.shared import JsonOption, invocation, workspace_paths
from tui.formats import NOTHING, duration, relative_time, status_look

_JOB_HEADS = ("job", "environment", "kind", "steps", "schedule", "timeout", "last run")
_ENVIRONMENT_HEADS = ("environment", "tool", "type", "target", "branch", "last run", "last plan")


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


def environments(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the environments of the workspace."""
    from engine.client.workspaces import load_workspace

    paths = workspace_paths(context)
    workspace = load_workspace(paths.folder)
    places = [RunFilter(project=item.project, environment=item.name) for item in workspace.environments]
    runs = asyncio.run(_last_runs(paths, [_of_kind(place, "run") for place in places]))
    plans = asyncio.run(_last_runs(paths, [_of_kind(place, "plan") for place in places]))
    tools = {project.name: project.tool for project in workspace.projects}
    now = system_clock()
    entries = list(zip(workspace.environments, runs, plans, strict=True))
    if as_json:
        say_json([_environment_json(item, tools[item.project], run, plan, now) for item, run, plan in entries])
        return
    _complain_of(workspace.problem)
    rows = [_environment_row(item, tools[item.project], run, plan, now) for item, run, plan in entries]
    say_table(_ENVIRONMENT_HEADS, rows)


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


def _of_kind(place: RunFilter, kind: str) -> RunFilter:
    return place.model_copy(update={"kinds": frozenset({kind})})


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
        _last_text(last, now),
    ]


def _environment_row(
    environment: Environment, tool: str, last: Run | None, plan: Run | None, now: datetime
) -> list[str]:
    return [
        f"{environment.project}/{environment.name}",
        tool,
        environment.type,
        environment.target or NOTHING,
        environment.branch or NOTHING,
        _last_text(last, now),
        _last_text(plan, now),
    ]


def _last_text(run: Run | None, now: datetime) -> str:
    if run is None:
        return NOTHING
    look = status_look(run.status)
    return f"{look.glyph} #{run.id} {look.word} {relative_time(run.started_at or run.created_at, now)}"


def _job_json(job: Job, last: Run | None, now: datetime) -> dict[str, Any]:
    return {**job.model_dump(mode="json"), "last_run": _last_json(last, now)}


def _environment_json(
    environment: Environment, tool: str, last: Run | None, plan: Run | None, now: datetime
) -> dict[str, Any]:
    runs = {"last_run": _last_json(last, now), "last_plan": _last_json(plan, now)}
    return {**environment.model_dump(mode="json"), "tool": tool, **runs}


def _last_json(run: Run | None, now: datetime) -> dict[str, Any] | None:
    if run is None:
        return None
    return {
        "id": run.id,
        "status": run.status.value,
        "created_at": to_iso(run.created_at),
        "duration_s": run.duration_s(now),
    }
