"""The part of a run's graph that somebody asked for: all of it, or what is around one model."""

from dataclasses import dataclass
from typing import Any

from store.lineage.graph import Lineage, lineage_of
from store.lineage.names import find_model
from store.lineage.reach import downstream_counts, parents_first
from store.reads import StoreReader
from store.run_record import RunRecord, read_record


@dataclass(frozen=True, slots=True)
class Shown:
    """The nodes to show, in order; `away` is their distance from the chosen one, negative for what feeds it."""

    record: RunRecord
    lineage: Lineage
    chosen: str | None
    away: dict[str, int]


async def read_shown(
    reader: StoreReader, run_id: int, model: str | None = None, up: int | None = None, down: int | None = None
) -> Shown:
    """What is around a model, `up` and `down` so many levels; the whole graph where none is named.

    Raises NoSuchModel, RunNotFound, StoreError.
    """
    record = await read_record(reader, run_id)
    found = lineage_of(await reader.graph(run_id), record.models.values())
    if model is None:
        return Shown(record, found, None, dict.fromkeys(parents_first(found), 0))
    chosen = find_model(found, model)
    above = {node: -distance for node, distance in found.upstream(chosen, up).items()}
    below = found.downstream(chosen, down)
    nodes = [*sorted(above, key=lambda node: above[node]), chosen, *below]
    return Shown(record, found, chosen, {node: above.get(node, below.get(node, 0)) for node in nodes})


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
