"""`runroom run` and `repair`: start a run, and wait for it."""

import asyncio
from typing import Annotated, Any

import typer

from engine.errors import UsageError
from store.text import one_line
from tui.command_line.output import complain
from tui.command_line.production import YesOption, demand_yes, is_production, is_wanted, may_touch
from tui.command_line.shared import AuthorOption, DetachOption, JsonOption, RunArgument, workspace_paths


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
    start: Annotated[str | None, typer.Option("--start", metavar="DAY", help="Only intervals or batches from.")] = None,
    end: Annotated[str | None, typer.Option("--end", metavar="DAY", help="Only intervals or batches up to.")] = None,
    name: Annotated[str | None, typer.Option("--name", help="What the run is called; default: the job.")] = None,
    yes: YesOption = False,
    author: AuthorOption = None,
    detach: DetachOption = False,
    as_json: JsonOption = False,
) -> int:
    """Run a job and wait for it; Ctrl+C stops the run. Asks first where it writes production."""
    from engine.client import workspaces
    from engine.client.launch import ensure_engine
    from engine.protocol import StartRun
    from store.models import RunOptions
    from tui.command_line.waiting import conclude

    paths = workspace_paths(context)
    # Asked here too, so that a wrong name or file starts no engine.
    workspace = workspaces.load_workspace(paths.folder)
    found = workspaces.resolve_job(workspace, job, environment)
    place = f"{found.project}/{found.environment}"
    asks = not yes and is_production(workspace.environments, found.project, found.environment)
    if asks:
        demand_yes(place)
    options = RunOptions(
        select=tuple(select or ()),
        exclude=tuple(exclude or ()),
        full_refresh=full_refresh,
        variables=_variables(variables),
        threads=threads,
        start=start,
        end=end,
    )
    by = workspaces.author(author)
    wanted = StartRun(job=job, environment=environment, name=name, author=by, options=options)

    async def start_and_wait() -> int:
        async with await ensure_engine(paths.folder) as client:
            # An engine sees a changed runroom.toml by itself, but not a new project or target beside it.
            await client.reload()
            if asks:
                complain(f"{place} is production. It runs:")
                for command in (await client.preview_start(wanted)).commands:
                    complain(f"  {one_line(command)}")
                if not await is_wanted(f"Start {found.name}?"):
                    return 0
            started = await client.start_run(wanted)
        return await conclude(paths, started, by, detach, as_json)

    return asyncio.run(start_and_wait())


def repair(
    context: typer.Context,
    run: RunArgument,
    yes: YesOption = False,
    author: AuthorOption = None,
    detach: DetachOption = False,
    as_json: JsonOption = False,
) -> int:
    """Load again the intervals that a stopped run left half-written, and wait for it."""
    from engine.client.workspaces import author as author_of
    from engine.protocol import RepairRun

    by = author_of(author)
    wanted = RepairRun(author=by)
    from engine.client.launch import ensure_engine
    from tui.command_line.record import open_record
    from tui.command_line.run_reference import find_run
    from tui.command_line.waiting import conclude

    paths = workspace_paths(context)

    async def start_and_wait() -> int:
        async with open_record(paths) as reader:
            broken = await find_run(reader, run)
            environments = await reader.environments()
        question = f"Load again what #{broken.id} left half-written?"
        if not yes and not await may_touch(environments, broken, question):
            return 0
        async with await ensure_engine(paths.folder) as client:
            started = await client.repair(broken.id, wanted)
        return await conclude(paths, started, by, detach, as_json)

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
