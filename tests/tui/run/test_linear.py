"""The facts of a run as lines."""

from dataclasses import replace
from datetime import UTC
from typing import Any

from store.events import ModelChange
from store.history import UsualDurations
from store.models import Audit, Counts, ModelExecution, Step
from store.status import AuditStatus, ModelStatus, RunStatus, StepStatus
from tests.tui.run.records import a_model, a_record, a_run, a_step, an_audit, at
from tui.run_view.linear import LinearRun
from tui.run_view.view import RunView

USUAL = UsualDurations({"model.p.a": 10.0}, 240.0)


def view_of(*parts: ModelExecution | Audit | Step, **known: Any) -> RunView:
    return RunView(a_record(*parts, **known), USUAL, at(300), UTC)


def lines(view: RunView, remaining_s: float | None = None) -> list[str]:
    return LinearRun().lines(view, remaining_s)


class TestOrigin:
    def test_says_where_it_comes_from(self) -> None:
        run = a_run(
            author="ben",
            branch="main",
            commit="a1b2c3d4",
            tool_version="1.11",
            host="runner-3",
            job_type="ci",
            rerun_of=3,
        )
        changes = (ModelChange(model="m", change="added"),)
        assert lines(view_of(run=run, changes=changes, previous=6))[:10] == [
            "run #7 nightly in flights/prod",
            "trigger: schedule by ben",
            "job: nightly, ci",
            "code: main@a1b2c3d",
            "tool: dbt 1.11",
            "host: runner-3",
            "changes: 1 model added since #6",
            "usually takes: 4m 00s",
            "again of #3",
            "started: 2026-11-21 13:00:00",
        ]

    def test_says_why_it_waits(self) -> None:
        run = a_run(RunStatus.QUEUED, started_at=None, finished_at=None, status_reason="Waits\nfor #3.")
        assert lines(view_of(run=run))[-1] == "status: queued, Waits for #3."


class TestParts:
    def test_models_say_how_they_are_and_errors_stand_below(self) -> None:
        models = (
            a_model("a", started_at=at(0), finished_at=at(20), duration_s=20.0, rows=1234),
            a_model(
                "b",
                ModelStatus.FAILED,
                started_at=at(1),
                finished_at=at(2),
                duration_s=1.0,
                error="Bad:\n\n  \x1b[31mx",
            ),
            a_model("c", ModelStatus.SKIPPED, finished_at=at(3), cause="model.p.b"),
            a_model("d", ModelStatus.RUNNING, started_at=at(4), batch=2, batches=9),
            a_model("e", ModelStatus.CANCELLED, started_at=at(5), finished_at=at(6), duration_s=1.0, interrupted=True),
        )
        said = lines(view_of(*models, run=a_run(RunStatus.RUNNING, finished_at=None)))
        assert [line for line in said if line.startswith(("model", " "))] == [
            "model b: failed after 1.0s",
            "    Bad:",
            "      x",
            "model c: skipped, because b did not succeed",
            "model d: running",
            "model d: batch 2 of 9",
            "model e: cancelled after 1.0s, may be half-updated",
            "model a: succeeded after 20.0s, 2.0 times the usual, 1,234 rows",
        ]

    def test_steps_and_audits_say_how_they_ended(self) -> None:
        audit = an_audit("x", AuditStatus.WARNED, model="model.p.a", failures=1, blocking=False, error="Got 1")
        said = lines(view_of(a_step(1), a_step(2, StepStatus.FAILED, exit_code=2), a_model("a"), audit))
        assert "step 2 build: failed after 1.0s, exit code 2" in said
        place = said.index("audit x on a: warned, 1 failing row")
        assert said[place + 1] == "    Got 1"

    def test_progress_is_said_for_each_tenth(self) -> None:
        run = a_run(RunStatus.RUNNING, finished_at=None)
        linear = LinearRun()

        def told(done: int) -> list[str]:
            counts = Counts(models_total=40, models_succeeded=done, audits_total=8)
            view = view_of(run=run.model_copy(update={"counts": counts}))
            return [line for line in linear.lines(view, 75.0) if line.startswith("progress")]

        assert told(0) == []
        assert told(1) == ["progress: 1 of 40 models, 0 of 8 audits, about 1m 15s left"]
        assert told(2) == []
        assert told(5) == ["progress: 5 of 40 models, 0 of 8 audits, about 1m 15s left"]


class TestOutcome:
    def test_is_the_last_line(self) -> None:
        counts = Counts(models_total=2, models_succeeded=1, models_failed=1, audits_total=1, audits_passed=1)
        model = a_model("a", ModelStatus.FAILED, started_at=at(0), finished_at=at(9), duration_s=9.0, error="Bad")
        said = lines(view_of(model, run=a_run(RunStatus.FAILED, counts=counts)))
        assert said[-4:] == [
            "critical path: 9.0s, a",
            "at once: 1 at most",
            "cause: a failed: Bad",
            "result: failed after 5m 00s; models: 1 succeeded, 1 failed; audits: 1 passed",
        ]

    def test_nothing_is_said_twice(self) -> None:
        linear, view = LinearRun(), view_of(a_model("a"), a_step(1))
        assert linear.lines(view, None)
        assert linear.lines(view.at(at(400)), None) == []

    def test_what_came_meanwhile_is_all_that_is_said(self) -> None:
        linear = LinearRun()
        running = view_of(run=a_run(RunStatus.RUNNING, finished_at=None))
        linear.lines(running, None)
        ended = replace(running, record=a_record(run=a_run()))
        assert linear.lines(ended, None) == ["result: completed after 5m 00s"]
