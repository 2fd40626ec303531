"""The lines of a layout as characters, row by row: only what is looked at is worked out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tui.graph_layout.layout import Box, Layout, Line

_LEFT, _RIGHT, _UP, _DOWN = 1, 2, 4, 8
_ACROSS, _UPRIGHT = _LEFT | _RIGHT, _UP | _DOWN
_SHAPES = {
    _LEFT: "─", _RIGHT: "─", _ACROSS: "─",
    _UP: "│", _DOWN: "│", _UPRIGHT: "│",
    _RIGHT | _DOWN: "╭", _LEFT | _DOWN: "╮", _RIGHT | _UP: "╰", _LEFT | _UP: "╯",
    _UPRIGHT | _RIGHT: "├", _UPRIGHT | _LEFT: "┤", _ACROSS | _DOWN: "┬", _ACROSS | _UP: "┴",
    _ACROSS | _UPRIGHT: "┼",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """A character of an edge, and the parents whose edges it belongs to. A bridge hides what crosses below it."""

    shape: str
    nets: frozenset[str]
    is_bridge: bool = False


class Drawing:
    """A layout indexed by rows. Making one takes a while for large graphs, asking for a row does not."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._boxes: dict[int, list[Box]] = {}
        for box in sorted(layout.boxes.values(), key=lambda box: box.x):
            for row in range(box.y, box.y + box.height):
                self._boxes.setdefault(row, []).append(box)
        self._across: dict[int, list[tuple[Line, str]]] = {}
        self._upright: dict[int, list[tuple[Line, str]]] = {}
        for node, lines in layout.nets():
            for line in lines:
                self._index(line, node)

    def _index(self, line: Line, node: str) -> None:
        if not line.is_upright:
            self._across.setdefault(line.y0, []).append((line, node))
        else:
            for row in range(line.y0, line.y1 + 1):
                self._upright.setdefault(row, []).append((line, node))

    def boxes(self, row: int, left: int, right: int) -> Iterator[Box]:
        """The boxes that have a part of a row between two columns (the latter excluded), from left to right."""
        return (box for box in self._boxes.get(row, ()) if box.x < right and box.x + box.width > left)

    def cells(self, row: int, left: int, right: int) -> dict[int, Cell]:
        """What the edges draw in a row between two columns (the latter excluded); boxes lie above it.

        Where edges of different parents cross, the upright one is drawn whole: `┼` always joins.
        """
        arms: dict[int, dict[str, int]] = {}
        for line, node in self._across.get(row, ()):
            for x in range(max(line.x0, left), min(line.x1 + 1, right)):
                found = (_LEFT if x > line.x0 else 0) | (_RIGHT if x < line.x1 else 0)
                here = arms.setdefault(x, {})
                here[node] = here.get(node, 0) | found
        for line, node in self._upright.get(row, ()):
            if left <= line.x0 < right:
                found = (_UP if row > line.y0 else 0) | (_DOWN if row < line.y1 else 0)
                here = arms.setdefault(line.x0, {})
                here[node] = here.get(node, 0) | found
        return {x: _cell(found) for x, found in arms.items()}


def _cell(arms: Mapping[str, int]) -> Cell:
    kinds = set(arms.values())
    if kinds == {_ACROSS, _UPRIGHT}:
        return Cell(_SHAPES[_UPRIGHT], frozenset(arms), is_bridge=True)
    joined = 0
    for kind in kinds:
        joined |= kind
    return Cell(_SHAPES[joined], frozenset(arms))


def by_row(lines: Iterable[Line]) -> dict[int, list[Line]]:
    """Pieces of edges by the rows that they touch."""
    found: dict[int, list[Line]] = {}
    for line in lines:
        for row in range(line.y0, line.y1 + 1):
            found.setdefault(row, []).append(line)
    return found
