"""Keeps the batches of models: each with its stretch of time, rows and duration."""

from store import events
from store.statement import Statement
from store.status import ModelStatus, RunStatus


def of_progress(event: events.ModelProgress) -> Statement:
    """A batch has begun, or ended well."""
    return Statement(
        """INSERT INTO model_batches (run_id, model, batch, batches, status, interval, rows, duration_s, started_at,
           finished_at, change)
           VALUES (:run, :model, :batch, :batches, :status, :interval, :rows, :duration_s,
           CASE WHEN :finished THEN NULL ELSE :at END, CASE WHEN :finished THEN :at END, :change)
           ON CONFLICT DO UPDATE SET batches = excluded.batches, status = excluded.status, rows = excluded.rows,
           interval = coalesce(excluded.interval, interval), duration_s = excluded.duration_s,
           started_at = coalesce(excluded.started_at, started_at), finished_at = excluded.finished_at,
           change = excluded.change""",
        event.model_dump(include={"model", "batch", "batches", "rows", "duration_s", "finished"})
        | {
            "status": ModelStatus.SUCCEEDED if event.finished else ModelStatus.RUNNING,
            "interval": event.interval.model_dump_json() if event.interval else None,
        },
    )


def of_model(model: str, status: ModelStatus) -> Statement:
    """The model has ended: what of it was not told to have ended well has ended as the model did."""
    return Statement(
        """UPDATE model_batches SET status = :status, finished_at = :at, change = :change
           WHERE run_id = :run AND model = :model AND status = 'running'""",
        {"model": model, "status": status},
    )


def of_run(status: RunStatus) -> Statement:
    """The run has ended, maybe with nobody left to tell of its models."""
    ended = ModelStatus.FAILED if status is RunStatus.FAILED else ModelStatus.CANCELLED
    return Statement(
        """UPDATE model_batches SET status = :status, finished_at = :at, change = :change
           WHERE run_id = :run AND status = 'running'""",
        {"status": ended},
    )
