"""`runroom lineage`: the graph of a run, or what is around one of its models."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from engine.errors import UsageError
from store.paths import WorkspacePaths
from tui.command_line.output import say, say_json, say_table
from tui.command_line.record import open_record
from tui.command_line.run_reference import find_run
from tui.command_line.shared import JsonOption, RunArgument, workspace_paths
from tui.formats import NOTHING, count, duration, status_look
from tui.lineage.dot import dot_lines
from tui.lineage.graph import Lineage, lineage_of
from tui.lineage.names import NoSuchModel, find_model
from tui.lineage.reach import downstream_counts, parents_first
from tui.run_view.record import RunRecord, read_record

_HEADS = ("away", "status", "name", "kind", "duration", "feeds")
_RIGHT = frozenset({0, 4, 5})
_MOST_LEVELS = 10_000


@dataclass(frozen=True, slots=True)
class Shown:
    """The nodes to show, in order; `away` is their distance from the chosen one, negative for what feeds it."""

    record: RunRecord
    lineage: Lineage
    chosen: str | None
    away: dict[str, int]


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
        record = await read_record(reader, (await find_run(reader, reference)).id)
        found = lineage_of(await reader.graph(record.run.id), record.models.values())
    if model is None:
        return Shown(record, found, None, dict.fromkeys(parents_first(found), 0))
    chosen = chosen_model(found, model)
    above = {node: -distance for node, distance in found.upstream(chosen, up).items()}
    below = found.downstream(chosen, down)
    nodes = [*sorted(above, key=lambda node: above[node]), chosen, *below]
    return Shown(record, found, chosen, {node: above.get(node, below.get(node, 0)) for node in nodes})


def chosen_model(found: Lineage, text: str) -> str:
    """The node that is meant. Raises UsageError."""
    try:
        return find_model(found, text)
    except NoSuchModel as problem:
        raise UsageError(str(problem)) from problem


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


def lineage_json(shown: Shown) -> dict[str, Any]:
    """The graph as JSON: nodes by their unique names, with parents and children, also those that are not shown."""
    counts = downstream_counts(shown.lineage)
    return {
        "run": shown.record.run.id,
        "model": shown.chosen,
        "nodes": [_node_json(shown, node, counts.get(node, 0)) for node in shown.away],
    }


def _node_json(shown: Shown, node: str, downstream: int) -> dict[str, Any]:
    known, execution = shown.lineage.nodes[node], shown.record.models.get(node)
    return {
        "name": known.name,
        "unique_name": node,
        "kind": known.kind,
        "materialized": known.materialized,
        "status": execution.status.value if execution else None,
        "duration_s": execution.duration_s if execution else None,
        "distance": shown.away[node] if shown.chosen else None,
        "downstream": downstream,
        "parents": list(shown.lineage.parents[node]),
        "children": list(shown.lineage.children[node]),
    }
