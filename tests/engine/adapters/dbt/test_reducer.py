"""dbt's events as run-protocol events."""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.adapters.dbt.manifest import AUDIT_KINDS, Manifest, kind_of
from store.events import (
    AnyEvent,
    AuditFinished,
    Graph,
    ModelFinished,
    ModelProgress,
    ModelQueued,
    ModelStarted,
    Notice,
    PackagesFound,
    ToolIdentified,
)
from store.status import AuditStatus, ModelStatus
from tests.engine.adapters.dbt.recording import VERSIONS, RawEvent, Stop, feed, load, node_event, reducer, selected

RECORDINGS = {version: load(version) for version in VERSIONS}

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def models(events: Iterable[AnyEvent]) -> dict[str, ModelFinished]:
    return {event.model: event for event in events if isinstance(event, ModelFinished)}


def audits(events: Iterable[AnyEvent]) -> dict[str, AuditFinished]:
    return {event.name: event for event in events if isinstance(event, AuditFinished)}


def statuses(events: Iterable[AnyEvent]) -> dict[str, str]:
    """Each node's last status, in our words."""
    found: dict[str, str] = {}
    for event in events:
        if isinstance(event, ModelFinished):
            found[event.model] = event.status.value
        elif isinstance(event, AuditFinished):
            found[event.audit] = event.status.value
    return found


OURS = {"success": "succeeded", "pass": "passed", "warn": "warned", "fail": "failed", "skipped": "skipped"}


def expected(version: str) -> dict[str, str]:
    """Each node's status by run_results.json, in our words."""
    return {
        node: "error"
        if result["status"] == "error" and kind_of(node) in AUDIT_KINDS
        else OURS[result["status"]]
        if result["status"] != "error"
        else "failed"
        for node, result in RECORDINGS[version].results.items()
        if kind_of(node) not in ("operation", "exposure")
    }


def as_version_2(events: Iterable[RawEvent]) -> list[RawEvent]:
    """The same build as dbt 2 tells it: no plan, skipped nodes with a start line, slimmer results."""
    found: list[RawEvent] = []
    for event in events:
        code = event["info"].get("code")
        if code == "Q034":
            node = event["data"]["node_info"]["unique_id"]
            found += [node_event("Q011", node), node_event("Q012", node, status="skipped")]
        elif code == "Q025":
            result = event["data"]["run_result"]
            slim = {key: result[key] for key in ("status", "message", "execution_time") if key in result}
            found.append({**event, "data": {**event["data"], "run_result": slim}})
        elif event["info"]["name"] != "SelectedNodes":
            found.append(event)
    return found


@pytest.mark.parametrize("version", VERSIONS)
def test_a_whole_build_ends_as_dbt_recorded_it(version: str) -> None:
    recording = RECORDINGS[version]
    of_recording = reducer(recording.manifest)

    told = feed(of_recording, recording.events)

    assert statuses(told) == expected(version)
    assert of_recording.finish(recording.results) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_the_words_of_dbt_2_mean_the_same(version: str) -> None:
    recording = RECORDINGS[version]
    of_recording = reducer(recording.manifest)

    told = feed(of_recording, as_version_2(recording.events))

    assert statuses(told) == expected(version)
    assert next(event for event in told if isinstance(event, ToolIdentified)).version.startswith("1.")


def test_the_adapter_of_the_database_is_told_of() -> None:
    raw: RawEvent = {
        "info": {"code": "E034", "name": "AdapterRegistered", "msg": "Registered adapter: duckdb=1.11.1"},
        "data": {"adapter_name": "duckdb", "adapter_version": "=1.11.1"},
    }
    (found,) = feed(reducer(None), [raw])
    assert isinstance(found, PackagesFound)
    assert found.versions == {"dbt-duckdb": "1.11.1"}


@pytest.mark.parametrize("version", VERSIONS)
def test_result_lines_are_enough_where_no_finish_is_told(version: str) -> None:
    recording = RECORDINGS[version]
    of_recording = reducer(recording.manifest)

    told = feed(of_recording, [event for event in recording.events if event["info"].get("code") != "Q025"])
    told += of_recording.finish({})

    assert statuses(told) == expected(version)


@pytest.mark.parametrize("version", VERSIONS)
@given(data=st.data())
@settings(deadline=None)
def test_any_beginning_of_a_build_can_be_ended(version: str, data: st.DataObject) -> None:
    recording = RECORDINGS[version]
    length = data.draw(st.integers(0, len(recording.events)))
    stop = Stop()
    stop.asked = data.draw(st.booleans())
    of_recording = reducer(data.draw(st.sampled_from((recording.manifest, None))), stop)

    told = feed(of_recording, recording.events[:length])
    told += of_recording.finish({}, crashed=data.draw(st.booleans()))

    queued = {event.model for event in told if isinstance(event, ModelQueued)}
    ended = Counter(event.model for event in told if isinstance(event, ModelFinished))
    assert queued <= set(ended)
    assert set(ended.values()) <= {1}


@given(
    st.lists(
        st.builds(
            lambda code, info, data: {"info": {**info, "code": code}, "data": data},
            st.sampled_from(["A001", "Q007", "Q011", "Q012", "Q018", "Q025", "Q033", "Q034", "Q035", "Q046", "Z002"]),
            st.dictionaries(st.sampled_from(["name", "level", "msg", "ts", "thread"]), anything),
            st.dictionaries(
                st.sampled_from(["node_info", "run_result", "status", "version", "batch_index", "total_batches"]),
                anything
                | st.fixed_dictionaries(
                    {"unique_id": st.sampled_from(["model.a.b", "test.a.c", "x"]), "status": anything}
                ),
            ),
        ),
        max_size=8,
    )
)
@settings(deadline=None)
def test_no_event_is_too_strange(events: list[dict[str, Any]]) -> None:
    of_strange = reducer(None)

    feed(of_strange, events)
    of_strange.finish({})


def test_models_are_queued_parents_first_and_before_the_first_start() -> None:
    recording = RECORDINGS["dbt_1_11"]

    told = feed(reducer(recording.manifest), recording.events)

    kinds = [type(event) for event in told]
    queued = [event.model for event in told if isinstance(event, ModelQueued)]
    assert kinds.index(Graph) < kinds.index(ModelQueued)
    assert max(i for i, kind in enumerate(kinds) if kind is ModelQueued) < kinds.index(ModelStarted)
    assert queued.index("seed.shop.raw_orders") < queued.index("model.shop.stg_orders")
    assert queued.index("model.shop.broken") < queued.index("model.shop.child") < queued.index("model.shop.grandchild")
    assert "model.shop.only_inside" not in queued


def test_a_unit_test_gates_its_own_model() -> None:
    manifest = Manifest(nodes={"model.a.m": {}, "unit_test.a.u": {"depends_on": {"nodes": ["model.a.m"]}}})
    events = [
        selected("model.a.m", "unit_test.a.u"),
        node_event("Q025", "unit_test.a.u", run_result={"status": "fail"}),
        node_event("Q025", "model.a.m", run_result={"status": "skipped"}),
    ]

    assert models(feed(reducer(manifest), events))["model.a.m"].cause == "unit_test.a.u"


def test_the_nearest_failure_is_the_cause() -> None:
    nodes = {
        "model.a.far": {},
        "model.a.near": {},
        "model.a.between": {"depends_on": {"nodes": ["model.a.far"]}},
        "model.a.m": {"depends_on": {"nodes": ["model.a.between", "model.a.near"]}},
    }
    events = [
        node_event("Q025", "model.a.far", run_result={"status": "error"}),
        node_event("Q025", "model.a.near", run_result={"status": "error"}),
        node_event("Q025", "model.a.between", run_result={"status": "skipped"}),
        node_event("Q025", "model.a.m", run_result={"status": "skipped"}),
    ]

    told = models(feed(reducer(Manifest(nodes=nodes)), events))

    assert (told["model.a.between"].cause, told["model.a.m"].cause) == ("model.a.far", "model.a.near")


def test_an_error_after_a_stop_is_an_interruption() -> None:
    stop = Stop()
    of_run = reducer(None, stop)
    feed(of_run, [selected("model.a.m", "model.a.n", "test.a.t"), node_event("Q011", "model.a.m")])

    stop.asked = True
    told = feed(of_run, [node_event("Q025", "model.a.m", run_result={"status": "error", "message": "INTERRUPT"})])
    told += of_run.finish({})

    ended = models(told)
    assert (ended["model.a.m"].status, ended["model.a.m"].interrupted) == (ModelStatus.CANCELLED, True)
    assert ended["model.a.m"].error == "INTERRUPT"
    assert (ended["model.a.n"].status, ended["model.a.n"].interrupted) == (ModelStatus.CANCELLED, False)
    assert of_run.summary.failed_models == []
    assert audits(told) == {}


def test_a_model_that_never_answered_after_a_stop_is_interrupted() -> None:
    stop = Stop()
    of_run = reducer(None, stop)
    feed(of_run, [node_event("Q011", "model.a.m")])

    stop.asked = True

    (ended,) = models(of_run.finish({})).values()
    assert (ended.status, ended.interrupted, ended.error) == (ModelStatus.CANCELLED, True, None)


def test_an_audit_that_the_stop_broke_off_found_nothing_out() -> None:
    stop = Stop()
    of_run = reducer(None, stop)
    feed(of_run, [node_event("Q011", "test.a.t")])

    stop.asked = True
    told = feed(of_run, [node_event("Q025", "test.a.t", run_result={"status": "error", "message": "INTERRUPT"})])

    (ended,) = audits(told).values()
    assert ended.status is AuditStatus.SKIPPED
    assert of_run.summary.failed_audits == []


def test_a_killed_dbt_leaves_its_models_failed_and_the_rest_cancelled() -> None:
    of_run = reducer(None)
    feed(of_run, [selected("model.a.m", "model.a.n"), node_event("Q011", "model.a.m")])

    ended = models(of_run.finish({}, crashed=True))

    assert (ended["model.a.m"].status, ended["model.a.m"].interrupted) == (ModelStatus.FAILED, True)
    assert ended["model.a.n"].status is ModelStatus.CANCELLED
    assert of_run.summary.failed_models == ["m"]


def test_results_settle_what_events_left_open_but_take_no_success_back() -> None:
    of_run = reducer(None)
    feed(
        of_run,
        [
            selected("model.a.good", "model.a.waiting"),
            node_event("Q011", "model.a.good"),
            node_event("Q025", "model.a.good", run_result={"status": "success"}),
        ],
    )

    told = of_run.finish(
        {
            "model.a.good": {"status": "skipped", "message": "Skipping due to fail_fast"},
            "model.a.waiting": {"status": "skipped", "message": "Skipping due to fail_fast"},
        }
    )

    assert statuses(told) == {"model.a.waiting": "skipped"}


def test_a_warning_with_error_severity_stays_blocking() -> None:
    manifest = Manifest(
        nodes={"test.a.t": {"config": {"severity": "ERROR"}}, "test.a.w": {"config": {"severity": "warn"}}}
    )
    result = {"status": "warn", "num_failures": 3.0}
    events = [node_event("Q025", node, run_result=result) for node in ("test.a.t", "test.a.w")]

    told = audits(feed(reducer(manifest), events))

    assert (told["t"].blocking, told["w"].blocking) == (True, False)
    assert told["t"].failures == 3


def test_compiled_sql_is_read_when_the_audit_ends(tmp_path: Path) -> None:
    recording = RECORDINGS["dbt_1_11"]
    file = tmp_path / "target/compiled/shop/models/models.yml/not_null_stg_orders_amount.sql"
    file.parent.mkdir(parents=True)
    file.write_text("\nselect amount\n")

    told = audits(feed(reducer(recording.manifest, folder=tmp_path), recording.events))

    found = told["not_null_stg_orders_amount"]
    assert (found.sql, found.compiled_file) == ("select amount", file.relative_to(tmp_path).as_posix())
    assert told["unique_stg_orders_id"].sql is None


def test_an_ephemeral_model_is_only_told_of_when_it_fails() -> None:
    event = node_event("Q025", "model.a.m", run_result={"status": "success"})
    event["data"]["node_info"]["materialized"] = "ephemeral"
    failed = json.loads(json.dumps(event).replace("success", "error"))

    assert models(feed(reducer(None), [event])) == {}
    assert models(feed(reducer(None), [failed]))["model.a.m"].status is ModelStatus.FAILED


def batch(number: int, status: str) -> list[RawEvent]:
    """What dbt tells of one of three batches, its end worded like that of the model."""
    told = {"batch_index": number, "total_batches": 3}
    return [
        node_event("Q045", "model.a.m", **told),
        node_event("Q046", "model.a.m", **told, status=status, execution_time=0.5),
        node_event("Q025", "model.a.m", run_result={"status": status, "message": status.upper()}),
    ]


def whole_model(status: str) -> list[RawEvent]:
    return [
        node_event("Q012", "model.a.m", status=status),
        node_event("Q025", "model.a.m", run_result={"status": status, "message": status.upper()}),
    ]


def test_batches_are_progress_and_no_ends() -> None:
    events = [node_event("Q011", "model.a.m"), *batch(1, "success"), *batch(2, "success"), *whole_model("success")]
    of_run = reducer(None)

    told = feed(of_run, events)

    progress = [(e.batch, e.finished, e.duration_s) for e in told if isinstance(e, ModelProgress)]
    assert progress == [(1, False, None), (1, True, 0.5), (2, False, None), (2, True, 0.5)]
    assert [event.status for event in told if isinstance(event, ModelFinished)] == [ModelStatus.SUCCEEDED]

    days = [["2026-01-01T00:00:00+00:00", "2026-01-02T00:00:00+00:00"]]
    (again,) = models(
        of_run.finish({"model.a.m": {"status": "success", "batch_results": {"successful": days}}})
    ).values()

    assert [(interval.start.day, interval.end.day) for interval in again.intervals] == [(1, 2)]


def test_the_error_of_a_batch_is_the_models() -> None:
    broken = node_event("W004", "model.a.m", unique_id="model.a.m", exc="Binder Error: nope")
    events = [node_event("Q011", "model.a.m"), broken, *batch(1, "error"), *whole_model("error")]

    (ended,) = models(feed(reducer(None), events)).values()

    assert (ended.status, ended.error) == (ModelStatus.FAILED, "ERROR\nBinder Error: nope")


def test_a_stale_source_is_a_failed_audit() -> None:
    event = node_event("Q018", "source.a.raw.t", status="error", source_name="raw", table_name="t", execution_time=0.1)
    of_run = reducer(None)

    (told,) = audits(feed(of_run, [event])).values()

    assert (told.name, told.model, told.status) == ("freshness of raw.t", "source.a.raw.t", AuditStatus.FAILED)
    assert of_run.summary.failed_audits == ["freshness of raw.t"]


def test_a_failed_hook_is_a_notice() -> None:
    event = node_event("Q033", "operation.a.end-0", status="error", statement="a.on-run-end.0")
    of_run = reducer(None)

    told = feed(of_run, [event])

    assert [(notice.level, notice.text) for notice in told if isinstance(notice, Notice)] == [
        ("error", "The hook a.on-run-end.0 failed.")
    ]
    assert of_run.summary.failed_hooks == ["a.on-run-end.0"]


def test_a_hook_that_never_ended_has_failed() -> None:
    start = node_event("Q032", "operation.a.end-0", statement="a.on-run-end.0")
    good = node_event("Q033", "operation.a.end-0", statement="a.on-run-end.0", status="OK")
    bad, well = reducer(None), reducer(None)
    feed(bad, [start])
    feed(well, [start, good])

    assert [type(event) for event in bad.finish({})] == [Notice]
    assert well.finish({}) == []
    assert (bad.summary.failed_hooks, well.summary.failed_hooks) == (["a.on-run-end.0"], [])


def test_a_later_command_keeps_what_an_earlier_one_selected() -> None:
    recording = RECORDINGS["dbt_1_11"]
    first = reducer(recording.manifest)
    feed(first, [selected("seed.shop.raw_orders")])
    second = reducer(recording.manifest)
    second.selected = first.selected

    (graph,) = (event for event in feed(second, [selected("model.shop.totals")]) if isinstance(event, Graph))

    chosen = {node.model for node in graph.nodes if node.selected}
    assert chosen == {"seed.shop.raw_orders", "model.shop.totals"}
