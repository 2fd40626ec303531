"""How one walks a graph that was laid out: along its edges, within a column, and by name."""

from collections.abc import Collection, Mapping

from tui.graph_layout.graph import Direction, Graph
from tui.graph_layout.layout import Layout


class Walk:
    """Remembers the way, so that whoever goes to a parent and back again is where they were."""

    def __init__(self) -> None:
        self._came_from: dict[tuple[str, Direction], str] = {}

    def went(self, node: str, target: str, direction: Direction) -> None:
        """Somebody went from a node to another one."""
        self._came_from[target, "down" if direction == "up" else "up"] = node

    def back(self, node: str, direction: Direction, candidates: Collection[str]) -> str | None:
        """Where one came from, if it lies in this direction."""
        before = self._came_from.get((node, direction))
        return before if before in candidates else None

    def along(self, layout: Layout, node: str, direction: Direction, stubs: Collection[str]) -> str | None:
        """The neighbour in this direction where one came from, else the most level one; None where none is shown."""
        if node not in layout.boxes:
            return None
        near = [other for other in layout.graph.neighbours(node, direction) if other not in stubs]
        middle = layout.boxes[node].middle
        level = sorted(near, key=lambda other: (abs(layout.boxes[other].middle - middle), layout.boxes[other].y))
        return self.back(node, direction, near) or (level[0] if level else None)


def beside(layout: Layout, node: str, rows: int, stubs: Collection[str]) -> str:
    """The node so many boxes further down the same column (up, if negative), or its last one."""
    box = layout.boxes.get(node)
    if box is None:
        return node
    column = [other for other in layout.columns[box.column].nodes if other not in stubs]
    return column[min(max(column.index(node) + rows, 0), len(column) - 1)]


def matching(
    graph: Graph, names: Mapping[str, str], text: str, chosen: str | None, direction: int, here_too: bool
) -> str | None:
    """The next node after the chosen one (or before, or itself) with this in its name, around the end as well.

    Names count in their order; capitals do not.
    """
    wanted = text.casefold()
    ordered = sorted(graph.order, key=lambda node: (names[node].casefold(), node))
    found = [node for node in ordered if wanted and wanted in names[node].casefold()]
    if not found:
        return None
    if here_too and chosen in found:
        return chosen
    here = (names[chosen].casefold(), chosen) if chosen is not None and chosen in names else ("", "")
    places = [(names[node].casefold(), node) for node in found]
    if direction > 0:
        return next((node for place, node in zip(places, found, strict=True) if place > here), found[0])
    return next((node for place, node in reversed(list(zip(places, found, strict=True))) if place < here), found[-1])
