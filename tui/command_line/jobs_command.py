"""`runroom jobs`: what is configured and how it stands, and which of it shall not start by itself for now."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import typer

from engine.errors import ConfigurationError, UsageError
from store.clock import system_clock
from store.errors import StoreMissing
from store.job_glance import JobGlance, read_jobs
from store.models import Job, JobPause
from store.paths import WorkspacePaths
from store.remote_looks import RemoteLook, look_text, looks_of
from store.wording import NOTHING, date_and_time, duration, relative_time
from store.workspace_json import job_json, pause_json
from tui.command_line.output import complain, say, say_json, say_table
from tui.command_line.record import open_record
from tui.command_line.run_text import last_run_text
from tui.command_line.shared import AuthorOption, Command, Group, JsonOption, workspace_paths
from tui.formats import status_look
from tui.job_starts import starts_text

_HEADS = ("job", "environment", "starts", "next", "lately", "usual", "last run")
_USUAL = 5
_STRIP = 8

jobs = typer.Typer(
    cls=Group,
    help="List the jobs of the workspace, pause and resume them.",
    rich_markup_mode=None,
    add_completion=False,
)

JobArgument = Annotated[str, typer.Argument(metavar="JOB", help="nightly, or flights/nightly.")]


@jobs.callback(invoke_without_command=True)
def list_jobs(context: typer.Context, as_json: JsonOption = False) -> int:
    """List the jobs of the workspace, pause and resume them."""
    if context.invoked_subcommand is not None:
        return 0
    paths = workspace_paths(context)
    found, now = _configured(paths), system_clock()
    glances, looks = asyncio.run(_glances(paths, found, now))
    if as_json:
        say_json([job_json(glance, now) for glance in glances])
    else:
        say_table(_HEADS, [_row(glance, now) for glance in glances], frozenset({_USUAL}))
        for pause in (glance.pause for glance in glances if glance.pause is not None):
            say(_sentence(pause))
        for look in looks:
            say(look_text(look, now))
    if found.problem:
        complain(found.problem)
    return UsageError.exit_code if found.is_former else 0


@jobs.command("pause", cls=Command)
def pause(
    context: typer.Context,
    job: JobArgument,
    reason: Annotated[str, typer.Option("--reason", help="Why; it is shown with the job.")],
    author: AuthorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Keep a job from starting by itself; by hand it starts as ever."""
    from engine.client.launch import ensure_engine
    from engine.client.workspaces import author as author_of
    from engine.protocol import PauseJob

    if not 0 < len(reason.strip()) <= 200:
        raise UsageError("A reason has between 1 and 200 characters.")
    wanted = PauseJob(job=job, reason=reason.strip(), author=author_of(author))

    async def ask() -> JobPause:
        async with await ensure_engine(workspace_paths(context).folder) as client:
            return await client.pause_job(wanted)

    paused = asyncio.run(ask())
    _tell(pause_json(paused), _sentence(paused), as_json)


@jobs.command("resume", cls=Command)
def resume(context: typer.Context, job: JobArgument, author: AuthorOption = None, as_json: JsonOption = False) -> None:
    """Let a paused job start by itself again; what it would have started meanwhile is not made up for."""
    from engine.client.launch import ensure_engine
    from engine.client.workspaces import author as author_of
    from engine.protocol import ResumeJob

    wanted = ResumeJob(job=job, author=author_of(author))

    async def ask() -> JobPause:
        async with await ensure_engine(workspace_paths(context).folder) as client:
            return await client.resume_job(wanted)

    ended = asyncio.run(ask())
    sentence = f"{ended.project}/{ended.job} starts by itself again; it was paused {_since(ended, system_clock())}."
    _tell({**pause_json(ended), "resumed": True}, sentence, as_json)


def _tell(value: dict[str, Any], sentence: str, as_json: bool) -> None:
    if as_json:
        say_json(value)
    else:
        say(sentence)


@dataclass(frozen=True, slots=True)
class _Configured:
    """The jobs, and what is wrong; `is_former` when nothing could be read and they are those of before."""

    jobs: Sequence[Job]
    problem: str | None
    is_former: bool = False


def _configured(paths: WorkspacePaths) -> _Configured:
    """Raises ConfigurationError when nothing can be read and nothing was known before either."""
    from engine.client.workspaces import load_workspace

    try:
        workspace = load_workspace(paths.folder)
    except ConfigurationError as error:
        former = asyncio.run(_recorded(paths))
        if not former:
            raise
        return _Configured(former, f"{error} The jobs are those of before.", is_former=True)
    return _Configured(workspace.jobs, workspace.problem)


async def _recorded(paths: WorkspacePaths) -> list[Job]:
    try:
        async with open_record(paths) as reader:
            return await reader.jobs()
    except StoreMissing:
        return []


async def _glances(
    paths: WorkspacePaths, found: _Configured, now: datetime
) -> tuple[list[JobGlance], list[RemoteLook]]:
    """The jobs, and the looks at the remotes that tell of pushes."""
    try:
        async with open_record(paths) as reader:
            looks = looks_of(await reader.projects(), await reader.git.looks())
            return await read_jobs(reader, found.jobs, now), looks
    except StoreMissing:
        return [JobGlance(job) for job in found.jobs], []


def _row(glance: JobGlance, now: datetime) -> list[str]:
    job = glance.job
    lately = "".join(status_look(run.status).glyph for run in reversed(glance.runs[:_STRIP]))
    return [
        f"{job.project}/{job.name}",
        job.environment,
        starts_text(job),
        "paused" if glance.pause else relative_time(glance.next_at, now),
        lately or NOTHING,
        duration(glance.usual_s),
        last_run_text(glance.last_run, now),
    ]


def _sentence(pause: JobPause) -> str:
    return f"{pause.project}/{pause.job} is paused {_since(pause, system_clock())}: {pause.reason}"


def _since(pause: JobPause, now: datetime) -> str:
    by = f"by {pause.author}, " if pause.author else ""
    return f"{by}since {date_and_time(pause.paused_at)} ({relative_time(pause.paused_at, now)})"
