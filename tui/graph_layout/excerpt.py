"""What of a graph is shown: all of it, or what is near to one node, the rest counted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tui.graph_layout.graph import Direction, Graph

WIDEST = 12
"""At most so many nodes of one distance are shown: more of them are a hairball, fewer say too little."""


@dataclass(frozen=True, slots=True)
class Stub:
    """Stands beside a shown node for all that is hidden behind it."""

    node: str
    direction: Direction
    hidden: tuple[str, ...]

    @property
    def key(self) -> str:
        """Cannot be the name of a node: no tool gives a name with a line end."""
        return f"{self.node}\n{self.direction}"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The shown nodes and edges with the stubs as nodes, ready to be laid out.

    `aside` counts what is hidden above and below a node that has no stub there: it does not lie on the way that the
    excerpt is about.
    """

    graph: Graph
    stubs: Mapping[str, Stub] = field(default_factory=dict)
    aside: Mapping[str, tuple[int, int]] = field(default_factory=dict)


def near(graph: Graph, centre: str, levels: int, widest: int = WIDEST) -> Excerpt:
    """What is at most `levels` edges above or below the centre, at most `widest` nodes of each distance.

    Of too many those stay on which most hangs in that direction. How nodes fare has no say in it: what is shown
    stays where it is while a run goes on.
    """
    above = _walk(graph, centre, "up", levels, widest)
    below = _walk(graph, centre, "down", levels, widest)
    shown = graph.bits({*above, *below})
    stubs = [
        Stub(node, direction, graph.members(hidden))
        for direction, walked in _both(above, below)
        for node in walked
        if (hidden := _behind(graph, node, direction, shown))
    ]
    stubbed = {(stub.node, stub.direction) for stub in stubs}
    aside = {
        node: (_aside(graph, node, "up", shown, stubbed), _aside(graph, node, "down", shown, stubbed))
        for node in {*above, *below}
    }
    part = graph.part({*above, *below})
    return Excerpt(
        _with_stubs(part, stubs),
        {stub.key: stub for stub in stubs},
        {node: counts for node, counts in aside.items() if any(counts)},
    )


def whole(graph: Graph) -> Excerpt:
    """All of it."""
    return Excerpt(graph)


def _both(above: Iterable[str], below: Iterable[str]) -> tuple[tuple[Direction, Iterable[str]], ...]:
    return ("up", above), ("down", below)


def _walk(graph: Graph, centre: str, direction: Direction, levels: int, widest: int) -> list[str]:
    found = [centre]
    seen = {centre}
    edge = [centre]
    for _ in range(levels):
        fresh = {near for here in edge for near in graph.neighbours(here, direction)} - seen
        edge = sorted(fresh, key=lambda node: (-graph.reached(node, direction).bit_count(), node))[:widest]
        found += edge
        seen |= set(edge)
    return found


def _behind(graph: Graph, node: str, direction: Direction, shown: int) -> int:
    """What is reached through neighbours that are not shown, as a set of bits."""
    hidden = 0
    for neighbour in graph.neighbours(node, direction):
        bit = graph.bits([neighbour])
        if not bit & shown:
            hidden |= bit | graph.reached(neighbour, direction)
    return hidden & ~shown


def _aside(graph: Graph, node: str, direction: Direction, shown: int, stubbed: set[tuple[str, Direction]]) -> int:
    return 0 if (node, direction) in stubbed else _behind(graph, node, direction, shown).bit_count()


def _with_stubs(part: Graph, stubs: Iterable[Stub]) -> Graph:
    parents: dict[str, tuple[str, ...]] = dict(part.parents)
    for stub in stubs:
        if stub.direction == "up":
            parents[stub.key] = ()
            parents[stub.node] = (*parents[stub.node], stub.key)
        else:
            parents[stub.key] = (stub.node,)
    return Graph.of(parents)
