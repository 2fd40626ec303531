"""Walks along a graph."""

import random
from collections.abc import Iterable

from store.events import GraphNode
from store.lineage.graph import EXTERNAL, Lineage, lineage_of, short_name
from store.lineage.reach import downstream_counts, parents_first
from store.models import RunGraph
from tests.store.lineage.graphs import DIAMOND, a_graph, a_node, key
from tests.tui.run.records import a_model


def diamond() -> Lineage:
    return lineage_of(a_graph(**DIAMOND))


def names(lineage: Lineage, nodes: Iterable[str]) -> list[str]:
    """In the order of the nodes; of a set, in the order of the names."""
    found = map(lineage.name_of, nodes)
    return sorted(found) if isinstance(nodes, frozenset) else list(found)


def test_what_feeds_a_node_with_the_nearest_first() -> None:
    lineage = diamond()
    assert lineage.upstream(key("d")) == {key("b"): 1, key("c"): 1, key("a"): 2, key("s-raw"): 3}
    assert names(lineage, lineage.upstream(key("d"))) == ["b", "c", "a", "s-raw"]
    assert names(lineage, lineage.upstream(key("d"), levels=1)) == ["b", "c"]
    assert lineage.upstream(key("d"), levels=0) == {}


def test_what_a_node_feeds() -> None:
    lineage = diamond()
    assert lineage.downstream(key("a")) == {key("b"): 1, key("c"): 1, key("d"): 2, key("x-board"): 3}
    assert lineage.downstream(key("z")) == {}


def test_what_is_around_a_node() -> None:
    lineage = diamond()
    assert names(lineage, lineage.around(key("b"), 1, 1)) == ["a", "b", "d"]
    assert names(lineage, lineage.around(key("b"), None, 0)) == ["a", "b", "s-raw"]


def test_a_cone_holds_its_roots_and_all_that_rests_on_them() -> None:
    lineage = diamond()
    assert names(lineage, lineage.cone([key("b"), key("z")])) == ["b", "d", "x-board", "z"]
    assert names(lineage, lineage.ancestry([key("b")])) == ["a", "b", "s-raw"]


def test_a_parent_that_nobody_describes_is_a_node_of_its_own() -> None:
    reader = GraphNode(model="m", name="m", kind="model", parents=('"lake"."raw"."orders"',))
    lineage = lineage_of(RunGraph(nodes=(reader,)))
    node = lineage.nodes['"lake"."raw"."orders"']
    assert (node.name, node.kind) == ("raw.orders", EXTERNAL)
    assert lineage.children[node.model] == ("m",)


def test_before_the_graph_is_known_the_executions_make_it() -> None:
    lineage = lineage_of(RunGraph(), [a_model("a"), a_model("b", parents=["a"])])
    assert lineage.children[key("a")] == (key("b"),)


def test_a_short_name_is_what_people_write() -> None:
    assert short_name("model.flights.stg_flights") == "stg_flights"
    assert short_name('"warehouse"."core"."flights"') == "core.flights"


def test_counts_of_what_rests_on_each() -> None:
    counts = downstream_counts(diamond())
    assert {node.removeprefix("model.p."): number for node, number in counts.items()} == {
        "s-raw": 5, "a": 4, "b": 2, "c": 2, "d": 1, "x-board": 0, "z": 0,
    }  # fmt: skip


def test_parents_come_first() -> None:
    lineage = diamond()
    order = parents_first(lineage)
    assert sorted(order) == sorted(lineage.nodes)
    assert all(order.index(parent) < order.index(node) for node in order for parent in lineage.parents[node])


def test_a_cycle_holds_nobody_up() -> None:
    lineage = lineage_of(a_graph(a="b", b="a", c="b"))
    assert sorted(map(lineage.name_of, parents_first(lineage))) == ["a", "b", "c"]
    assert names(lineage, lineage.upstream(key("c"))) == ["b", "a"]
    assert set(downstream_counts(lineage)) == set(lineage.nodes)


def test_the_counts_are_those_of_a_walk_on_a_large_graph() -> None:
    chance = random.Random(5)
    nodes = tuple(
        a_node(f"m{number}", " ".join({f"m{chance.randrange(number)}" for _ in range(3)}) if number else "")
        for number in range(300)
    )
    lineage = lineage_of(RunGraph(nodes=nodes))
    assert downstream_counts(lineage) == {node: len(lineage.downstream(node)) for node in lineage.nodes}
