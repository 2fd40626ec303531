"""Keeps the successes of a model together, by environment: they are what is usual for it."""

from store.statement import Statement


def of_model(model: str) -> Statement:
    """A model has ended: it counts as a success of its run's environment, or not any more."""
    return Statement(
        """UPDATE model_executions SET succeeded_in = CASE WHEN status = 'succeeded' AND duration_s IS NOT NULL THEN
           (SELECT project || '/' || environment FROM runs WHERE id = :run) END
           WHERE run_id = :run AND model = :model""",
        {"model": model},
    )
