"""`runroom lineage`: the graph of a run, or what is around one of its models."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer

from engine.errors import UsageError
from store.lineage.dot import dot_lines
from store.lineage.reach import downstream_counts
from store.lineage.shown import Shown, lineage_json, read_shown
from store.paths import WorkspacePaths
from store.wording import NOTHING, count, duration
from tui.command_line.output import say, say_json, say_table
from tui.command_line.record import open_record
from tui.command_line.run_reference import find_run
from tui.command_line.shared import JsonOption, RunArgument, workspace_paths
from tui.formats import status_look

_HEADS = ("away", "status", "name", "kind", "duration", "feeds")
_RIGHT = frozenset({0, 4, 5})
_MOST_LEVELS = 10_000


def lineage(
    context: typer.Context,
    run: RunArgument,
    model: Annotated[str | None, typer.Argument(metavar="MODEL", help="Only what is around this one.")] = None,
    up: Annotated[
        int | None, typer.Option("--up", min=0, max=_MOST_LEVELS, metavar="N", help="Levels of what feeds MODEL.")
    ] = None,
    down: Annotated[
        int | None, typer.Option("--down", min=0, max=_MOST_LEVELS, metavar="N", help="Levels of what MODEL feeds.")
    ] = None,
    as_json: JsonOption = False,
    as_dot: Annotated[bool, typer.Option("--dot", help="Print a graph for Graphviz.")] = False,
) -> None:
    """Show the graph of a run: what feeds a model, and what it feeds."""
    if as_json and as_dot:
        raise UsageError("--json and --dot are two formats; name one.")
    if model is None and (up is not None or down is not None):
        raise UsageError("--up and --down count from a model; name one.")
    shown = asyncio.run(_shown(workspace_paths(context), run, model, up, down))
    if as_json:
        say_json(lineage_json(shown))
    elif as_dot:
        run_name = f"run {shown.record.run.id}"
        for line in dot_lines(shown.lineage, shown.away, shown.record.models, run_name):
            say(line)
    elif shown.away:
        say_table(_HEADS, _rows(shown), _RIGHT)
    else:
        say(f"Run #{shown.record.run.id} did not come so far as to read its project.")


async def _shown(paths: WorkspacePaths, reference: str, model: str | None, up: int | None, down: int | None) -> Shown:
    async with open_record(paths) as reader:
        return await read_shown(reader, (await find_run(reader, reference)).id, model, up, down)


def _rows(shown: Shown) -> Sequence[Sequence[str]]:
    counts = downstream_counts(shown.lineage)
    rows = []
    for node, away in shown.away.items():
        known, execution = shown.lineage.nodes[node], shown.record.models.get(node)
        look = status_look(execution.status) if execution else None
        rows.append(
            (
                f"{away:+d}" if away else (">" if shown.chosen else ""),
                f"{look.glyph} {look.word}" if look else NOTHING,
                known.name,
                known.kind,
                duration(execution.duration_s if execution else None),
                count(counts.get(node, 0)),
            )
        )
    return rows
