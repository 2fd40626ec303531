"""`runroom watch`: follow a run, in the app or as plain lines."""

import asyncio
import sys
from contextlib import aclosing
from typing import Annotated

import typer

from store.clock import system_clock
from store.models import Run
from store.paths import WorkspacePaths
from tui.command_line.output import say
from tui.command_line.progress import exit_code
from tui.command_line.record import open_record
from tui.command_line.run_reference import find_run
from tui.command_line.shared import RunArgument, workspace_paths


def watch(
    context: typer.Context,
    run: RunArgument,
    plain: Annotated[
        bool, typer.Option("--plain", help="Print the facts as lines, for screen readers, pipes and CI.")
    ] = False,
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
    run = await _tell(paths, await _find(paths, reference))
    return exit_code(run) if exit_status else 0


async def _tell(paths: WorkspacePaths, run_id: int) -> Run:
    """Tells of the run until it is over; gives it as it is then."""
    from store.run_record import read_record
    from tui.command_line.following import follow
    from tui.run_view.estimate import remaining_s
    from tui.run_view.linear import LinearRun
    from tui.run_view.view import RunView

    linear, record = LinearRun(), None
    async with open_record(paths) as reader, aclosing(follow(paths, run_id)) as looks:
        usual = await reader.usual_durations(await reader.run(run_id))
        async for _ in looks:
            record = await read_record(reader, run_id, record)
            view = RunView(record, usual, system_clock())
            for line in linear.lines(view, remaining_s(view)):
                say(line)
    assert record is not None, "the first look is there before anything has changed"
    return record.run
