"""`runroom logs`: the step logs of a run, sieved, and followed while it goes on."""

import asyncio
from collections.abc import Iterator
from contextlib import aclosing
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from engine.errors import UsageError
from store.logs.log_lines import LogFilter, LogLine, log_line_json
from store.logs.step_logs import LogsTail, log_files, logs_of_step, sieved, step_name
from store.models import Run
from store.paths import WorkspacePaths
from tui.command_line.known_names import require_model
from tui.command_line.log_options import log_filter
from tui.command_line.output import complain, say, say_json
from tui.command_line.record import open_record
from tui.command_line.run_reference import find_run
from tui.command_line.shared import JsonOption, RunArgument, workspace_paths

_LOOK_MS = 300


def logs(
    context: typer.Context,
    run: RunArgument,
    step: Annotated[str | None, typer.Option("--step", help="Only this step: deps, 1 or 01-deps.")] = None,
    model: Annotated[str | None, typer.Option("--model", "-m", help="Only lines about this model.")] = None,
    level: Annotated[str | None, typer.Option("--level", "-l", help="debug, info, warn or error, and worse.")] = None,
    grep: Annotated[str | None, typer.Option("--grep", "-g", metavar="RE", help="Only lines that match.")] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until the run is over.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Print the logs of a run."""
    if follow and as_json:
        raise UsageError("--json prints one array, which --follow would never end; choose one of them.")
    wanted = log_filter(model, level, grep)
    paths = workspace_paths(context)
    found = asyncio.run(_find(paths, run))
    if follow and found.is_active:
        asyncio.run(_follow(paths, found.id, step, wanted))
        return
    lines = _read(paths, found.id, step, wanted)
    if model is not None:
        lines = _of_a_model(lines, paths, found.id, model)
    if as_json:
        say_json([log_line_json(step_name(file), line) for file, line in lines])
    else:
        for _, line in lines:
            say(line.raw)


async def _find(paths: WorkspacePaths, reference: str) -> Run:
    async with open_record(paths) as reader:
        return await find_run(reader, reference)


def _read(paths: WorkspacePaths, run_id: int, step: str | None, wanted: LogFilter) -> Iterator[tuple[Path, LogLine]]:
    """Raises NoSuchLog for a step that has no log, where others have one."""
    files = log_files(paths.run(run_id).logs)
    if not files:
        complain(f"Run #{run_id} has no logs.")
    return sieved(logs_of_step(files, step), wanted)


def _of_a_model(
    lines: Iterator[tuple[Path, LogLine]], paths: WorkspacePaths, run_id: int, model: str
) -> Iterator[tuple[Path, LogLine]]:
    """The same lines. Raises UsageError where there is none because the run knows no such model."""
    first = next(lines, None)
    if first is None:
        asyncio.run(_require_model(paths, run_id, model))
        return iter(())
    return chain([first], lines)


async def _require_model(paths: WorkspacePaths, run_id: int, model: str) -> None:
    async with open_record(paths) as reader:
        await require_model(reader, run_id, model)


async def _follow(paths: WorkspacePaths, run_id: int, step: str | None, wanted: LogFilter) -> None:
    """Prints what the logs say and what is added to them, until the run is over."""
    from watchfiles import awatch

    from tui.command_line.following import follow

    folder = paths.run(run_id).logs
    tail = LogsTail(folder, step, wanted)
    over = asyncio.Event()

    async def see_the_end() -> None:
        try:
            async with aclosing(follow(paths, run_id)) as looks:
                async for _ in looks:
                    pass
        finally:
            over.set()

    def print_news(complete: bool = False) -> None:
        for line in tail.new_lines(complete):
            say(line.raw)

    ending = asyncio.create_task(see_the_end())
    # The files say when there is more to read; now and then they are asked in any case, for the first time at once.
    await asyncio.to_thread(print_news)
    async for _ in awatch(folder, stop_event=over, rust_timeout=_LOOK_MS, yield_on_timeout=True, step=50):
        await asyncio.to_thread(print_news)
    await ending
    await asyncio.to_thread(print_news, complete=True)
