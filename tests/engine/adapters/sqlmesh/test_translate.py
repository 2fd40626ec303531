"""What the bridge says, as run-protocol events."""

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.adapters.sqlmesh.adapter import outcome_of
from engine.adapters.sqlmesh.translate import Translator
from engine.adapters.sqlmesh.values import audit_key
from store import events
from store.status import AuditStatus, ModelStatus, StepStatus

NOW = datetime(2026, 11, 21, 3, 4, 5, tzinfo=UTC)
ORDERS = '"db"."sales"."orders"'
TOTALS = '"db"."sales"."totals"'
JANUARY = {"start": "2026-01-01T00:00:00.000Z", "end": "2026-02-01T00:00:00.000Z"}
GRAPH = {
    "type": "graph",
    "nodes": [
        {
            "model": ORDERS,
            "name": "sales.orders",
            "node_type": "model",
            "kind": "INCREMENTAL_BY_TIME_RANGE",
            "parents": [],
            "audits": [{"audit": "not_null", "arguments": {"columns": "(id)"}, "blocking": True}],
        },
        {"model": TOTALS, "name": "sales.totals", "node_type": "model", "kind": "FULL", "parents": [ORDERS]},
    ],
}


class Bridge:
    """Feeds a translator and keeps what it told."""

    def __init__(self, repairs: int | None = None) -> None:
        self.saved: dict[str, str] = {}
        self.translator = Translator(lambda: NOW, self._save, repairs)

    def _save(self, model: str, sql: str) -> str:
        self.saved[model] = sql
        return "target/failed/it.sql"

    def say(self, type: str, **fields: Any) -> list[events.AnyEvent]:
        return self.translator.translate({"type": type, "ts": "2026-11-21T03:04:05.000Z", **fields})


@pytest.fixture
def bridge() -> Bridge:
    made = Bridge()
    made.translator.translate(GRAPH)
    return made


def test_a_degraded_bridge_says_what_is_missing() -> None:
    tool, notice = Bridge().say("ready", sqlmesh="0.200.0", degraded=["row_counts"])
    assert isinstance(tool, events.ToolIdentified)
    assert tool.version == "0.200.0"
    assert isinstance(notice, events.Notice)
    assert "row counts" in notice.text


def test_queued_models_are_told_with_the_graph_once_the_evaluation_begins(bridge: Bridge) -> None:
    assert bridge.say("model_queued", model=ORDERS, name="sales.orders", node_type="model", batches=12) == []
    graph, queued, phase = bridge.say("phase", phase="evaluation", state="started", done=0, total=12)
    assert isinstance(graph, events.Graph)
    assert {node.name: node.selected for node in graph.nodes} == {"sales.orders": True, "sales.totals": False}
    assert [audit.selected for audit in graph.audits] == [True]
    assert isinstance(queued, events.ModelQueued)
    assert queued.batches == 12
    assert isinstance(phase, events.PhaseProgress)
    assert phase.state == "running"


def test_a_batch_is_progress_only_when_it_succeeded(bridge: Bridge) -> None:
    batch = {"model": ORDERS, "batch": 3, "batches": 12, "interval": JANUARY}
    started, begun = bridge.say("batch_started", **batch)
    assert isinstance(started, events.ModelStarted)
    assert isinstance(begun, events.ModelProgress)
    assert not begun.finished
    (done,) = bridge.say("batch_finished", status="succeeded", rows=7, duration_s=0.5, **batch)
    assert isinstance(done, events.ModelProgress)
    assert (done.finished, done.batch, done.rows) == (True, 3, 7)
    assert bridge.say("batch_finished", status="failed", **batch) == []


def test_a_failed_model_keeps_its_statement_as_a_file(bridge: Bridge) -> None:
    (failed,) = bridge.say("model_finished", model=ORDERS, status="failed", error="no such column", sql="SELECT x")
    assert isinstance(failed, events.ModelFinished)
    assert (failed.status, failed.error) == (ModelStatus.FAILED, "no such column")
    assert failed.compiled_file == "target/failed/it.sql"
    assert bridge.saved == {ORDERS: "SELECT x"}


def test_a_skipped_model_names_its_cause(bridge: Bridge) -> None:
    (skipped,) = bridge.say("model_skipped", model=TOTALS, cause=[ORDERS])
    assert isinstance(skipped, events.ModelFinished)
    assert (skipped.status, skipped.cause) == (ModelStatus.SKIPPED, ORDERS)


@pytest.mark.parametrize(
    ("status", "blocking", "expected"),
    [
        ("passed", True, AuditStatus.PASSED),
        ("failed", True, AuditStatus.FAILED),
        ("failed", False, AuditStatus.WARNED),
        ("error", False, AuditStatus.ERROR),
        ("skipped", True, AuditStatus.SKIPPED),
    ],
)
def test_an_audit_that_does_not_block_warns(bridge: Bridge, status: str, blocking: bool, expected: AuditStatus) -> None:
    (told,) = bridge.say(
        "audit", audit="not_null", arguments={"columns": "(id)"}, model=ORDERS, blocking=blocking, status=status
    )
    assert isinstance(told, events.AuditFinished)
    assert told.status is expected
    assert told.audit == audit_key(ORDERS, "not_null", {"columns": "(id)"})


def test_the_same_audit_with_other_arguments_is_another() -> None:
    assert audit_key(ORDERS, "unique", {"columns": "(a)"}) != audit_key(ORDERS, "unique", {"columns": "(b)"})


def test_only_a_signal_that_is_waited_for_is_told(bridge: Bridge) -> None:
    assert bridge.say("signal", model=ORDERS, signal="arrived", ready=[JANUARY], waiting=[]) == []
    (waiting,) = bridge.say("signal", model=ORDERS, signal="arrived", ready=[], waiting=[JANUARY])
    assert isinstance(waiting, events.ModelWaiting)
    assert "arrived" in waiting.text


def test_a_cancel_lists_what_is_half_written_unless_the_database_undid_it(bridge: Bridge) -> None:
    told = bridge.say(
        "cancelled",
        in_flight=[{"model": ORDERS}],
        interrupted_intervals=[
            {"model": ORDERS, "intervals": [JANUARY], "transactional": False},
            {"model": TOTALS, "intervals": [JANUARY], "transactional": True},
        ],
    )
    stopped, half_written = told
    assert isinstance(stopped, events.ModelFinished)
    assert stopped.interrupted
    assert isinstance(half_written, events.IntervalInterrupted)
    assert half_written.model == ORDERS


REWRITTEN = {"model": ORDERS, "batch": 1, "batches": 1, "interval": JANUARY, "reloads": [JANUARY]}


def kinds(told: list[events.AnyEvent]) -> list[str]:
    return [event.type for event in told]


def test_an_interval_is_at_risk_from_the_moment_that_it_is_rewritten(bridge: Bridge) -> None:
    assert kinds(bridge.say("batch_started", transactional=False, **REWRITTEN))[0] == "interval.interrupted"
    assert kinds(bridge.say("batch_finished", status="succeeded", **REWRITTEN))[0] == "interval.settled"


def test_a_database_with_transactions_puts_nothing_at_risk(bridge: Bridge) -> None:
    assert "interval.interrupted" not in kinds(bridge.say("batch_started", transactional=True, **REWRITTEN))


def test_a_batch_that_failed_stays_at_risk(bridge: Bridge) -> None:
    bridge.say("batch_started", transactional=False, **REWRITTEN)
    assert bridge.say("batch_finished", status="failed", **REWRITTEN) == []


def test_after_a_cancel_only_what_the_state_still_counts_as_loaded_is_listed(bridge: Bridge) -> None:
    bridge.say("batch_started", transactional=False, **REWRITTEN)
    assert kinds(bridge.say("cancelled", in_flight=[], interrupted_intervals=[])) == ["interval.settled"]


def test_a_repair_names_the_run_that_it_repairs() -> None:
    (told,) = Bridge(repairs=5).say("repaired", model=ORDERS, interval=JANUARY)
    assert isinstance(told, events.IntervalRepaired)
    assert told.run == 5


def test_environments_are_told_whole_with_their_intervals(bridge: Bridge) -> None:
    bridge.say("environment", environment="prod", plan_id="p1", models=2, unfinalised=False, difference=None)
    bridge.say(
        "intervals", environment="prod", promoted=True, model=ORDERS, name="sales.orders", loaded=[JANUARY],
        missing=[], missing_count=0, freshness="behind",
    )  # fmt: skip
    bridge.say("intervals", environment="prod", promoted=False, model=TOTALS, name="sales.totals")
    (state,) = bridge.translator.environments()
    assert (state.environment, state.plan_id, state.models) == ("prod", "p1", 2)
    assert [(model.name, model.freshness) for model in state.intervals] == [("sales.orders", "behind")]


def test_a_plan_is_told_with_its_changes_and_a_reformatted_model_says_so(bridge: Bridge) -> None:
    common: dict[str, Any] = {"category": None, "text_diff": "", "caused_by": []}
    bridge.say("change", model=ORDERS, name="sales.orders", change="metadata", formatting_only=True, **common)
    bridge.say("change", model=TOTALS, name="sales.totals", change="added", formatting_only=False, **common)
    bridge.say("backfill", model=TOTALS, name="sales.totals", intervals=[JANUARY], batches=1, restating=False)
    changes, plan = bridge.say("plan", environment="dev", fingerprint="f")
    assert isinstance(changes, events.Changes)
    assert [change.change for change in changes.changes] == ["formatting", "added"]
    assert isinstance(plan, events.PlanSummary)
    assert plan.details["fingerprint"] == "f"
    assert plan.details["backfills"][0]["name"] == "sales.totals"


def test_what_nobody_knows_is_left_alone(bridge: Bridge) -> None:
    assert bridge.say("something_newer", model=ORDERS) == []


def test_nothing_due_says_what_is_due_next(bridge: Bridge) -> None:
    bridge.say("nothing_due", next=[{"model": ORDERS, "name": "sales.orders", "at": "2026-11-22T04:00:00.000Z"}])
    bridge.say("finished", status="nothing_due", reason=None, exit_code=0)
    outcome = outcome_of(0, bridge.translator, stop_requested=False)
    assert outcome.status is StepStatus.SUCCEEDED
    assert outcome.reason == "nothing due; next: sales.orders at 2026-11-22 04:00 UTC"


def test_an_end_without_a_word_still_has_a_reason(bridge: Bridge) -> None:
    outcome = outcome_of(-9, bridge.translator, stop_requested=False)
    assert outcome.status is StepStatus.FAILED
    assert outcome.reason is not None
    assert "signal 9" in outcome.reason


def test_only_a_stop_that_was_asked_for_is_a_cancel(bridge: Bridge) -> None:
    assert outcome_of(130, bridge.translator, stop_requested=True).status is StepStatus.CANCELLED
    assert outcome_of(130, bridge.translator, stop_requested=False).status is StepStatus.FAILED
