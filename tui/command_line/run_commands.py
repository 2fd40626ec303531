"""`runroom run` and `repair`: start a run, and wait for it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.errors import UsageError
from store.models import Run
from tui.command_line.shared import AuthorOption, DetachOption, JsonOption, RunArgument, workspace_paths

if TYPE_CHECKING:
    from engine.client.api import EngineClient


def run(
    context: typer.Context,
    job: Annotated[str, typer.Argument(metavar="JOB", help="A job: nightly, or flights/nightly.")],
    environment: Annotated[
        str | None, typer.Option("--env", "-e", help="Another environment than the job's own.")
    ] = None,
    select: Annotated[list[str] | None, typer.Option("--select", "-s", help="Only these models.")] = None,
    exclude: Annotated[list[str] | None, typer.Option("--exclude", help="Not these models.")] = None,
    full_refresh: Annotated[bool, typer.Option("--full-refresh", help="Build incremental models anew.")] = False,
    variables: Annotated[
        str | None, typer.Option("--vars", metavar="YAML", help="Variables of the project, as YAML or JSON.")
    ] = None,
    threads: Annotated[int | None, typer.Option("--threads", min=1, help="How many models at once.")] = None,
    name: Annotated[str | None, typer.Option("--name", help="What the run is called; default: the job.")] = None,
    author: AuthorOption = None,
    detach: DetachOption = False,
    as_json: JsonOption = False,
) -> int:
    """Run a job and wait for it; Ctrl+C stops the run."""
    from engine.client import workspaces
    from engine.client.launch import ensure_engine
    from engine.protocol import StartRun
    from store.models import RunOptions
    from tui.command_line.waiting import conclude

    paths = workspace_paths(context)
    # Asked here too, so that a wrong name or file starts no engine.
    workspaces.resolve_job(workspaces.load_workspace(paths.folder), job, environment)
    options = RunOptions(
        select=tuple(select or ()),
        exclude=tuple(exclude or ()),
        full_refresh=full_refresh,
        variables=_variables(variables),
        threads=threads,
    )
    by = workspaces.author(author)
    wanted = StartRun(job=job, environment=environment, name=name, author=by, options=options)

    async def start_and_wait() -> int:
        async with await ensure_engine(paths.folder) as client:
            # An engine sees a changed runroom.toml by itself, but not a new project or target beside it.
            await client.reload()
            started = await client.start_run(wanted)
        return await conclude(paths, started, by, detach, as_json)

    return asyncio.run(start_and_wait())


def repair(
    context: typer.Context,
    run: RunArgument,
    author: AuthorOption = None,
    detach: DetachOption = False,
    as_json: JsonOption = False,
) -> int:
    """Load again the intervals that a stopped run left half-written, and wait for it."""
    from engine.client.workspaces import author as author_of
    from engine.protocol import RepairRun

    by = author_of(author)
    wanted = RepairRun(author=by)
    return _follow_up(context, run, lambda client, broken: client.repair(broken, wanted), by, detach, as_json)


def _follow_up(
    context: typer.Context,
    reference: str,
    ask: Callable[["EngineClient", int], Awaitable[Run]],
    author: str,
    detach: bool,
    as_json: bool,
) -> int:
    """Has the engine start a run that follows from an earlier one, and waits for it."""
    from engine.client.launch import ensure_engine
    from tui.command_line.record import open_record
    from tui.command_line.run_reference import find_run
    from tui.command_line.waiting import conclude

    paths = workspace_paths(context)

    async def start_and_wait() -> int:
        async with open_record(paths) as reader:
            former = await find_run(reader, reference)
        async with await ensure_engine(paths.folder) as client:
            started = await ask(client, former.id)
        return await conclude(paths, started, author, detach, as_json)

    return asyncio.run(start_and_wait())


def _variables(text: str | None) -> dict[str, Any]:
    """Raises UsageError for what is no mapping."""
    if not text:
        return {}
    import yaml

    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError:
        value = None
    if not isinstance(value, dict):
        raise UsageError(f'--vars must be a mapping, like "{{start: 2013-01-01}}", not "{text}".')
    return {str(key): item for key, item in value.items()}
