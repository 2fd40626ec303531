"""The graph of a run as a person walks it: what feeds a node, what it feeds, and how far away that is.

Values in, values out. A node is named by the tool's own unique name, as everywhere.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from store.events import GraphAudit, GraphNode
from store.models import ModelExecution, RunGraph

EXPOSURE = "exposure"
"""The kind of a node that only uses models: a dashboard, a report."""
EXTERNAL = "external"
"""The kind of a node that others read and that the tool does not describe: a table from outside of the project."""

Distances = Mapping[str, int]
"""Nodes with the number of edges on the shortest way to them, the nearest first, then by name."""


@dataclass(frozen=True, slots=True)
class Lineage:
    """The nodes with their edges in both directions. `audits` are the checks on each node, by its name."""

    nodes: Mapping[str, GraphNode] = field(default_factory=dict)
    parents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    children: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    audits: Mapping[str, tuple[GraphAudit, ...]] = field(default_factory=dict)

    def name_of(self, node: str) -> str:
        """The name that people use; of an unknown node the last part of its unique name."""
        known = self.nodes.get(node)
        return known.name if known is not None else short_name(node)

    def upstream(self, node: str, levels: int | None = None) -> Distances:
        """All that feeds the node, without itself, at most `levels` edges away."""
        return self._distances(node, self.parents, levels)

    def downstream(self, node: str, levels: int | None = None) -> Distances:
        """All that the node feeds, without itself, at most `levels` edges away."""
        return self._distances(node, self.children, levels)

    def around(self, node: str, up: int | None, down: int | None) -> frozenset[str]:
        """The node with what is at most `up` edges upstream and `down` edges downstream of it; None: all."""
        return frozenset({node, *self.upstream(node, up), *self.downstream(node, down)})

    def cone(self, roots: Iterable[str]) -> frozenset[str]:
        """The roots with everything that rests on one of them."""
        return self._reached(roots, self.children)

    def ancestry(self, nodes: Iterable[str]) -> frozenset[str]:
        """The nodes with everything that one of them rests on."""
        return self._reached(nodes, self.parents)

    def _reached(self, begin: Iterable[str], edges: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
        seen: set[str] = set()
        waiting = list(begin)
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                waiting.extend(edges.get(node, ()))
        return frozenset(seen)

    def _distances(self, node: str, edges: Mapping[str, tuple[str, ...]], levels: int | None) -> Distances:
        found: dict[str, int] = {}
        seen, ring, distance = {node}, [node], 0
        while ring and (levels is None or distance < levels):
            distance += 1
            ring = list(dict.fromkeys(far for near in ring for far in edges.get(near, ()) if far not in seen))
            seen.update(ring)
            found.update((far, distance) for far in sorted(ring, key=self.name_of))
        return found


def lineage_of(graph: RunGraph, models: Iterable[ModelExecution] = ()) -> Lineage:
    """The lineage of a run, from its graph, or from what it executed where there is no graph (yet).

    A parent that the graph does not describe becomes a node of its own, of the kind EXTERNAL.
    """
    nodes = {node.model: node for node in graph.nodes or map(_node_of, models)}
    for unknown in [parent for node in nodes.values() for parent in node.parents if parent not in nodes]:
        nodes.setdefault(unknown, GraphNode(model=unknown, name=short_name(unknown), kind=EXTERNAL))
    children: dict[str, list[str]] = {node: [] for node in nodes}
    for node in nodes.values():
        for parent in dict.fromkeys(node.parents):
            children[parent].append(node.model)
    audits: dict[str, list[GraphAudit]] = {}
    for audit in graph.audits:
        for checked in dict.fromkeys((audit.model,) if audit.model else audit.parents):
            audits.setdefault(checked, []).append(audit)
    return Lineage(
        nodes=nodes,
        parents={node.model: tuple(dict.fromkeys(node.parents)) for node in nodes.values()},
        children={node: tuple(sorted(found, key=lambda child: nodes[child].name)) for node, found in children.items()},
        audits={node: tuple(found) for node, found in audits.items()},
    )


def short_name(node: str) -> str:
    """A name for a node of which only the unique name is known."""
    if node.startswith('"'):
        # SQLMesh: "catalog"."schema"."table", of which people write schema.table.
        return ".".join(node.replace('"', "").split(".")[-2:])
    return node.rsplit(".", 1)[-1]


def _node_of(model: ModelExecution) -> GraphNode:
    return GraphNode(
        model=model.model,
        name=model.name,
        kind=model.kind,
        parents=model.parents,
        selected=True,
        materialized=model.materialized,
        schema_name=model.schema_name,
        relation=model.relation,
        file=model.file,
    )
