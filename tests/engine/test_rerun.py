"""Running again what failed: exactly that, and nothing that was all right."""

import pytest

from engine.errors import UsageError
from engine.rerun import failed_only
from store.models import Audit, ModelExecution, RunOptions
from store.status import AuditStatus, ModelStatus, RunStatus
from tests.engine.test_queue import run
from tests.store.making import BEGIN


def model(name: str, status: ModelStatus) -> ModelExecution:
    unknown = dict.fromkeys(ModelExecution.model_fields)
    known = {
        "model": f"model.flights.{name}", "name": name, "kind": "model", "parents": (), "status": status,
        "queued_at": BEGIN, "interrupted": False, "intervals": (), "timings": (), "change": 1,
    }  # fmt: skip
    return ModelExecution.model_validate(unknown | known)


def audit(name: str, status: AuditStatus) -> Audit:
    unknown = dict.fromkeys(Audit.model_fields)
    known = {"audit": f"test.{name}", "name": name, "blocking": True, "status": status, "arguments": {}}
    return Audit.model_validate(unknown | known | {"finished_at": BEGIN, "change": 1})


def test_what_failed_was_skipped_or_cancelled_is_selected() -> None:
    models = [model(status, status) for status in ModelStatus]
    audits = [audit(f"check_{status}", status) for status in AuditStatus]
    options = RunOptions(select=("+mart",), exclude=("stg",), full_refresh=True, variables={"a": 1}, threads=2)

    again = failed_only(run(1).model_copy(update={"options": options}), models, audits)

    assert again.select == ("failed", "skipped", "cancelled", "check_failed", "check_error", "check_skipped")
    assert again == options.model_copy(update={"select": again.select, "exclude": ()})


def test_a_name_is_selected_once() -> None:
    audits = [audit("check", AuditStatus.FAILED), audit("check", AuditStatus.ERROR)]

    assert failed_only(run(1), [], audits).select == ("check",)


def test_where_nothing_failed_there_is_nothing_to_run_again() -> None:
    good = run(4, status=RunStatus.COMPLETED)

    with pytest.raises(UsageError, match="#4"):
        failed_only(good, [model("a", ModelStatus.SUCCEEDED)], [audit("t", AuditStatus.WARNED)])
