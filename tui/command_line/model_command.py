"""`runroom model`: all that is known of one model in one run."""

import asyncio
from datetime import datetime
from typing import Annotated

import typer

from store.clock import system_clock
from store.lineage.column_lineage import ColumnTrace, read_trace
from store.lineage.model_facts import ModelFacts, read_model_facts
from store.lineage.model_json import model_json, trace_json
from store.lineage.reading import Reading
from store.lineage.sql_process import SqlHere
from store.paths import WorkspacePaths
from tui.command_line.model_text import model_lines, trace_lines
from tui.command_line.output import say, say_json
from tui.command_line.record import open_record
from tui.command_line.run_reference import find_run
from tui.command_line.shared import JsonOption, RunArgument, workspace_paths


def model(
    context: typer.Context,
    run: RunArgument,
    name: Annotated[str, typer.Argument(metavar="MODEL", help="Its name, or the end of its unique name.")],
    column: Annotated[
        str | None, typer.Option("--column", "-c", metavar="COLUMN", help="Show this column's sources and users.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show one model of a run: how it fared, what it feeds, its columns, intervals and definition."""
    paths = workspace_paths(context)
    if column is not None:
        title, trace = asyncio.run(_trace(paths, run, name, column))
        if as_json:
            say_json(trace_json(trace))
            return
        for line in trace_lines(trace, title):
            say(line)
        return
    now = system_clock()
    facts = asyncio.run(_facts(paths, run, name, now))
    if as_json:
        say_json(model_json(facts))
        return
    for line in model_lines(facts):
        say(line)


async def _facts(paths: WorkspacePaths, reference: str, name: str, now: datetime) -> ModelFacts:
    async with open_record(paths) as reader:
        run = await find_run(reader, reference)
        return await read_model_facts(Reading(paths, reader, SqlHere()), run.id, name, now)


async def _trace(paths: WorkspacePaths, reference: str, name: str, column: str) -> tuple[str, ColumnTrace]:
    async with open_record(paths) as reader:
        run = await find_run(reader, reference)
        return await read_trace(Reading(paths, reader, SqlHere()), run.id, name, column)
