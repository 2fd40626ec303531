"""What is bound to fail again is foretold only as far as the record bears it out."""

from dataclasses import replace

import pytest

from engine.foresight import Former, bound_to_fail, expected_s
from store.events import GraphNode
from store.history import UsualDurations
from store.models import ModelExecution
from store.status import AuditStatus, ModelStatus
from tests.engine.test_rerun import audit, model


def built(name: str, status: ModelStatus, parents: tuple[str, ...] = (), error: str | None = None) -> ModelExecution:
    return model(name, status).model_copy(
        update={"parents": tuple(f"model.flights.{parent}" for parent in parents), "error": error}
    )


NODES = {
    f"model.flights.{name}": GraphNode(
        model=f"model.flights.{name}",
        name=name,
        kind="model",
        file=f"models/{name}.sql",
        parents=tuple(f"model.flights.{parent}" for parent in parents),
    )
    for name, parents in (("stg", ()), ("int", ("stg",)), ("mart", ("int",)), ("other", ()))
}
FORMER = Former(
    run=121,
    models=[
        built("stg", ModelStatus.SUCCEEDED),
        built("int", ModelStatus.FAILED, ("stg",), "Binder Error: no column x"),
        built("mart", ModelStatus.SKIPPED, ("int",)),
        built("other", ModelStatus.SUCCEEDED),
    ],
    nodes=NODES,
)
ALL = {each.model for each in FORMER.models}


def test_the_same_files_fail_the_same_way() -> None:
    (found,) = bound_to_fail(FORMER, ALL, ())

    assert (found.name, found.certain, found.why, found.skips) == ("int", True, "same files as #121", 1)


def test_a_change_elsewhere_does_not_help() -> None:
    (found,) = bound_to_fail(FORMER, ALL, {"models/other.sql", "README.md"})

    assert found.certain
    assert found.why == "its files, and what it reads, are as in #121"


def test_a_change_of_the_model_or_above_it_may_help() -> None:
    assert bound_to_fail(FORMER, ALL, {"models/int.sql"}) == []
    assert bound_to_fail(FORMER, ALL, {"models/stg.sql"}) == []


def test_a_change_that_concerns_all_may_help() -> None:
    assert bound_to_fail(FORMER, ALL, {"macros/miles.sql"}) == []
    assert bound_to_fail(FORMER, ALL, {"dbt_project.yml"}) == []


def test_what_is_not_executed_cannot_fail() -> None:
    assert bound_to_fail(FORMER, {"model.flights.other"}, ()) == []


def test_an_error_from_outside_may_not_come_again() -> None:
    lost = built("int", ModelStatus.FAILED, ("stg",), "could not connect to server: Connection refused")

    (found,) = bound_to_fail(Former(121, [lost], [], NODES), {lost.model}, ())

    assert not found.certain
    assert "may pass" in found.why


@pytest.mark.parametrize("column", ["block_time", "clock_drift", "network_id", "disk_size"])
def test_a_name_in_an_error_is_no_reason_from_outside(column: str) -> None:
    broken = built("int", ModelStatus.FAILED, ("stg",), f'Binder Error: Referenced column "{column}" not found')

    (found,) = bound_to_fail(Former(121, [broken], [], NODES), {broken.model}, ())

    assert found.certain


def test_an_audit_depends_on_the_data_too() -> None:
    failed = audit("not_null", AuditStatus.FAILED).model_copy(update={"model": "model.flights.stg"})
    selected = {failed.audit, "model.flights.stg"}

    (found,) = bound_to_fail(Former(121, [], [failed], NODES), selected, ())

    assert not found.certain
    assert found.why == "unless the data has changed: same files as #121"
    assert bound_to_fail(Former(121, [], [failed], NODES), selected, {"models/stg.sql"}) == []


def test_an_audit_of_what_is_not_built_again_fails_again_and_stops_what_is_behind() -> None:
    failed = audit("not_null", AuditStatus.FAILED).model_copy(update={"model": "model.flights.stg"})
    former = replace(FORMER, audits=[failed])

    (found,) = bound_to_fail(former, {failed.audit, "model.flights.mart"}, {"models/stg.sql"})

    assert (found.certain, found.why) == (True, "stg is not built again, so its rows are as they were")
    assert found.skips == 1, "mart, which is selected; int is not"


def test_the_time_is_the_share_of_the_usual_work() -> None:
    usual = UsualDurations({"model.flights.stg": 30.0, "model.flights.int": 10.0, "model.flights.mart": 10.0,
                            "model.flights.other": 10.0}, run_s=120.0)  # fmt: skip

    assert expected_s(ALL, FORMER, usual) == 120.0
    assert expected_s({"model.flights.stg"}, FORMER, usual) == 60.0
    assert expected_s(ALL, FORMER, UsualDurations()) is None
