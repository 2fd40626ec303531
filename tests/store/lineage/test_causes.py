"""The root causes of a red run, and what each took down."""

from store.events import GraphAudit
from store.lineage.causes import RunCauses, find_causes
from store.lineage.graph import lineage_of
from store.status import AuditStatus, ModelStatus
from tests.store.lineage.graphs import DIAMOND, a_graph, key
from tests.tui.run.records import a_model, a_record, an_audit, at

FAILED, SKIPPED, DONE = ModelStatus.FAILED, ModelStatus.SKIPPED, ModelStatus.SUCCEEDED


def fallen(found: RunCauses, root: int = 0) -> list[str]:
    return [each.name for each in found.roots[root].took_down]


def test_nothing_failed() -> None:
    found = find_causes(a_record(a_model("a"), a_model("b")), lineage_of(a_graph(a="", b="a")))
    assert (found.roots, found.sentence(), found.cone) == ((), "", frozenset())


def test_a_failed_model_takes_down_all_that_rests_on_it() -> None:
    record = a_record(
        a_model("a", FAILED, error="Runtime Error in model a (models/a.sql)\n  no such column: n"),
        a_model("b", SKIPPED, cause=key("a")),
        a_model("c", SKIPPED, cause=key("a")),
        a_model("d", SKIPPED, cause=key("b")),
        a_model("z"),
    )
    found = find_causes(record, lineage_of(a_graph(**DIAMOND)))
    assert found.sentence() == "1 root cause → 3 skipped → 1 exposure"
    (root,) = found.roots
    assert (root.name, root.why, root.downstream) == ("a", "no such column: n", 4)
    assert [(each.name, each.distance, each.downstream) for each in root.skipped] == [
        ("b", 1, 2), ("c", 1, 2), ("d", 2, 1),
    ]  # fmt: skip
    assert [(each.name, each.distance) for each in root.exposures] == [("x-board", 3)]
    assert found.cone == {key(name) for name in ("a", "b", "c", "d", "x-board")}


def test_a_failure_below_a_failure_is_no_root() -> None:
    # What runs on after a failure (a view that fails in its own way) is not the reason to look at first.
    record = a_record(a_model("a", FAILED), a_model("b", FAILED), a_model("c"), a_model("d", SKIPPED, cause=key("b")))
    found = find_causes(record, lineage_of(a_graph(**DIAMOND)))
    assert [root.name for root in found.roots] == ["a"]
    assert "d" in fallen(found)


def test_the_root_that_took_down_most_comes_first() -> None:
    record = a_record(
        a_model("small", FAILED),
        a_model("large", FAILED),
        a_model("b", SKIPPED),
        a_model("c", SKIPPED),
        a_model("e", SKIPPED),
    )
    found = find_causes(record, lineage_of(a_graph(small="", large="", b="large", c="b", e="small")))
    assert [root.name for root in found.roots] == ["large", "small"]
    assert found.sentence() == "2 root causes → 3 skipped"


def test_what_two_roots_took_down_counts_once_for_the_run() -> None:
    record = a_record(a_model("a", FAILED), a_model("b", FAILED), a_model("c", SKIPPED))
    found = find_causes(record, lineage_of(a_graph(a="", b="", c="a b")))
    assert [fallen(found, 0), fallen(found, 1)] == [["c"], ["c"]]
    assert found.sentence() == "2 root causes → 1 skipped"


def test_a_model_that_was_built_all_the_same_shields_what_rests_on_it() -> None:
    record = a_record(a_model("a", FAILED), a_model("b"), a_model("c"))
    found = find_causes(record, lineage_of(a_graph(a="", b="a", c="b", x_board="c")))
    assert fallen(found) == []


def test_an_exposure_behind_a_model_without_execution_is_taken_down() -> None:
    # An ephemeral model is not executed: it lies inside the SQL of others.
    found = find_causes(a_record(a_model("a", FAILED)), lineage_of(a_graph(a="", inlined="a", x_board="inlined")))
    assert fallen(found) == ["x-board"]


def test_a_blocking_audit_is_a_root() -> None:
    graph = a_graph(
        GraphAudit(audit="test.p.unique_a", name="unique_a", model=key("a")), a="", b="a", c="b", x_page="a"
    )
    record = a_record(
        a_model("a"),
        an_audit("unique_a", AuditStatus.FAILED, model=key("a"), failures=3, error="Got 3 results"),
        a_model("b", SKIPPED, cause="test.p.unique_a"),
        a_model("c", SKIPPED, cause=key("b")),
    )
    found = find_causes(record, lineage_of(graph))
    (root,) = found.roots
    assert (root.kind, root.model, root.why) == ("audit", key("a"), "3 failing rows: Got 3 results")
    assert fallen(found) == ["b", "c", "x-page"]
    assert found.cone == {key(name) for name in ("b", "c", "x-page")}


def test_an_audit_of_a_failed_model_and_a_warning_are_no_roots() -> None:
    record = a_record(
        a_model("a", FAILED),
        an_audit("of_a", AuditStatus.FAILED, model=key("a")),
        an_audit("warns", AuditStatus.FAILED, model=key("z"), blocking=False),
        a_model("z"),
    )
    found = find_causes(record, lineage_of(a_graph(a="", z="")))
    assert [root.name for root in found.roots] == ["a"]


def test_an_audit_that_failed_for_many_intervals_is_one_root() -> None:
    audits = [an_audit("gap", AuditStatus.FAILED, model=key("a"), finished_at=at(second)) for second in range(3)]
    found = find_causes(a_record(a_model("a"), *audits), lineage_of(a_graph(a="")))
    assert len(found.roots) == 1


def test_audits_that_were_not_executed_are_counted() -> None:
    record = a_record(
        a_model("a", FAILED),
        a_model("b", SKIPPED, cause=key("a")),
        an_audit("of_b", AuditStatus.SKIPPED, model=key("b")),
        an_audit("of_a", AuditStatus.SKIPPED, model=key("a")),
        an_audit("elsewhere", AuditStatus.SKIPPED, model=key("z")),
    )
    found = find_causes(record, lineage_of(a_graph(a="", b="a", z="")))
    assert found.audits == {"test.p.of_a", "test.p.of_b"}
    assert found.sentence() == "1 root cause → 1 skipped → 2 audits not executed"
