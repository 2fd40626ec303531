"""Runs side by side: cards, rows, what differs, what is best."""

from store.comparison.compared import Cell, Comparison, RunParts, compare, with_definitions
from store.models import Counts
from store.status import AuditStatus, ModelStatus, RunStatus
from tests.tui.run.records import START, a_model, a_run, an_audit, at
from tui.comparison_text import cell_text, summary, widths


def comparison(*parts: RunParts) -> Comparison:
    return compare(parts, START)


def good(number: int, seconds: float, *models: str, rows: int = 10, **marks: str) -> RunParts:
    """A run in which all models succeed, each in a second and with so many rows."""
    run = a_run(id=number, finished_at=at(seconds), counts=Counts(models_succeeded=len(models)))
    built = [a_model(name, duration_s=1.0, rows=rows) for name in models]
    return RunParts(run, built, definitions={f"model.p.{name}": mark for name, mark in marks.items()})


def bad(number: int, seconds: float, failed: str, *skipped: str) -> RunParts:
    run = a_run(RunStatus.FAILED, id=number, finished_at=at(seconds), counts=Counts(models_failed=1))
    models = [a_model(failed, ModelStatus.FAILED, duration_s=0.5, error="no such column")]
    return RunParts(run, [*models, *(a_model(name, ModelStatus.SKIPPED) for name in skipped)])


class TestCards:
    def test_the_best_of_each_metric_is_marked(self) -> None:
        slow, fast = comparison(good(1, 90, "a", "b"), good(2, 60, "a", "b", rows=12)).cards
        assert (set(slow.best), set(fast.best)) == (set(), {"duration", "rows"})

    def test_what_is_the_same_everywhere_is_nowhere_the_best(self) -> None:
        assert [card.best for card in comparison(good(1, 60, "a"), good(2, 60, "a")).cards] == [frozenset()] * 2

    def test_a_run_that_failed_early_is_not_the_fastest(self) -> None:
        failed, done = comparison(bad(1, 5, "a", "b"), good(2, 60, "a", "b")).cards
        assert failed.best == frozenset()
        assert done.best == {"status", "models", "failures"}
        assert (failed.failures, done.failures) == (1, 0)
        assert (failed.rows, done.rows) == (None, 20)


class TestRows:
    def test_the_rows_that_differ_most_come_first(self) -> None:
        before = good(1, 60, "failing", "redefined", "longer", "same", redefined="x", same="s")
        models = [
            a_model("same", duration_s=1.0, rows=10),
            a_model("longer", duration_s=30.0, rows=10),
            a_model("redefined", duration_s=1.0, rows=10),
            a_model("failing", ModelStatus.FAILED, error="no such column"),
        ]
        marks = {"model.p.redefined": "y", "model.p.same": "s"}
        rows = comparison(before, RunParts(a_run(id=2), models, definitions=marks)).rows
        assert [row.name for row in rows] == ["failing", "redefined", "longer", "same"]
        assert [row.differs for row in rows] == [True, True, True, False]
        assert [row.differs_in_time for row in rows] == [False, False, True, False]
        assert [cell.definition for cell in rows[1].cells if cell is not None] == ["same", "changed"]
        assert rows[1].base == 0

    def test_what_is_only_formatted_otherwise_comes_after_what_differs_in_earnest(self) -> None:
        names = ("redefined", "reformatted", "same")
        before = good(1, 60, *names, redefined="x", reformatted="x", same="x")
        found = comparison(before, good(2, 60, *names, redefined="y", reformatted="y", same="y"))
        told = with_definitions(
            found, {("model model.p.reformatted", 1): "formatting", ("model model.p.same", 1): "same"}
        )
        assert [(row.name, row.definition, row.differs) for row in told.rows] == [
            ("redefined", "changed", True),
            ("reformatted", "formatting", True),
            ("same", "same", False),
        ]
        assert summary(told) == "2 models differ; 1 defined otherwise (Δ), 1 only formatted (≈)."
        assert [cell_text(row.cells[1]).plain[-1] for row in told.rows[:2]] == ["Δ", "≈"]

    def test_a_model_that_one_run_does_not_have_leaves_a_gap(self) -> None:
        (row, *_) = comparison(good(1, 60, "a"), good(2, 60, "a", "new")).rows
        assert (row.name, row.cells[0], row.differs) == ("new", None, True)
        assert cell_text(row.cells[0]).plain == "–"

    def test_of_an_audit_of_many_intervals_the_worst_stands_for_the_run(self) -> None:
        audits = [
            an_audit("late", AuditStatus.FAILED, failures=3, finished_at=at(1)),
            an_audit("late", AuditStatus.PASSED, finished_at=at(2)),
        ]
        runs = RunParts(a_run(id=1), audits=audits), RunParts(a_run(id=2), audits=audits[1:])
        (row,) = comparison(*runs).rows
        assert [cell.status for cell in row.cells if cell] == [AuditStatus.FAILED, AuditStatus.PASSED]
        assert "3 ✗" in cell_text(row.cells[0]).plain

    def test_an_audit_is_told_with_its_model_where_its_name_does_not_say_it(self) -> None:
        audits = [
            an_audit("not_null", model="model.p.orders"),
            an_audit("not_null_orders_id", model="model.p.orders"),
        ]
        found = comparison(RunParts(a_run(id=1), [a_model("orders")], audits), RunParts(a_run(id=2)))
        assert {row.name for row in found.rows if row.kind == "audit"} == {"not_null of orders", "not_null_orders_id"}


class TestRoom:
    def test_four_runs_fit_into_80_cells_below_their_cards(self) -> None:
        for runs in (2, 3, 4):
            for room in (79, 119, 159):
                name, cell = widths(room, runs)
                assert room - runs - 2 < name + 2 + runs * (cell + 2) <= room + runs, (room, runs)
                assert cell >= len("✓ completed ★")

    def test_where_there_is_no_room_the_time_of_an_audit_gives_way_to_its_failures(self) -> None:
        audit = Cell(AuditStatus.WARNED, 0.3, failures=50_094)
        assert cell_text(audit, 20).plain == "▲   0.3s 50,094 ✗"
        assert cell_text(audit, 13).plain == "▲ 50,094 ✗"
        model = Cell(ModelStatus.SUCCEEDED, 75.0, 336_776, definition="changed")
        assert cell_text(model, 13).plain == "✓ 1m 15s Δ"


class TestSummary:
    def test_it_counts_what_differs(self) -> None:
        assert summary(comparison(good(1, 60, "a", a="x"), good(2, 50, "a", a="y"))) == (
            "1 model differs; 1 defined otherwise (Δ)."
        )
        assert summary(comparison(good(1, 60, "a", "b"), bad(2, 50, "a", "b"))) == "2 models differ."

    def test_what_took_much_longer_is_counted_and_what_machines_do_is_not(self) -> None:
        def took(run_id: int, **seconds: float) -> RunParts:
            return RunParts(a_run(id=run_id), [a_model(name, duration_s=each) for name, each in seconds.items()])

        found = comparison(took(1, slow=4.0, steady=4.0, tiny=0.1), took(2, slow=7.0, steady=5.5, tiny=0.9))
        assert [row.name for row in found.rows if row.differs] == ["slow"]
        assert summary(found) == "1 model differs; 1 in its time."

    def test_runs_that_agree_are_said_to(self) -> None:
        assert summary(comparison(good(1, 60, "a"), good(2, 50, "a"))).startswith("The models and audits")
