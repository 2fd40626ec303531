"""What the Explore tab knows of a run beside its record: the graph, and why it is red."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from store.lineage.causes import RootCause, RunCauses, find_causes, read_failing_since
from store.lineage.graph import Lineage, lineage_of
from store.readers import Reads
from store.run_failures import failures
from store.run_record import RunRecord
from store.status import ModelStatus
from store.streaks import FailingSince
from tui.graph_layout.graph import Graph
from tui.run_view.explore.nodes import BAD_STATUSES, Trouble, shown_name, trouble_of


@dataclass(frozen=True, slots=True)
class Explored:
    """The lineage, ready to be drawn, and the causes of what failed; `fingerprint` tells what the latter rest on."""

    lineage: Lineage = field(default_factory=Lineage)
    graph: Graph = field(default_factory=lambda: Graph.of({}))
    names: dict[str, str] = field(default_factory=dict)
    causes: RunCauses = field(default_factory=RunCauses)
    trouble: Trouble = field(default_factory=Trouble)
    fingerprint: int = 0


def fingerprint(record: RunRecord) -> int:
    """Changes with what failed, what was not built after it, and what differs from the version before."""
    bad = [node for node, model in record.models.items() if model.status in BAD_STATUSES]
    changes = tuple((each.model, each.change) for each in record.changes)
    return hash((tuple(bad), tuple(failures(record)), changes))


def is_up_to_date(explored: Explored, record: RunRecord) -> bool:
    """Whether there is nothing new to be read."""
    return (
        bool(explored.lineage.nodes)
        and record.models.keys() <= explored.lineage.nodes.keys()
        and explored.fingerprint == fingerprint(record)
    )


async def explore(reads: Reads, record: RunRecord, seen: Explored) -> Explored:
    """Reads what is not known yet. Raises StoreError."""
    async with reads() as reader:
        known = bool(seen.lineage.nodes) and record.models.keys() <= seen.lineage.nodes.keys()
        graph = None if known else await reader.graph(record.run.id)
        since: Mapping[str, FailingSince] = await read_failing_since(reader, record) if failures(record) else {}

    def work_out() -> Explored:
        found = seen if graph is None else _with_graph(lineage_of(graph, record.models.values()))
        causes = find_causes(record, found.lineage, since)
        trouble = trouble_of(causes, record.changes)
        return Explored(found.lineage, found.graph, found.names, causes, trouble, fingerprint(record))

    # A thousand models take some tens of milliseconds: keys do not wait for that.
    return await asyncio.to_thread(work_out)


def _with_graph(lineage: Lineage) -> Explored:
    names = {node: shown_name(lineage, node) for node in lineage.nodes}
    return Explored(lineage, Graph.of(lineage.parents), names)


def failed_only(explored: Explored, record: RunRecord) -> Graph:
    """What failed or was not built, with the exposures that are stale because of it."""
    bad = {node for node, model in record.models.items() if model.status in BAD_STATUSES}
    roots = {root.model for root in explored.causes.roots if root.model is not None}
    return explored.graph.part(bad | roots | explored.causes.exposures)


def cone_of(explored: Explored, root: RootCause) -> Graph:
    """A root cause with all that it took down."""
    nodes = {each.node for each in root.took_down}
    return explored.graph.part(nodes | ({root.model} if root.model else set()))


def first_to_look_at(explored: Explored, record: RunRecord) -> str | None:
    """The worst root cause, else what runs, else what was executed, else what a plan would change."""
    for root in explored.causes.roots:
        if root.model in explored.graph.parents:
            return root.model
    running = (node for node, model in record.models.items() if model.status is ModelStatus.RUNNING)
    changed = (node for node in explored.graph.order if node in explored.trouble.changes)
    return next(running, next(iter(record.models), next(changed, None)))
