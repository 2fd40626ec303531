"""What a run-protocol event changes in the tables: pure, one event in, SQL statements out.

Statements name `:run`, `:change` and `:at` (the event's time) beside their own values.
"""

import hashlib
import json
from collections.abc import Iterator
from functools import singledispatch
from typing import Any

from store import (
    batch_statements,
    events,
    failure_statements,
    latest_executions,
    phase_statements,
    success_statements,
    superseding,
    torn,
)
from store.clock import to_microseconds
from store.models import RunGraph
from store.rows import from_graph
from store.statement import Statement
from store.status import ModelStatus, StepStatus


@singledispatch
def statements(event: events.Event) -> Iterator[Statement]:
    """The statements of an event, in order. The run's status is not among them: transitions are checked first."""
    raise TypeError(f"no reduction for {type(event).__name__}")


@statements.register
def _(event: events.RunStarted) -> Iterator[Statement]:
    yield Statement(
        """UPDATE runs SET started_at = :at, pid = :pid, pid_started = :pid_started, host = :host,
           addresses = :addresses, waits_for = NULL,
           status_reason = NULL, tool_version = coalesce(:tool_version, tool_version),
           branch = coalesce(:branch, branch),
           "commit" = :commit, commit_author = :commit_author, commit_message = :commit_message,
           remote = :remote WHERE id = :run""",
        event.model_dump(
            include={
                "pid",
                "pid_started",
                "host",
                "tool_version",
                "branch",
                "commit",
                "commit_author",
                "commit_message",
                "remote",
            }
        )
        | {"addresses": json.dumps(event.addresses)},
    )


@statements.register
def _(event: events.SourceFound) -> Iterator[Statement]:
    yield Statement(
        """UPDATE runs SET branch = coalesce(:branch, branch), "commit" = :commit, commit_author = :commit_author,
           commit_message = :commit_message, remote = :remote WHERE id = :run""",
        event.model_dump(include={"branch", "commit", "commit_author", "commit_message", "remote"}),
    )


@statements.register
def _(event: events.VersionRecorded) -> Iterator[Statement]:
    yield Statement("UPDATE runs SET version = :version WHERE id = :run", {"version": event.version})


@statements.register
def _(event: events.RunStopping) -> Iterator[Statement]:
    yield Statement("UPDATE runs SET status_reason = :reason WHERE id = :run", {"reason": event.reason})


@statements.register
def _(event: events.RunFinished) -> Iterator[Statement]:
    yield Statement(
        """UPDATE runs SET finished_at = :at, status_reason = :reason, collided_with = :collided_with,
           waits_for = NULL WHERE id = :run""",
        {"reason": event.reason, "collided_with": event.collided_with},
    )
    yield from superseding.by_a_run_that_ended(event.status)
    # A worker that was killed could not say how these ended.
    yield Statement(
        """UPDATE model_executions SET interrupted = status = 'running', status = 'cancelled', finished_at = :at,
           change = :change WHERE run_id = :run AND status IN ('queued', 'running')"""
    )
    yield Statement(
        """UPDATE steps SET status = :status, finished_at = :at, change = :change
           WHERE run_id = :run AND status = 'running'""",
        {"status": StepStatus.CANCELLED},
    )
    yield phase_statements.of_run(event.status)
    yield batch_statements.of_run(event.status)
    yield from failure_statements.of_run(event.status, event.reason)


@statements.register
def _(event: events.ToolIdentified) -> Iterator[Statement]:
    yield Statement("UPDATE runs SET tool_version = :version WHERE id = :run", {"version": event.version})


@statements.register
def _(_event: events.PackagesFound) -> Iterator[Statement]:
    return iter(())  # The journal has them for whoever asks.


@statements.register
def _(event: events.StepStarted) -> Iterator[Statement]:
    yield Statement(
        """INSERT INTO steps (run_id, position, name, command, status, started_at, log, process_group, change)
           VALUES (:run, :step, :name, :command, :status, :at, :log, :process_group, :change)
           ON CONFLICT DO UPDATE SET process_group = excluded.process_group, change = excluded.change""",
        {
            "step": event.step,
            "name": event.name,
            "command": json.dumps(event.command),
            "status": StepStatus.RUNNING,
            "log": event.log,
            "process_group": event.process_group,
        },
    )


@statements.register
def _(event: events.StepFinished) -> Iterator[Statement]:
    yield Statement(
        """UPDATE steps SET status = :status, exit_code = :exit_code, finished_at = :at, process_group = NULL,
           change = :change WHERE run_id = :run AND position = :step""",
        {"status": event.status, "exit_code": event.exit_code, "step": event.step},
    )


@statements.register
def _(event: events.Graph) -> Iterator[Statement]:
    # Tools list the same graph in changing orders; it is kept once.
    nodes = tuple(sorted(event.nodes, key=lambda node: node.model))
    graph = RunGraph(nodes=nodes, audits=tuple(sorted(event.audits, key=lambda audit: audit.audit)))
    content = graph.model_dump_json(exclude_defaults=True).encode()
    values = {"sha256": hashlib.sha256(content).hexdigest(), "body": from_graph(graph)}
    yield Statement("INSERT INTO graphs (sha256, body) VALUES (:sha256, :body) ON CONFLICT DO NOTHING", values)
    yield Statement(
        """UPDATE runs SET graph_id = (SELECT id FROM graphs WHERE sha256 = :sha256),
           audits_total = CASE WHEN preview THEN 0 ELSE :audits END WHERE id = :run""",
        {"sha256": values["sha256"], "audits": sum(audit.selected for audit in event.audits)},
    )
    for node in event.nodes:
        if node.selected:
            yield _describe(node)
    yield from latest_executions.of_graph(
        [*(node.model for node in event.nodes), *(audit.audit for audit in event.audits)]
    )


def _describe(node: events.GraphNode) -> Statement:
    """A model that the run means to execute; a plan that is only shown executes none."""
    return Statement(
        """INSERT INTO model_executions (run_id, model, name, kind, materialized, schema_name, relation, file,
           parents, status, queued_at, change)
           SELECT :run, :model, :name, :kind, :materialized, :schema_name, :relation, :file, :parents, 'queued',
           :at, :change FROM runs WHERE id = :run AND NOT preview
           ON CONFLICT DO UPDATE SET name = excluded.name, kind = excluded.kind,
           materialized = excluded.materialized, schema_name = excluded.schema_name, relation = excluded.relation,
           file = excluded.file, parents = excluded.parents, change = excluded.change""",
        {
            "model": node.model,
            "name": node.name,
            "kind": node.kind,
            "materialized": node.materialized,
            "schema_name": node.schema_name,
            "relation": node.relation,
            "file": node.file,
            "parents": json.dumps(node.parents),
        },
    )


def _ensure(model: str) -> Statement:
    """A model that runs though no graph announced it still gets its row."""
    return Statement(
        """INSERT INTO model_executions (run_id, model, name, kind, parents, status, queued_at, change)
           VALUES (:run, :model, :name, 'model', '[]', 'queued', :at, :change) ON CONFLICT DO NOTHING""",
        {"model": model, "name": model.rsplit(".", 1)[-1].strip('"')},
    )


@statements.register
def _(event: events.Changes) -> Iterator[Statement]:
    for change in event.changes:
        yield Statement(
            """INSERT INTO model_changes (run_id, model, change_kind, diff) VALUES (:run, :model, :kind, :diff)
               ON CONFLICT DO UPDATE SET change_kind = excluded.change_kind, diff = excluded.diff""",
            {"model": change.model, "kind": change.change, "diff": change.diff},
        )
    if event.details:
        yield Statement(
            "INSERT OR REPLACE INTO run_changes (run_id, body) VALUES (:run, :body)",
            {"body": json.dumps(event.details)},
        )


@statements.register
def _(event: events.ModelQueued) -> Iterator[Statement]:
    yield _ensure(event.model)
    yield Statement(
        """UPDATE model_executions SET batches = coalesce(:batches, batches), change = :change
           WHERE run_id = :run AND model = :model""",
        {"model": event.model, "batches": event.batches},
    )


@statements.register
def _(event: events.ModelStarted) -> Iterator[Statement]:
    yield _ensure(event.model)
    yield Statement(
        """UPDATE model_executions SET status = 'running', started_at = coalesce(started_at, :at), thread = :thread,
           change = :change WHERE run_id = :run AND model = :model""",
        {"model": event.model, "thread": event.thread},
    )


@statements.register
def _(event: events.ModelProgress) -> Iterator[Statement]:
    yield _ensure(event.model)
    yield Statement(
        """UPDATE model_executions SET batch = max(coalesce(batch, 0), :batch), batches = :batches,
           rows = CASE WHEN :rows IS NULL THEN rows ELSE coalesce(rows, 0) + :rows END,
           intervals = CASE WHEN :interval IS NULL THEN intervals ELSE json_insert(intervals, '$[#]', json(:interval))
           END, change = :change WHERE run_id = :run AND model = :model""",
        {
            "model": event.model,
            "batch": event.batch if event.finished else event.batch - 1,
            "batches": event.batches,
            "rows": event.rows if event.finished else None,
            "interval": event.interval.model_dump_json() if event.interval and event.finished else None,
        },
    )
    yield batch_statements.of_progress(event)


@statements.register
def _(event: events.ModelFinished) -> Iterator[Statement]:
    yield _ensure(event.model)
    intervals = json.dumps([interval.model_dump(mode="json") for interval in event.intervals])
    timings = json.dumps([timing.model_dump(mode="json") for timing in event.timings])
    yield Statement(
        """UPDATE model_executions SET status = :status, finished_at = :at, duration_s = :duration_s,
           rows = coalesce(:rows, rows), message = :message, error = :error, cause = :cause,
           interrupted = :interrupted, compiled_file = :compiled_file, timings = :timings,
           intervals = CASE WHEN :intervals = '[]' THEN intervals ELSE :intervals END, change = :change
           WHERE run_id = :run AND model = :model""",
        {
            "model": event.model,
            "status": event.status,
            "duration_s": event.duration_s,
            "rows": event.rows,
            "message": event.message,
            "error": event.error,
            "cause": event.cause,
            "interrupted": event.interrupted,
            "compiled_file": event.compiled_file,
            "intervals": intervals,
            "timings": timings,
        },
    )
    yield batch_statements.of_model(event.model, event.status)
    yield success_statements.of_model(event.model)
    yield from failure_statements.of_model(event.model, event.status, event.error)
    yield from latest_executions.of_model(event.model, event.status)
    if event.status is ModelStatus.SUCCEEDED:
        yield torn.loaded_again(event.model)


@statements.register
def _(event: events.AuditFinished) -> Iterator[Statement]:
    interval_start = to_microseconds(event.interval.start) if event.interval else 0
    yield Statement(
        """INSERT OR REPLACE INTO audits (run_id, audit, name, model, blocking, status, failures, error, sql,
           compiled_file, arguments, duration_s, finished_at, thread, cause, interval_start, change)
           VALUES (:run, :audit, :name, :model, :blocking, :status, :failures, :error, :sql, :compiled_file,
           :arguments, :duration_s, :at, :thread, :cause, :interval_start, :change)""",
        {
            "audit": event.audit,
            "name": event.name,
            "model": event.model,
            "blocking": event.blocking,
            "status": event.status,
            "failures": event.failures,
            "error": event.error,
            "sql": event.sql,
            "compiled_file": event.compiled_file,
            "arguments": json.dumps(event.arguments, default=str),
            "duration_s": event.duration_s,
            "thread": event.thread,
            "cause": event.cause,
            "interval_start": interval_start,
        },
    )
    ended = event.model_dump(include={"audit", "name", "model", "status", "error"})
    yield from failure_statements.of_audit(failure_statements.EndedAudit(**ended, interval_start=interval_start))
    yield from latest_executions.of_audit(
        event.audit, event.name, event.status, event.blocking, of_interval=event.interval is not None
    )


@statements.register
def _(event: events.AuditSampled) -> Iterator[Statement]:
    yield Statement(
        "INSERT OR REPLACE INTO audit_samples (run_id, audit, body) VALUES (:run, :audit, :body)",
        {"audit": event.audit, "body": event.model_dump_json(include={"columns", "rows"})},
    )


@statements.register
def _(event: events.ArtifactWritten) -> Iterator[Statement]:
    yield Statement(
        "INSERT OR REPLACE INTO artifacts (run_id, path, kind, size) VALUES (:run, :path, :kind, :size)",
        {"path": event.path, "kind": event.kind, "size": event.size},
    )


@statements.register
def _(event: events.Notice) -> Iterator[Statement]:
    yield Statement(
        """INSERT INTO notices (run_id, journal_end, at, level, text)
           VALUES (:run, :journal_end, :at, :level, :text)""",
        {"level": event.level, "text": event.text},
    )


@statements.register
def _(event: events.PlanSummary) -> Iterator[Statement]:
    yield Statement("UPDATE runs SET details = :details WHERE id = :run", {"details": json.dumps(event.details)})


@statements.register
def _(event: events.ModelWaiting) -> Iterator[Statement]:
    yield _ensure(event.model)
    yield Statement(
        """UPDATE model_executions SET message = :text, change = :change
           WHERE run_id = :run AND model = :model AND status = 'queued'""",
        {"model": event.model, "text": event.text},
    )


@statements.register
def _(event: events.PhaseProgress) -> Iterator[Statement]:
    yield phase_statements.of_progress(event)


@statements.register
def _(event: events.EnvironmentState) -> Iterator[Statement]:
    yield Statement(
        """INSERT INTO environment_states (project, environment, read_at, body, change)
           SELECT project, :environment, :at, :body, :change FROM runs WHERE id = :run
           ON CONFLICT DO UPDATE SET read_at = excluded.read_at, body = excluded.body, change = excluded.change
           WHERE excluded.read_at >= read_at""",
        {"environment": event.environment, "body": event.model_dump_json()},
    )
    yield Statement("UPDATE workspace SET change = :change")


@statements.register
def _(event: events.IntervalInterrupted) -> Iterator[Statement]:
    yield Statement(
        """INSERT INTO interrupted_intervals (run_id, model, start_at, end_at)
           VALUES (:run, :model, :start_at, :end_at) ON CONFLICT DO NOTHING""",
        _interval(event.model, event.interval),
    )


@statements.register
def _(event: events.IntervalSettled) -> Iterator[Statement]:
    yield Statement(
        """DELETE FROM interrupted_intervals
           WHERE run_id = :run AND model = :model AND start_at >= :start_at AND end_at <= :end_at""",
        _interval(event.model, event.interval),
    )


@statements.register
def _(event: events.IntervalRepaired) -> Iterator[Statement]:
    yield Statement(
        """UPDATE interrupted_intervals SET repaired_by = :run
           WHERE run_id = :broken AND model = :model AND start_at >= :start_at AND end_at <= :end_at""",
        _interval(event.model, event.interval) | {"broken": event.run},
    )
    yield Statement("UPDATE runs SET change = :change WHERE id = :broken", {"broken": event.run})


def _interval(model: str, interval: events.Interval) -> dict[str, Any]:
    return {
        "model": model,
        "start_at": to_microseconds(interval.start),
        "end_at": to_microseconds(interval.end),
    }
