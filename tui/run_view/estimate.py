"""How long a run will still take, judged by how long it took before."""

from datetime import datetime

from store.models import ModelExecution
from store.status import ModelStatus
from tui.run_view.models import elapsed_s
from tui.run_view.view import RunView

_AHEAD = frozenset({ModelStatus.QUEUED, ModelStatus.RUNNING})


def remaining_s(view: RunView) -> float | None:
    """Seconds until the run ends; None without a history of this job, or before its models are known.

    The job's usual duration, times the share of its models' usual work that is still to be done: models run side by
    side, so their work alone says nothing of the time. A model that was never built counts like the usual one. It is
    never less than what is left of the one model that takes longest.
    """
    usual_run_s, known = view.usual.run_s, view.usual.models
    models = list(view.record.models.values())
    if usual_run_s is None or not known or not models or view.record.run.started_at is None:
        return None
    typical = sorted(known.values())[len(known) // 2]
    expected = [(model, view.usual.of(model)) for model in models]
    total = sum(_or(usual_s, typical) for _, usual_s in expected)
    if not total:
        return None
    ahead = [(model, usual_s) for model, usual_s in expected if model.status in _AHEAD]
    left = sum(_left_of(model, _or(usual_s, typical), view.now) for model, usual_s in ahead)
    longest = max((_left_of(model, usual_s, view.now) for model, usual_s in ahead if usual_s is not None), default=0.0)
    return max(usual_run_s * left / total, longest)


def _or(usual_s: float | None, typical: float) -> float:
    return typical if usual_s is None else usual_s


def _left_of(model: ModelExecution, usual_s: float, now: datetime) -> float:
    return max(0.0, usual_s - (elapsed_s(model, now) or 0.0))
