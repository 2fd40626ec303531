"""What to ask for when a run is to be done again: pure, from the record."""

from collections.abc import Sequence

from engine.errors import UsageError
from store.models import Audit, ModelExecution, Run, RunOptions
from store.status import AuditStatus, ModelStatus

_AGAIN_MODELS = frozenset({ModelStatus.FAILED, ModelStatus.SKIPPED, ModelStatus.CANCELLED})
_AGAIN_AUDITS = frozenset({AuditStatus.FAILED, AuditStatus.ERROR, AuditStatus.SKIPPED})


def failed_only(run: Run, models: Sequence[ModelExecution], audits: Sequence[Audit]) -> RunOptions:
    """The run's options, narrowed to the models and audits that failed, were skipped or were cancelled.

    Computed from the record because dbt's own `retry` forgets what a cancelled run did not reach.
    Raises UsageError when there is nothing to do again.
    """
    names = [model.name for model in models if model.status in _AGAIN_MODELS]
    names += [audit.name for audit in audits if audit.status in _AGAIN_AUDITS]
    if not names:
        raise UsageError(f"Nothing failed or was skipped in run #{run.id}: there is nothing to run again.")
    return run.options.model_copy(update={"select": tuple(dict.fromkeys(names)), "exclude": ()})
