"""`runroom model`: all that is known of one model in one run."""

import asyncio
from typing import Annotated, Any

import typer

from engine.errors import UsageError
from store.clock import system_clock
from store.paths import WorkspacePaths
from tui.command_line.lineage_command import chosen_model
from tui.command_line.model_facts import read_model_facts
from tui.command_line.model_json import model_json
from tui.command_line.model_text import model_lines, trace_lines
from tui.command_line.output import say, say_json
from tui.command_line.record import open_record
from tui.command_line.run_reference import find_run
from tui.command_line.shared import JsonOption, RunArgument, workspace_paths
from tui.lineage.column_lineage import ColumnStep, ColumnTrace, NoSuchColumn, trace_column
from tui.lineage.columns import RunColumns
from tui.lineage.graph import lineage_of
from tui.lineage.reading import Reading
from tui.lineage.sql_process import SqlHere


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
            say_json(_trace_json(trace))
            return
        for line in trace_lines(trace, title):
            say(line)
        return
    now = system_clock()
    facts = asyncio.run(read_model_facts(paths, run, name, now))
    if as_json:
        say_json(model_json(facts))
        return
    for line in model_lines(facts):
        say(line)


async def _trace(paths: WorkspacePaths, reference: str, name: str, column: str) -> tuple[str, ColumnTrace]:
    async with open_record(paths) as reader:
        run = await find_run(reader, reference)
        lineage = lineage_of(await reader.graph(run.id), await reader.models(run.id))
        node = chosen_model(lineage, name)
        try:
            trace = await trace_column(RunColumns(Reading(paths, reader, SqlHere()), run, lineage), node, column)
        except NoSuchColumn as problem:
            raise UsageError(str(problem)) from problem
        return lineage.name_of(node), trace


def _trace_json(trace: ColumnTrace) -> dict[str, Any]:
    return {
        "model": trace.node,
        "column": trace.column,
        "type": trace.type,
        "sources": [_step_json(each) for each in trace.sources],
        "users": [_step_json(each) for each in trace.users],
        "unread": list(trace.unread),
    }


def _step_json(step: ColumnStep) -> dict[str, Any]:
    return {"model": step.node, "name": step.name, "column": step.column, "distance": step.distance}
