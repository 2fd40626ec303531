"""A lineage for Graphviz."""

from store.events import GraphNode
from store.lineage.dot import dot_lines
from store.lineage.graph import lineage_of
from store.models import RunGraph
from store.status import ModelStatus
from tests.store.lineage.graphs import DIAMOND, a_graph, key
from tests.tui.run.records import a_model


def test_nodes_with_their_status_and_the_edges_between_those_that_are_shown() -> None:
    lineage = lineage_of(a_graph(**DIAMOND))
    failed = a_model("a", ModelStatus.FAILED)
    lines = list(dot_lines(lineage, {key("a"), key("b"), key("x-board")}, {failed.model: failed}, "run 7"))
    assert lines[0] == 'digraph "run 7" {'
    assert lines[-1] == "}"
    assert '  "model.p.a" [label="a\\nfailed", fillcolor=lightcoral];' in lines
    assert '  "model.p.x-board" [label="x-board", shape=note];' in lines
    assert [line for line in lines if "->" in line] == ['  "model.p.a" -> "model.p.b";']


def test_a_name_cannot_break_out_of_its_quotes() -> None:
    node = GraphNode(model='m"]; x [label="\\', name='a\x1b[31m"b', kind="model")
    (line,) = [
        line for line in dot_lines(lineage_of(RunGraph(nodes=(node,))), {node.model}, {}, "r") if "label" in line
    ]
    assert '"m\\"]; x [label=\\"\\\\"' in line
    assert "\x1b" not in line
