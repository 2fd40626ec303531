"""The graph itself, and what of it is shown."""

from hypothesis import given
from hypothesis import strategies as st

from tests.tui.graph_layout.graphs import large_parents, small_graphs
from tui.graph_layout.excerpt import near, whole
from tui.graph_layout.graph import Graph

CHAIN = Graph.of({"a": [], "b": ["a"], "c": ["b"], "d": ["c"], "e": ["d"], "side": ["b"]})


def test_what_is_no_node_or_closes_a_circle_is_no_edge() -> None:
    graph = Graph.of({"a": ["c", "gone"], "b": ["a", "b"], "c": ["b"]})
    assert graph.parents == {"a": (), "b": ("a",), "c": ("b",)}


@given(st.dictionaries(st.sampled_from("abcdef"), st.sets(st.sampled_from("abcdefg")), max_size=6))
def test_parents_come_before_children_whatever_is_told(told: dict[str, set[str]]) -> None:
    graph = Graph.of(told)
    places = {node: place for place, node in enumerate(graph.order)}
    assert set(places) == set(told)
    assert all(places[parent] < places[node] for node in graph.order for parent in graph.parents[node])


@given(small_graphs())
def test_what_is_reached_is_what_a_walk_finds(graph: Graph) -> None:
    for node in graph.order:
        found: set[str] = set()
        waiting = list(graph.children[node])
        while waiting:
            here = waiting.pop()
            found.add(here)
            waiting += graph.children[here]
        assert set(graph.members(graph.reached(node, "down"))) == found


class TestNear:
    def test_what_is_far_away_is_counted_behind_a_stub(self) -> None:
        excerpt = near(CHAIN, "c", 1)
        assert set(excerpt.graph.order) - set(excerpt.stubs) == {"b", "c", "d"}
        assert {(stub.node, stub.direction, stub.hidden) for stub in excerpt.stubs.values()} == {
            ("b", "up", ("a",)),
            ("d", "down", ("e",)),
        }

    def test_what_lies_off_the_way_is_counted_at_its_neighbour(self) -> None:
        assert near(CHAIN, "c", 1).aside == {"b": (0, 1)}

    def test_of_too_many_those_are_shown_on_which_most_rests(self) -> None:
        parents: dict[str, list[str]] = {"hub": []} | {f"x{number:03d}": ["hub"] for number in range(100)}
        parents["leaf"] = ["x099"]
        excerpt = near(Graph.of(parents), "hub", 1)
        assert len(excerpt.graph.order) == 1 + 12 + 2
        assert "x099" in excerpt.graph.order
        assert len(excerpt.stubs["hub\ndown"].hidden) == 88

    @given(small_graphs(), st.integers(1, 3), st.data())
    def test_all_that_is_connected_is_shown_or_counted(self, graph: Graph, levels: int, data: st.DataObject) -> None:
        centre = data.draw(st.sampled_from(graph.order))
        excerpt = near(graph, centre, levels)
        shown = set(excerpt.graph.order) - set(excerpt.stubs)
        counted = {node for stub in excerpt.stubs.values() for node in stub.hidden}
        assert not shown & counted
        for direction in ("up", "down"):
            reached = set(graph.members(graph.reached(centre, direction)))
            assert reached <= shown | counted

    def test_a_thousand_models_are_never_a_hairball(self) -> None:
        graph = Graph.of(large_parents(1_000))
        for centre in graph.order[::97]:
            assert len(near(graph, centre, 2).graph.order) <= 1 + 4 * 12 * 2


def test_the_whole_graph_has_no_stubs() -> None:
    excerpt = whole(CHAIN)
    assert excerpt.graph == CHAIN
    assert not excerpt.stubs
    assert not excerpt.aside
