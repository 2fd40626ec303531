"""The lines that a waiting command prints."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from store.models import Audit, Counts, ModelExecution, Run, RunOptions, Step
from store.status import TERMINAL, AuditStatus, ModelStatus, RunStatus, StepStatus
from tui.command_line.progress import EXIT_CODES, Look, Progress

START = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)


def make_run(status: RunStatus = RunStatus.RUNNING, **fields: Any) -> Run:
    everything = {name: None for name, field in Run.model_fields.items() if field.is_required()}
    known: dict[str, Any] = {
        "id": 12,
        "kind": "run",
        "name": "nightly",
        "project": "flights",
        "environment": "prod",
        "status": status,
        "trigger": "manual",
        "tool": "dbt",
        "created_at": START,
        "started_at": START,
        "counts": Counts(),
        "options": RunOptions(),
        "change": 1,
    }
    return Run(**{**everything, **known, **fields})


def make_model(name: str, status: ModelStatus, end_s: float | None = 1.0, **fields: Any) -> ModelExecution:
    everything = dict.fromkeys(ModelExecution.model_fields)
    known: dict[str, Any] = {
        "model": f"model.shop.{name}",
        "name": name,
        "kind": "model",
        "parents": (),
        "status": status,
        "queued_at": START,
        "finished_at": START + timedelta(seconds=end_s) if end_s is not None else None,
        "interrupted": False,
        "intervals": (),
        "timings": (),
        "change": 1,
    }
    return ModelExecution(**{**everything, **known, **fields})


def make_audit(name: str, status: AuditStatus, **fields: Any) -> Audit:
    everything = dict.fromkeys(Audit.model_fields)
    known: dict[str, Any] = {
        "audit": f"test.{name}",
        "name": name,
        "blocking": True,
        "status": status,
        "arguments": {},
        "finished_at": START,
        "change": 1,
    }
    return Audit(**{**everything, **known, **fields})


def test_each_thing_is_said_once_however_often_it_is_seen() -> None:
    progress = Progress()
    step = Step(
        position=1,
        name="build",
        command=("dbt", "build"),
        status=StepStatus.RUNNING,
        exit_code=None,
        started_at=START,
        finished_at=None,
        log=None,
        process_group=None,
    )
    look = Look(make_run(), (step,), (make_model("a", ModelStatus.SUCCEEDED, duration_s=12.3),))
    assert progress.lines(look) == ["#12 nightly · flights/prod  ● running", "▸ dbt build", "✓ a 12.3s"]
    assert progress.lines(look) == []


def test_models_are_told_in_the_order_in_which_they_ended_and_not_before() -> None:
    models = (
        make_model("running", ModelStatus.RUNNING, end_s=None),
        make_model("late", ModelStatus.FAILED, 9, duration_s=0.4, error="Binder Error:\n  column\x1b[31m missing"),
        make_model("early", ModelStatus.SUCCEEDED, 2, duration_s=1.0, rows=336_776),
        make_model("skipped", ModelStatus.SKIPPED, 10, cause="model.shop.late"),
    )
    assert Progress().lines(Look(make_run(), models=models))[1:] == [
        "✓ early 1.0s  336,776 rows",
        "✗ late 0.4s  Binder Error: column missing",
        "↷ skipped  ← late",
    ]


def test_what_an_audit_took_down_says_so_by_the_name_that_people_use() -> None:
    models = (
        make_model("flights", ModelStatus.SUCCEEDED, 2, duration_s=1.0),
        make_model("delays", ModelStatus.SKIPPED, 3, cause="test.shop.not_null_flights_day.082a6c776f"),
    )
    audit = make_audit("not_null", AuditStatus.FAILED, model="model.shop.flights", failures=1)
    audit = audit.model_copy(update={"audit": "test.shop.not_null_flights_day.082a6c776f"})
    assert "↷ delays  ← not_null on flights" in Progress().lines(Look(make_run(), models=models, audits=(audit,)))


def test_a_model_that_was_cut_off_says_what_that_means() -> None:
    model = make_model("a", ModelStatus.CANCELLED, duration_s=5.2, interrupted=True)
    assert Progress().lines(Look(make_run(), models=(model,)))[-1] == "■ a 5.2s  interrupted: may be half-updated"


def test_only_audits_that_somebody_should_see_have_a_line() -> None:
    audits = (
        make_audit("fine", AuditStatus.PASSED),
        make_audit("odd", AuditStatus.WARNED, failures=1),
        make_audit("bad", AuditStatus.FAILED, failures=2512),
        make_audit("broken", AuditStatus.ERROR, error="no such table"),
        make_audit(
            "range",
            AuditStatus.FAILED,
            model="model.shop.a",
            arguments={"column": "distance", "max_v": "9"},
            failures=3,
        ),
    )
    look = Look(make_run(), models=(make_model("a", ModelStatus.RUNNING),), audits=audits)
    assert Progress().lines(look)[1:] == [
        "▲ warned odd  1 failure",
        "✗ failed bad  2,512 failures",
        "! error broken  no such table",
        "✗ failed range on a  distance, max_v 9  3 failures",
    ]


def test_the_result() -> None:
    ended = make_run(
        RunStatus.FAILED,
        finished_at=START + timedelta(minutes=4, seconds=12),
        status_reason="1 model failed",
        counts=Counts(models_total=3, models_succeeded=1, models_failed=1, models_skipped=1, audits_passed=30),
    )
    assert Progress().lines(Look(ended)) == [
        "#12 ✗ failed in 4m 12s: models: 1 succeeded, 1 failed, 1 skipped; audits: 30 passed — 1 model failed"
    ]


def test_a_run_that_never_started_has_no_counts() -> None:
    skipped = make_run(RunStatus.SKIPPED, started_at=None, status_reason="#11 of the same job was still running")
    assert Progress().lines(Look(skipped)) == ["#12 ↷ skipped — #11 of the same job was still running"]


@pytest.mark.parametrize("status", sorted(TERMINAL))
def test_every_end_has_an_exit_code(status: RunStatus) -> None:
    assert EXIT_CODES[status] in (0, 1, 3, 130)
