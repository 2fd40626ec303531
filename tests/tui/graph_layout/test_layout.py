"""What holds for every layout, whatever the graph."""

import random
from collections.abc import Iterator
from itertools import combinations

from hypothesis import example, given
from hypothesis import strategies as st

from tests.tui.graph_layout.graphs import large_parents, small_graphs
from tui.graph_layout.drawing import Drawing
from tui.graph_layout.graph import Graph
from tui.graph_layout.layout import Box, Layout, Line, Size, lay_out

SPACES = st.sampled_from((0, 1))


def laid_out(graph: Graph, height: int, space: int) -> Layout:
    """Boxes of different widths, all of one height."""
    sizes = {node: Size(5 + len(graph.parents[node]) * 3, height) for node in graph.order}
    return lay_out(graph, sizes, space, gap=3)


CIRCLES = (
    # Sources whose lines each have to leave a row before another one's comes there.
    {"n0": "", "n1": "", "n2": "", "n3": "", "n4": "", "n5": "2", "n6": "04", "n7": "012", "n8": "0123"},
    {"n0": "", "n1": "", "n2": "0", "n3": "0", "n4": "", "n5": "012", "n6": "012", "n7": "034", "n8": "3"},
)


def circle(number: int) -> Graph:
    return Graph.of({node: [f"n{digit}" for digit in parents] for node, parents in CIRCLES[number].items()})


LAYOUTS = st.builds(laid_out, small_graphs(), st.sampled_from((1, 3)), SPACES)


def cells_of(box: Box) -> set[tuple[int, int]]:
    return {(x, y) for x in range(box.x, box.x + box.width) for y in range(box.y, box.y + box.height)}


def cells_on(line: Line) -> Iterator[tuple[int, int]]:
    return ((x, y) for x in range(line.x0, line.x1 + 1) for y in range(line.y0, line.y1 + 1))


@given(LAYOUTS)
def test_boxes_do_not_overlap_and_lie_within(layout: Layout) -> None:
    assert set(layout.boxes) == set(layout.graph.order)
    for one, other in combinations(layout.boxes.values(), 2):
        assert not cells_of(one) & cells_of(other)
    for box in layout.boxes.values():
        assert 0 <= box.x < box.x + box.width <= layout.width
        assert 0 <= box.y < box.y + box.height <= layout.height


@given(LAYOUTS)
def test_every_edge_goes_right(layout: Layout) -> None:
    for node in layout.graph.order:
        for child in layout.graph.children[node]:
            parent_box, child_box = layout.boxes[node], layout.boxes[child]
            assert parent_box.x + parent_box.width < child_box.x


@given(LAYOUTS)
def test_an_edge_is_one_line_from_box_to_box(layout: Layout) -> None:
    for node in layout.graph.order:
        for child in layout.graph.children[node]:
            box, target = layout.boxes[node], layout.boxes[child]
            here = (box.x + box.width - 1, box.middle)
            for line in layout.edge(node, child):
                ends = {(line.x0, line.y0), (line.x1, line.y1)}
                assert here in ends
                here = next(iter(ends - {here}), here)
            assert here == (target.x, target.middle)


@given(LAYOUTS)
def test_no_line_runs_through_a_box(layout: Layout) -> None:
    taken = {cell: box.node for box in layout.boxes.values() for cell in cells_of(box)}
    for node in layout.graph.order:
        for child in layout.graph.children[node]:
            for line in layout.edge(node, child):
                for cell in cells_on(line):
                    assert taken.get(cell, node) in (node, child)


@example(laid_out(circle(0), 1, 1))
@example(laid_out(circle(1), 1, 0))
@given(LAYOUTS)
def test_lines_of_different_parents_run_together_only_to_the_same_child(layout: Layout) -> None:
    across: dict[tuple[int, int], set[str]] = {}
    upright: dict[tuple[int, int], set[str]] = {}
    for node, lines in layout.nets():
        for line in lines:
            cells = upright if line.is_upright else across
            for cell in cells_on(line):
                cells.setdefault(cell, set()).add(node)
    for nodes in upright.values():
        assert len(nodes) == 1
    for (x, y), nodes in across.items():
        for one, other in combinations(nodes, 2):
            common = set(layout.graph.children[one]) & set(layout.graph.children[other])
            assert any(layout.boxes[child].middle == y and layout.boxes[child].x >= x for child in common)


@given(LAYOUTS)
def test_what_is_drawn_is_what_the_edges_are(layout: Layout) -> None:
    drawing = Drawing(layout)
    expected: dict[tuple[int, int], set[str]] = {}
    for node, lines in layout.nets():
        for line in lines:
            for cell in cells_on(line):
                expected.setdefault(cell, set()).add(node)
    drawn = {
        (x, y): set(cell.nets)
        for y in range(layout.height)
        for x, cell in drawing.cells(y, 0, layout.width + 1).items()
    }
    assert drawn == expected


@given(small_graphs(), st.randoms(use_true_random=False))
def test_the_same_graph_looks_the_same_however_it_was_told(graph: Graph, chance: random.Random) -> None:
    told = list(graph.order)
    chance.shuffle(told)
    again = Graph.of({node: chance.sample(graph.parents[node], len(graph.parents[node])) for node in told})
    assert again == graph
    assert laid_out(again, 3, 0) == laid_out(graph, 3, 0)


def test_a_thousand_models_are_laid_out_whole() -> None:
    graph = Graph.of(large_parents(1_000))
    layout = laid_out(graph, 1, 1)
    assert len(layout.boxes) == 1_000
    rows: dict[tuple[int, int], list[Box]] = {}
    for box in layout.boxes.values():
        rows.setdefault((box.column, box.y), []).append(box)
    assert all(len(boxes) == 1 for boxes in rows.values())


def test_crossing_lines_are_told_from_joining_ones() -> None:
    # a and b both cross over: neither may seem to feed what the other feeds alone.
    graph = Graph.of({"a": [], "b": [], "c": ["b"], "d": ["a", "b"], "e": ["a"]})
    layout = lay_out(graph, dict.fromkeys(graph.order, Size(3, 1)), space=1, gap=3)
    drawing = Drawing(layout)
    bridges = [
        cell for y in range(layout.height) for cell in drawing.cells(y, 0, layout.width).values() if cell.is_bridge
    ]
    assert all(len(cell.nets) == 2 for cell in bridges)
    assert all(cell.shape == "│" for cell in bridges)
