"""How long a run will still take, judged by how long it took before."""

from store.status import ModelStatus
from tui.run_view.models import elapsed_s
from tui.run_view.view import RunView

_AHEAD = frozenset({ModelStatus.QUEUED, ModelStatus.RUNNING})


def remaining_s(view: RunView) -> float | None:
    """Seconds until the run ends; None without a history of this job, or before its models are known.

    The job's usual duration, times the share of its models' usual work that is still to be done: models run side by
    side, so their work alone says nothing of the time. A model that was never built counts like the usual one.
    """
    usual_run_s, known = view.usual.run_s, view.usual.models
    models = view.record.models.values()
    if usual_run_s is None or not known or not models or view.record.run.started_at is None:
        return None
    typical = sorted(known.values())[len(known) // 2]
    expected = {model.model: known.get(model.model, typical) for model in models}
    left = sum(
        max(0.0, expected[model.model] - (elapsed_s(model, view.now) or 0.0))
        for model in models
        if model.status in _AHEAD
    )
    total = sum(expected.values())
    return usual_run_s * left / total if total else None
