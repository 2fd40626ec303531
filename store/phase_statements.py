"""What becomes of the stages of a plan or run: how far they are, and that none goes on after its run."""

from store import events
from store.statement import Statement
from store.status import RunStatus


def of_progress(event: events.PhaseProgress) -> Statement:
    """How far a stage is."""
    return Statement(
        """INSERT INTO phases (run_id, phase, position, done, total, state, started_at, finished_at)
           VALUES (:run, :phase, (SELECT count(*) FROM phases WHERE run_id = :run), :done, :total, :state, :at,
           CASE :state WHEN 'running' THEN NULL ELSE :at END)
           ON CONFLICT DO UPDATE SET done = excluded.done, total = excluded.total, state = excluded.state,
           finished_at = excluded.finished_at""",
        event.model_dump(include={"phase", "done", "total", "state"}),
    )


def of_run(status: RunStatus) -> Statement:
    """The run has ended: a stage that was not told to have ended did not come to its end."""
    state: events.PhaseState = "cancelled" if status is RunStatus.CANCELLED else "failed"
    return Statement(
        """UPDATE phases SET state = :state, finished_at = :at WHERE run_id = :run AND state = 'running'""",
        {"state": state},
    )
