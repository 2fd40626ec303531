"""The commands run, repair and invalidate."""

from __future__ import annotations  # the project's Python may be as old as 3.9

from datetime import datetime, timezone
from typing import Any

from .opening import open_project
from .reads import tell_environment_after
from .session import Session
from .values import EXIT_FAILED, Outcome, Refused, overlap, span_json, spans_json


def command_run(session: Session) -> Outcome:
    """Runs what is due in an environment, from the state: local edits play no part."""
    options = session.options
    context = open_project(session, load=False)
    session.environment()
    session.require_finalised()
    session.cancellation.writing = True
    status = context.run(
        session.environment_name(),
        start=options.start,
        end=options.end,
        execution_time=options.execution_time,
        skip_janitor=options.skip_janitor,
        ignore_cron=options.ignore_cron,
        select_models=options.select_models or None,
        no_auto_upstream=options.no_auto_upstream,
    )
    tell_environment_after(session)
    if status.is_nothing_to_do:
        return Outcome("nothing_due")
    if status.is_failure:
        return session.progress.failure() or Outcome("failed", "SQLMesh reports a failure.", EXIT_FAILED)
    if not session.progress.total_batches:
        return Outcome("completed", "Nothing was ready: what is due waits for its signals.")
    return Outcome("completed")


def interval_bound(text: str) -> Any:
    """A moment with a time of day is taken as it is; a date is SQLMesh's to read (an end date is inclusive)."""
    if "T" not in text:
        return text
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as error:
        raise Refused(f"{text} is not a date or an ISO 8601 time.") from error
    return int((moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp() * 1000)  # noqa: UP017


def command_repair(session: Session) -> Outcome:
    """Takes intervals out of the state, so that the next run loads them again. Loads nothing itself."""
    context = open_project(session, load=False)
    snapshots = context.state_reader.get_snapshots(session.environment().snapshots).values()
    by_name = {key: each for each in snapshots for key in (each.name, each.node.name)}
    requests = []
    for model, start, end in session.options.intervals:
        if model not in by_name:
            raise Refused(f"Environment {session.environment_name()} has no model {model}.")
        snapshot = by_name[model]
        span = snapshot.get_removal_interval(interval_bound(start), interval_bound(end))
        requests.append((snapshot, span))
    session.cancellation.writing = True
    context.state_sync.remove_intervals(requests, remove_shared_versions=True)
    context.state_sync.refresh_snapshot_intervals([snapshot for snapshot, _ in requests])
    for snapshot, span in requests:
        still_loaded = overlap(span, [*snapshot.intervals, *snapshot.dev_intervals])
        session.emitter.emit(
            "repaired",
            model=snapshot.name,
            name=snapshot.node.name,
            interval=span_json(span),
            still_loaded=spans_json(still_loaded),
        )
    return Outcome("completed")


def command_invalidate(session: Session) -> Outcome:
    """Marks an environment for removal by SQLMesh's janitor; `--sync` removes it at once."""
    context = open_project(session, load=False)
    name = session.environment_name()
    if name == "prod":
        raise Refused("The production environment cannot be removed.")
    if context.state_reader.get_environment(name) is None:
        return Outcome("completed", f"There is no environment {name} to remove.")
    session.cancellation.writing = True
    context.invalidate_environment(name, sync=session.options.sync)
    session.emitter.emit("invalidated", environment=name, removed=session.options.sync)
    return Outcome("completed")
