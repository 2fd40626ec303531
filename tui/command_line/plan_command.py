"""`runroom plan`: what would change and run in an environment; with --apply, doing it."""

import asyncio
import sys
from typing import Annotated, Any

import typer

from engine.errors import UsageError
from store.models import Run, RunOptions
from store.paths import WorkspacePaths
from store.status import GOOD
from tui.command_line.output import complain, say, say_json
from tui.command_line.progress import EXIT_CODES
from tui.command_line.shared import AuthorOption, DetachOption, JsonOption, workspace_paths
from tui.plan_text import is_idle, plan_lines, warning_lines


def plan(
    context: typer.Context,
    environment: Annotated[
        str, typer.Argument(metavar="ENVIRONMENT", help="dev, flights/dev, or a new one of a SQLMesh project.")
    ],
    apply: Annotated[bool, typer.Option("--apply", help="Apply the plan once it was shown.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before it is applied.")] = False,
    select: Annotated[list[str] | None, typer.Option("--select", "-s", help="Only these models.")] = None,
    restate: Annotated[
        list[str] | None, typer.Option("--restate", metavar="MODEL", help="Load this model's intervals again.")
    ] = None,
    start: Annotated[str | None, typer.Option("--start", help="The first day to load.")] = None,
    end: Annotated[str | None, typer.Option("--end", help="The last day to load.")] = None,
    forward_only: Annotated[
        bool, typer.Option("--forward-only", help="Keep existing tables; changes count from now on.")
    ] = False,
    categories: Annotated[
        list[str] | None,
        typer.Option(
            "--category", metavar="[MODEL=]CATEGORY", help="breaking or non_breaking, for changes that need saying."
        ),
    ] = None,
    create_from: Annotated[
        str | None, typer.Option("--create-from", metavar="ENV", help="What a new environment starts from.")
    ] = None,
    skip_tests: Annotated[bool, typer.Option("--skip-tests", help="Do not run the project's unit tests.")] = False,
    author: AuthorOption = None,
    detach: DetachOption = False,
    as_json: JsonOption = False,
) -> int:
    """Show what a plan would change and load in an environment; apply it with --apply."""
    from engine.client.workspaces import author as author_of

    options = RunOptions(
        select=tuple(select or ()),
        restate=tuple(restate or ()),
        start=start,
        end=end,
        forward_only=forward_only,
        categories=tuple(categories or ()),
        create_from=create_from,
        skip_tests=skip_tests,
    )
    if apply and not yes and not sys.stdin.isatty():
        raise UsageError("Applying a plan asks first; say --yes where nobody can be asked.")
    work = _plan(workspace_paths(context), environment, options, apply, yes, author_of(author), detach, as_json)
    return asyncio.run(work)


async def _plan(
    paths: WorkspacePaths,
    environment: str,
    options: RunOptions,
    apply: bool,
    yes: bool,
    by: str,
    detach: bool,
    as_json: bool,
) -> int:
    from tui.command_line.waiting import conclude

    shown, details = await _show(paths, environment, options, by, as_json and not apply)
    if await _is_refused(paths, shown):
        return UsageError.exit_code
    if shown.status not in GOOD or not apply or is_idle(details):
        return EXIT_CODES[shown.status]
    if not yes and not await asyncio.to_thread(typer.confirm, f"Apply this plan to {shown.project}/{environment}?"):
        complain("Nothing was changed.")
        return 0
    wanted = options.model_copy(update={"apply": True, "expect": details.get("fingerprint")})
    return await conclude(paths, await _start(paths, environment, wanted, by), by, detach, as_json)


async def _show(
    paths: WorkspacePaths, environment: str, options: RunOptions, by: str, as_json: bool
) -> tuple[Run, dict[str, Any]]:
    """Has the plan made, waits for it and prints it."""
    from tui.command_line.following import Waiting
    from tui.command_line.record import open_record

    run = await _start(paths, environment, options, by)
    ended = await Waiting(paths, run.id, by, lambda _: None).end()
    async with open_record(paths) as reader:
        details, warnings = await reader.details(run.id), warning_lines(await reader.notices(run.id))
    if as_json:
        told = {"run": ended.id, "status": ended.status, "status_reason": ended.status_reason, "plan": details}
        say_json(told | {"warnings": [line.text.removeprefix("▲ ") for line in warnings]})
        return ended, details
    for line in (*warnings, *(plan_lines(details) if details else ())):
        say(line.text)
    if ended.status not in GOOD:
        complain(f"#{ended.id} {ended.status}: {ended.status_reason}")
    return ended, details


async def _is_refused(paths: WorkspacePaths, shown: Run) -> bool:
    """Whether the tool could not make sense of what was asked, or of the project: nothing was done, nothing failed."""
    if shown.tool != "sqlmesh" or shown.status in GOOD:
        return False
    from tui.command_line.record import open_record

    async with open_record(paths) as reader:
        steps = await reader.steps(shown.id)
    return bool(steps) and steps[-1].exit_code == UsageError.exit_code


async def _start(paths: WorkspacePaths, environment: str, options: RunOptions, by: str) -> Run:
    from engine.client.launch import ensure_engine
    from engine.protocol import StartRun

    wanted = StartRun(
        environment=environment,
        new_environment=True,
        kind="plan",
        name=f"plan {environment.rpartition('/')[2]}" + (" --apply" if options.apply else ""),
        author=by,
        options=options,
    )
    async with await ensure_engine(paths.folder) as client:
        return await client.start_run(wanted)
