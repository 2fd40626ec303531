"""Where everything of a graph stands: boxes in columns, lines in the gaps between them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tui.graph_layout.graph import Graph
from tui.graph_layout.layers import Item, columns_of, items_by_column, next_items
from tui.graph_layout.ordering import ordered
from tui.graph_layout.routes import Net, Route, routes_of
from tui.graph_layout.rows import rows_of

_MARGIN = 1
"""Columns between a box and the first line that turns."""


class Size(NamedTuple):
    """Cells that a node takes."""

    width: int
    height: int


class Line(NamedTuple):
    """A straight piece of an edge, both ends included: horizontal where `y0 == y1`, else vertical."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def is_upright(self) -> bool:
        """Whether it leads up and down."""
        return self.y0 != self.y1


@dataclass(frozen=True, slots=True)
class Box:
    """The place of a node. Edges reach it and leave it in its middle row."""

    node: str
    column: int
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> int:
        """The row of its edges."""
        return self.y + self.height // 2


@dataclass(frozen=True, slots=True)
class Column:
    """A column of boxes and the gap behind it. `rows` are the middle rows of what stands in it, lines as well."""

    x: int
    width: int
    end: int
    nodes: tuple[str, ...]
    rows: Mapping[Item, int]
    routes: Mapping[Item, Route]

    @property
    def track(self) -> int:
        """Where the first line of the gap turns."""
        return self.x + self.width + _MARGIN


@dataclass(frozen=True, slots=True)
class Layout:
    """A graph that was laid out, `width` by `height` cells. The same graph with the same sizes gives the same one."""

    graph: Graph
    boxes: Mapping[str, Box]
    columns: tuple[Column, ...]
    width: int
    height: int

    def edge(self, parent: str, child: str) -> Iterator[Line]:
        """The pieces of an edge from the box of the parent to that of the child."""
        first, last = self.boxes[parent].column, self.boxes[child].column
        for number in range(first, last):
            item: Item = (parent, number != first)
            target: Item = (child, False) if number + 1 == last else (parent, True)
            yield from self._crossing(number, item, self.columns[number + 1].rows[target])

    def nets(self) -> Iterator[tuple[str, tuple[Line, ...]]]:
        """For each node the pieces of all its edges; pieces of one node may lie on each other."""
        for node in self.graph.order:
            lines = {line for child in self.graph.children[node] for line in self.edge(node, child)}
            if lines:
                yield node, tuple(sorted(lines))

    def _crossing(self, number: int, item: Item, target: int) -> Iterator[Line]:
        """Through one column and the gap behind it, to a row of the next."""
        column = self.columns[number]
        row, route = column.rows[item], column.routes[item]
        node, passing = item
        x = column.x if passing else column.x + self.boxes[node].width - 1
        if route.detour is not None:
            turn, other = column.track + route.detour[0], route.detour[1]
            yield Line(x, row, turn, row)
            yield from _vertical(turn, row, other)
            x, row = turn, other
        if row != target and route.track is not None:
            turn = column.track + route.track
            yield Line(x, row, turn, row)
            yield from _vertical(turn, row, target)
            x, row = turn, target
        yield Line(x, row, column.end, row)


def lay_out(graph: Graph, sizes: Mapping[str, Size], space: int, gap: int) -> Layout:
    """Lays a graph out from left to right.

    `space` is how many rows stay free between boxes, `gap` how many cells there are at least between columns.
    """
    places = columns_of(graph)
    items = items_by_column(graph, places)
    links = [{item: next_items(graph, places, item, number) for item in column} for number, column in enumerate(items)]
    arranged = ordered(items, links)
    rows = rows_of(arranged, links, {node: size.height for node, size in sizes.items()}, space)
    columns: list[Column] = []
    x = 0
    for number, column in enumerate(arranged):
        behind = rows[number + 1] if number + 1 < len(rows) else {}
        routes, tracks = _routes(column, links[number], rows[number], behind)
        width = max((sizes[node].width for node, passing in column if not passing), default=1)
        end = x + width + max(gap, tracks + 2 * _MARGIN)
        nodes = tuple(node for node, passing in column if not passing)
        columns.append(Column(x, width, end, nodes, rows[number], routes))
        x = end
    return _layout(graph, sizes, columns)


def _routes(
    column: Sequence[Item], links: Mapping[Item, Sequence[Item]], rows: Mapping[Item, int], behind: Mapping[Item, int]
) -> tuple[dict[Item, Route], int]:
    leaving = [item for item in column if links[item]]
    nets = [Net(rows[item], frozenset(behind[other] for other in links[item])) for item in leaving]
    routes, tracks = routes_of(nets)
    return dict(zip(leaving, routes, strict=True)), tracks


def _layout(graph: Graph, sizes: Mapping[str, Size], columns: Sequence[Column]) -> Layout:
    boxes = {
        node: Box(
            node,
            number,
            column.x,
            column.rows[node, False] - sizes[node].height // 2,
            sizes[node].width,
            sizes[node].height,
        )
        for number, column in enumerate(columns)
        for node in column.nodes
    }
    detours = [route.detour[1] for column in columns for route in column.routes.values() if route.detour]
    passing = [row for column in columns for row in column.rows.values()]
    bottom = max((box.y + box.height for box in boxes.values()), default=0)
    height = max([bottom, *(row + 1 for row in (*detours, *passing))])
    width = max((box.x + box.width for box in boxes.values()), default=0)
    return Layout(graph, boxes, tuple(columns), width, height)


def _vertical(x: int, begin: int, end: int) -> Iterator[Line]:
    if begin != end:
        yield Line(x, min(begin, end), x, max(begin, end))
