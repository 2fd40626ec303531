"""What breaks with a model, and what is stale because of it."""

from store.lineage.graph import lineage_of
from store.lineage.impact import impact_of, stale_below
from store.models import RunGraph
from store.run_record import RunRecord
from store.status import AuditStatus, ModelStatus
from tests.store.lineage.graphs import DIAMOND, a_graph, a_node, key
from tests.tui.run.records import a_model, a_record, an_audit


def stale(record: RunRecord, graph: RunGraph, node: str) -> list[str]:
    lineage = lineage_of(graph)
    return sorted(map(lineage.name_of, stale_below(record, lineage, key(node))))


def test_the_relatives_with_their_distance_and_status() -> None:
    record = a_record(
        a_model("a"), a_model("b", duration_s=2.5), a_model("c", ModelStatus.FAILED),
        an_audit("of_c", AuditStatus.FAILED, model=key("c")), an_audit("also", model=key("c")),
    )  # fmt: skip
    impact = impact_of(record, lineage_of(a_graph(**DIAMOND)), key("a"))
    assert [(each.name, each.distance) for each in impact.upstream] == [("s-raw", 1)]
    assert [(each.name, each.distance, each.status) for each in impact.downstream] == [
        ("b", 1, ModelStatus.SUCCEEDED),
        ("c", 1, ModelStatus.FAILED),
        ("d", 2, None),
        ("x-board", 3, None),
    ]
    assert [(each.name, each.kind) for each in impact.exposures] == [("x-board", "exposure")]
    assert impact.downstream_counts == {ModelStatus.SUCCEEDED: 1, ModelStatus.FAILED: 1, None: 1}
    c = impact.downstream[1]
    assert (c.audits, c.failed_audits, c.downstream) == (2, 1, 2)
    assert impact.downstream[0].duration_s == 2.5


def test_after_a_failure_all_below_that_was_not_built_is_stale() -> None:
    record = a_record(a_model("a", ModelStatus.FAILED), a_model("b", ModelStatus.SKIPPED))
    assert stale(record, a_graph(**DIAMOND), "a") == ["b", "c", "d", "x-board"]


def test_after_a_success_what_was_built_behind_it_is_fresh() -> None:
    record = a_record(a_model("a"), a_model("b"), a_model("c"), a_model("d"))
    assert stale(record, a_graph(**DIAMOND), "a") == []


def test_a_table_that_was_left_out_is_stale_and_so_is_what_rests_on_it() -> None:
    record = a_record(a_model("a"), a_model("b"))
    assert stale(record, a_graph(**DIAMOND), "a") == ["c", "d", "x-board"]


def test_a_view_reads_anew() -> None:
    graph = RunGraph(nodes=(a_node("a"), a_node("v", "a", materialized="view"), a_node("x-board", "v")))
    assert stale(a_record(a_model("a")), graph, "a") == []
    assert stale(a_record(a_model("a", ModelStatus.FAILED)), graph, "a") == ["v", "x-board"]


def test_a_model_that_the_run_left_alone_makes_nothing_stale() -> None:
    assert stale(a_record(a_model("z")), a_graph(**DIAMOND), "a") == []
