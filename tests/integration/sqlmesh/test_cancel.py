"""A cancel ends the process soon, says what was in flight, and what it leaves can be repaired."""

import signal
from collections.abc import Callable

import pytest

from tests.integration.sqlmesh.bridge_process import BridgeProcess, Ended
from tests.integration.sqlmesh.lab import Lab

pytestmark = [pytest.mark.real_tool, pytest.mark.timeout(300)]

DAILY = '"warehouse"."lab"."daily"'
TARGET_S = 2.0
"""A cancel in the middle of a long batch ends within this."""

RESTATE_TWO_DAYS = ("--restate-model", "lab.daily", "--start", "2026-01-01", "--end", "2026-01-02")

ROWS_A_DAY = "SELECT day::VARCHAR, amount::INT FROM lab.daily ORDER BY day"
COMPLETE = [(f"2026-01-0{day}", 10) for day in range(1, 7)]


def in_a_long_batch(process: BridgeProcess) -> BridgeProcess:
    """Waits until the insert of a batch of lab.daily is under way."""
    process.wait_for("batch_started", model=DAILY)
    process.wait_for_output("INSERT INTO")
    return process


@pytest.mark.parametrize(
    "stop",
    [BridgeProcess.cancel, BridgeProcess.lose_worker, lambda process: process.signal(signal.SIGTERM)],
    ids=["control line", "control pipe closed", "SIGTERM"],
)
def test_cancel_in_a_long_batch(lab: Lab, stop: Callable[[BridgeProcess], None]) -> None:
    lab.make_slow()
    process = in_a_long_batch(lab.start("run"))
    stop(process)
    ended = process.end()
    assert ended.exit_code == 130, ended.describe()
    assert ended.seconds < TARGET_S
    cancelled = ended.one("cancelled")
    assert not cancelled["forced"]
    assert [(each["model"], each["batch"]) for each in cancelled["in_flight"]] == [(DAILY, 1)]
    assert cancelled["interrupted_intervals"] == [], "the state calls the interval missing: a run loads it"
    assert ended.one("model_finished", model=DAILY)["status"] == "cancelled"
    assert ended.one("finished")["status"] == "cancelled"
    assert process.leaves_no_process()
    lab.make_fast()
    assert lab.run("run").exit_code == 0
    assert lab.query(ROWS_A_DAY) == COMPLETE


def test_cancel_with_several_threads(lab: Lab) -> None:
    lab.replace("config.yaml", "database: warehouse.duckdb", "database: warehouse.duckdb, concurrent_tasks: 3")
    lab.make_slow()
    process = in_a_long_batch(lab.start("run"))
    process.wait_for("batch_started", model=DAILY, batch=2)
    process.cancel()
    ended = process.end()
    assert (ended.exit_code, ended.seconds < TARGET_S) == (130, True), ended.describe()
    cancelled = ended.one("cancelled")
    assert not cancelled["forced"]
    assert sorted(each["batch"] for each in cancelled["in_flight"] if each["model"] == DAILY) == [1, 2]
    lab.make_fast()
    assert lab.run("run").exit_code == 0
    assert lab.query(ROWS_A_DAY) == COMPLETE


def test_cancel_while_the_project_loads(lab: Lab) -> None:
    process = lab.start("plan", "--apply")
    process.wait_for("ready")
    process.cancel()
    ended = process.end()
    assert (ended.exit_code, ended.one("finished")["status"]) == (130, "cancelled")
    assert ended.seconds < TARGET_S


def test_python_model_that_does_not_listen_is_left_behind(lab: Lab) -> None:
    lab.replace("models/noisy.py", 'print("said by the project")', "import time; print('asleep'); time.sleep(3600)")
    process = lab.start("plan", "--apply", "--environment", "dev", "--category", "breaking", "--grace", "0.3")
    process.wait_for_output("asleep")
    process.cancel()
    ended = process.end()
    assert ended.exit_code == 130
    assert ended.one("cancelled")["forced"]
    assert ended.seconds < TARGET_S
    assert lab.run("metadata", "--state-only").of("environment", environment="dev") == []


def cancelled_restatement(lab: Lab) -> Ended:
    """Restates the first two days and is cancelled between the delete and the insert."""
    lab.run("run")
    lab.make_slow()
    process = lab.start("plan", "--apply", *RESTATE_TWO_DAYS)
    in_a_long_batch(process).cancel()
    ended = process.end()
    assert ended.exit_code == 130, ended.describe()
    lab.make_fast()
    return ended


def test_cancelled_restatement_loses_rows_and_repair_brings_them_back(lab: Lab) -> None:
    ended = cancelled_restatement(lab)
    assert lab.query(ROWS_A_DAY) == COMPLETE[2:], "the rows are really lost"
    if ended.one("ready")["sqlmesh"].startswith("0.200."):
        pytest.skip("SQLMesh 0.200 calls the intervals missing before it restates them: a run repairs them")
    (interrupted,) = ended.one("cancelled")["interrupted_intervals"]
    span = {"start": "2026-01-01T00:00:00.000Z", "end": "2026-01-03T00:00:00.000Z"}
    assert (interrupted["model"], interrupted["intervals"]) == (DAILY, [span])
    assert not interrupted["transactional"]

    assert lab.run("run").one("finished")["status"] == "nothing_due", "SQLMesh believes that they are there"

    repaired = lab.run("repair", "--interval", DAILY, span["start"], span["end"]).one("repaired")
    assert (repaired["interval"], repaired["still_loaded"]) == (span, [])
    (missing,) = lab.run("metadata", "--state-only").of("intervals", model=DAILY, environment="prod")
    assert (missing["missing"], missing["freshness"]) == ([span], "behind")
    assert lab.run("run").exit_code == 0
    assert lab.query(ROWS_A_DAY) == COMPLETE


def test_killed_restatement_can_be_told_from_its_events(lab: Lab) -> None:
    """After kill -9 nobody reports; what the batch said when it began must be enough to repair it."""
    lab.run("run")
    lab.make_slow()
    process = lab.start("plan", "--apply", *RESTATE_TWO_DAYS)
    in_a_long_batch(process).signal(signal.SIGKILL)
    (reloads,) = process.end().one("batch_started", model=DAILY)["reloads"]
    lab.make_fast()
    assert lab.query(ROWS_A_DAY) == COMPLETE[2:]
    lab.run("repair", "--interval", DAILY, reloads["start"], reloads["end"])
    assert lab.run("run").exit_code == 0
    assert lab.query(ROWS_A_DAY) == COMPLETE
