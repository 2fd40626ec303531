"""`runroom watch`: follow a run, in the app or as plain lines."""

import asyncio
import sys
from contextlib import aclosing
from typing import Annotated

import typer

from store.paths import WorkspacePaths
from tui.command_line.output import say
from tui.command_line.progress import EXIT_CODES, Progress
from tui.command_line.record import open_record
from tui.command_line.run_reference import find_run
from tui.command_line.shared import RunArgument, workspace_paths


def watch(
    context: typer.Context,
    run: RunArgument,
    plain: Annotated[bool, typer.Option("--plain", help="Print lines instead of opening the app.")] = False,
    exit_status: Annotated[bool, typer.Option("--exit-status", help="Answer with the run's own exit code.")] = False,
) -> int:
    """Follow a run until it is over; Ctrl+C leaves it alone."""
    paths = workspace_paths(context)
    if plain or exit_status or not sys.stdout.isatty():
        return asyncio.run(_watch(paths, run, exit_status))
    run_id = asyncio.run(_find(paths, run))
    from tui.app import open_app

    return open_app(paths.folder, run=run_id, watched=True)


async def _find(paths: WorkspacePaths, reference: str) -> int:
    async with open_record(paths) as reader:
        return (await find_run(reader, reference)).id


async def _watch(paths: WorkspacePaths, reference: str, exit_status: bool) -> int:
    from tui.command_line.following import follow

    progress = Progress()
    async with aclosing(follow(paths, await _find(paths, reference))) as looks:
        async for look in looks:
            for line in progress.lines(look):
                say(line)
    return EXIT_CODES[look.run.status] if exit_status else 0
