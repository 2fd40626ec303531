"""The statuses of runs, models, audits and steps, and the one table of legal transitions between run statuses."""

from enum import StrEnum


class RunStatus(StrEnum):
    """Where a run stands. The first four are active, the rest terminal."""

    SCHEDULED = "scheduled"
    QUEUED = "queued"
    RUNNING = "running"
    STOPPING = "stopping"
    COMPLETED = "completed"
    PARTIAL = "partial"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    ERROR = "error"
    REVIEW = "review"


class ModelStatus(StrEnum):
    """Where the execution of one model stands."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


class AuditStatus(StrEnum):
    """How one audit ended; `error` means that it could not be executed."""

    PASSED = "passed"
    WARNED = "warned"
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"


class StepStatus(StrEnum):
    """Where one step of a run stands."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


ACTIVE = frozenset({RunStatus.SCHEDULED, RunStatus.QUEUED, RunStatus.RUNNING, RunStatus.STOPPING})
TERMINAL = frozenset(RunStatus) - ACTIVE
EXECUTING = frozenset({RunStatus.RUNNING, RunStatus.STOPPING})
GOOD = frozenset({RunStatus.COMPLETED, RunStatus.PARTIAL, RunStatus.REVIEW})
BAD = frozenset({RunStatus.FAILED, RunStatus.ERROR})
BEGINNING = frozenset(RunStatus) - {RunStatus.SCHEDULED, RunStatus.SKIPPED}
"""Of runs that began, or are about to."""

_ENDS_WITHOUT_A_WORKER = frozenset({RunStatus.SKIPPED, RunStatus.CANCELLED, RunStatus.ERROR})
_ENDS_OF_A_WORKER = TERMINAL - {RunStatus.SKIPPED}

TRANSITIONS: dict[RunStatus, frozenset[RunStatus]] = {
    RunStatus.SCHEDULED: _ENDS_WITHOUT_A_WORKER | {RunStatus.QUEUED},
    RunStatus.QUEUED: _ENDS_WITHOUT_A_WORKER | {RunStatus.RUNNING},
    RunStatus.RUNNING: _ENDS_OF_A_WORKER | {RunStatus.STOPPING},
    # A stop that comes too late does not change how the run ended.
    RunStatus.STOPPING: _ENDS_OF_A_WORKER,
    **{status: frozenset() for status in TERMINAL},
}


def is_legal(before: RunStatus, after: RunStatus) -> bool:
    """Whether a run may go from one status to the other."""
    return after in TRANSITIONS[before]
