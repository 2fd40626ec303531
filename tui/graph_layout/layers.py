"""Which column each node of a graph stands in: right of all that feeds it."""

from collections.abc import Mapping

from tui.graph_layout.graph import Graph

Item = tuple[str, bool]
"""A node, or (True) a place in another column that its edges to farther columns pass through."""


def columns_of(graph: Graph) -> dict[str, int]:
    """Each node right behind the last of its parents; what has fewer parents than children, before the first of these.

    The latter brings what is used late near to its use instead of drawing a line across everything.
    """
    columns: dict[str, int] = {}
    for node in graph.order:
        columns[node] = max((columns[parent] + 1 for parent in graph.parents[node]), default=0)
    for node in reversed(graph.order):
        if graph.children[node] and len(graph.parents[node]) < len(graph.children[node]):
            columns[node] = min(columns[child] for child in graph.children[node]) - 1
    first = min(columns.values(), default=0)
    return {node: column - first for node, column in columns.items()}


def items_by_column(graph: Graph, columns: Mapping[str, int]) -> list[list[Item]]:
    """The nodes of each column with the places that edges pass through. One place serves all edges of a node."""
    found: list[list[Item]] = [[] for _ in range(max(columns.values(), default=-1) + 1)]
    for node in graph.order:
        found[columns[node]].append((node, False))
        for column in range(columns[node] + 1, _last_child(graph, columns, node)):
            found[column].append((node, True))
    return found


def next_items(graph: Graph, columns: Mapping[str, int], item: Item, column: int) -> list[Item]:
    """What an item of a column is joined to in the next one."""
    node, _ = item
    found: list[Item] = [(child, False) for child in graph.children[node] if columns[child] == column + 1]
    if _last_child(graph, columns, node) > column + 1:
        found.append((node, True))
    return found


def _last_child(graph: Graph, columns: Mapping[str, int], node: str) -> int:
    return max((columns[child] for child in graph.children[node]), default=columns[node])
