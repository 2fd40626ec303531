"""What a page says of a run that did not go well, and which way it leads through the failures."""

import pytest

from store.error_text import error_line
from store.run_failures import failures, headline, victims
from store.run_record import audit_key
from store.status import AuditStatus, ModelStatus, RunStatus, StepStatus
from tests.tui.run.records import a_model, a_record, a_run, a_step, an_audit

DUCKDB_ERROR = """Runtime Error in model delays (models/delays.sql)
  Binder Error: Referenced column "tailnum" not found in FROM clause!

  LINE 14:     tailnum,
               ^"""


class TestErrorLine:
    def test_leaves_out_the_place_and_adds_the_line(self) -> None:
        expected = 'Binder Error: Referenced column "tailnum" not found in FROM clause! (line 14)'
        assert error_line(DUCKDB_ERROR) == expected

    def test_keeps_a_place_with_nothing_behind_it(self) -> None:
        assert error_line("Runtime Error in model a (a.sql)") == "Runtime Error in model a (a.sql)"

    def test_takes_the_next_line_where_the_first_only_announces_it(self) -> None:
        assert error_line("Database Error:\n  the disk is full\n  more") == "Database Error: the disk is full"

    def test_is_data_whatever_it_contains(self) -> None:
        assert error_line("\x1b[31mred\x1b[0m [bold]not markup[/]") == "red [bold]not markup[/]"

    @pytest.mark.parametrize("nothing", [None, "", "  \n "])
    def test_is_empty_without_an_error(self, nothing: str | None) -> None:
        assert error_line(nothing) == ""


class TestVictims:
    def test_are_counted_for_the_root_cause(self) -> None:
        record = a_record(
            a_model("delays", ModelStatus.FAILED),
            a_model("child", ModelStatus.SKIPPED, cause="model.p.delays"),
            a_model("grandchild", ModelStatus.SKIPPED, cause="model.p.child"),
        )
        assert victims(record) == {"model.p.delays": 2}

    def test_end_where_causes_go_in_a_circle(self) -> None:
        record = a_record(
            a_model("a", ModelStatus.SKIPPED, cause="model.p.b"), a_model("b", ModelStatus.SKIPPED, cause="model.p.a")
        )
        assert victims(record).total() == 2


class TestHeadline:
    def test_names_the_model_its_toll_and_its_error(self) -> None:
        record = a_record(
            a_model("delays", ModelStatus.FAILED, error=DUCKDB_ERROR),
            a_model("mart", ModelStatus.SKIPPED, cause="model.p.delays"),
            run=a_run(RunStatus.FAILED),
        )
        found = headline(record)
        assert found is not None
        assert found.what == "delays took down 1 model"
        assert found.why.startswith("Binder Error")

    def test_puts_the_failure_with_most_victims_first(self) -> None:
        record = a_record(
            a_model("small", ModelStatus.FAILED, error="x"),
            a_model("big", ModelStatus.FAILED, error="y"),
            a_model("mart", ModelStatus.SKIPPED, cause="model.p.big"),
            run=a_run(RunStatus.FAILED),
        )
        found = headline(record)
        assert found is not None
        assert (found.what, found.why) == ("big and 1 more failed, 1 model skipped", "y")

    def test_does_not_blame_a_model_for_what_an_audit_took_down(self) -> None:
        record = a_record(
            a_model("delays", ModelStatus.FAILED, error="x"),
            a_model("mart", ModelStatus.SKIPPED, cause="model.p.delays"),
            a_model("other", ModelStatus.SKIPPED, cause="test.p.unique_key"),
            an_audit("unique_key", AuditStatus.FAILED, failures=12),
            run=a_run(RunStatus.FAILED),
        )
        found = headline(record)
        assert found is not None
        assert found.what == "delays took down 1 model, 1 audit failed"

    def test_names_the_audit_and_its_rows(self) -> None:
        record = a_record(an_audit("unique_key", AuditStatus.FAILED, failures=12), run=a_run(RunStatus.FAILED))
        found = headline(record)
        assert found is not None
        assert (found.what, found.why) == ("audit unique_key failed", "12 failing rows")

    @pytest.mark.parametrize(("code", "said"), [(2, "exited with 2"), (-9, "was ended by signal 9"), (None, "failed")])
    def test_names_the_step_where_nothing_else_failed(self, code: int | None, said: str) -> None:
        run = a_run(RunStatus.FAILED, status_reason="The profile flights has no target prod.")
        found = headline(a_record(a_step(1, StepStatus.FAILED, exit_code=code), run=run))
        assert found is not None
        assert found.what == f"step build {said}"
        assert found.why == "The profile flights has no target prod."

    def test_names_what_a_stop_left_half_updated(self) -> None:
        torn = [a_model(name, ModelStatus.CANCELLED, interrupted=True) for name in ("a", "b", "c", "d")]
        found = headline(a_record(*torn, run=a_run(RunStatus.CANCELLED, status_reason="Stopped by anna.")))
        assert found is not None
        assert (found.what, found.why) == ("Stopped by anna", "a, b, c and 1 more may be half-updated")

    def test_does_not_name_again_what_the_reason_names(self) -> None:
        torn = a_model("a", ModelStatus.CANCELLED, interrupted=True)
        run = a_run(RunStatus.CANCELLED, status_reason="Stopped by anna; may be half-updated: a.")
        found = headline(a_record(torn, run=run))
        assert found is not None
        assert (found.what, found.why) == ("Stopped by anna; may be half-updated: a", "")

    def test_keeps_warnings_for_the_end(self) -> None:
        warned = an_audit("a", AuditStatus.WARNED, failures=1)
        assert headline(a_record(warned, run=a_run(RunStatus.RUNNING, finished_at=None))) is None

    def test_says_for_whom_a_queued_run_waits(self) -> None:
        found = headline(a_record(run=a_run(RunStatus.QUEUED, waits_for=6, status_reason="Same environment.")))
        assert found is not None
        assert found.what == "Same environment: waits for #6"

    def test_says_with_whom_a_skipped_run_collided(self) -> None:
        found = headline(a_record(run=a_run(RunStatus.SKIPPED, collided_with=6)))
        assert found is not None
        assert found.what == "#6 of the same job was still going"

    def test_names_the_audits_that_warned_the_worst_first(self) -> None:
        audits = [an_audit(f"a{rows}", AuditStatus.WARNED, failures=rows) for rows in (1, 2_512, 30, 4)]
        found = headline(a_record(*audits, run=a_run(RunStatus.PARTIAL)))
        assert found is not None
        assert (found.what, found.why) == ("4 audits warned", "a2512 2,512, a30 30, a4 4 and 1 more")

    def test_is_not_there_for_a_good_run(self) -> None:
        assert headline(a_record(a_model("a"))) is None

    def test_gives_the_reason_of_a_failed_run_with_nothing_else(self) -> None:
        found = headline(a_record(run=a_run(RunStatus.FAILED, status_reason="dbt is not installed.")))
        assert found is not None
        assert found.what == "dbt is not installed"


class TestFailures:
    def test_go_from_models_to_audits(self) -> None:
        audit = an_audit("unique_key", AuditStatus.FAILED)
        record = a_record(audit, a_model("a"), a_model("b", ModelStatus.FAILED), a_step(1, StepStatus.FAILED))
        assert [(found.kind, found.key) for found in failures(record)] == [
            ("model", "model.p.b"),
            ("audit", audit_key(audit)),
        ]

    def test_are_the_step_where_nothing_else_failed(self) -> None:
        record = a_record(a_model("a"), a_step(1), a_step(2, StepStatus.FAILED))
        assert [(found.kind, found.key) for found in failures(record)] == [("step", "2")]

    def test_have_blocking_audits_before_those_that_could_not_run(self) -> None:
        warns = an_audit("warns", AuditStatus.ERROR, blocking=False)
        blocks = an_audit("blocks", AuditStatus.FAILED)
        assert [found.key for found in failures(a_record(warns, blocks))] == [audit_key(blocks), audit_key(warns)]
