"""The stretches of time of one model: what this run processed, what is loaded, what is missing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from store.events import EnvironmentState, Interval
from store.run_record import RunRecord


@dataclass(frozen=True, slots=True)
class ModelTimes:
    """`processed` is of this run; the rest is what the tool's state says of the environment as of `read_at`.

    `missing_count` counts single intervals of the model's own unit. `is_known` is False where the tool keeps no such
    state (dbt), or has not been asked since the environment was made.
    """

    processed: tuple[Interval, ...] = ()
    loaded: tuple[Interval, ...] = ()
    missing: tuple[Interval, ...] = ()
    missing_count: int = 0
    interrupted: tuple[Interval, ...] = ()
    cron: str | None = None
    freshness: Literal["complete", "pending", "behind"] | None = None
    next_at: datetime | None = None
    read_at: datetime | None = None
    is_known: bool = False


def times_of(record: RunRecord, state: EnvironmentState | None, node: str) -> ModelTimes:
    """The stretches of time of the model; `interrupted` are those that this run left half-written, not yet repaired."""
    execution = record.models.get(node)
    processed = execution.intervals if execution else ()
    broken = tuple(
        Interval(start=each.start, end=each.end)
        for each in record.interrupted
        if each.model == node and each.repaired_by is None
    )
    known = next((each for each in state.intervals if each.model == node), None) if state else None
    if state is None or known is None:
        return ModelTimes(processed=processed, interrupted=broken)
    return ModelTimes(
        processed=processed,
        loaded=known.loaded,
        missing=known.missing,
        missing_count=known.missing_count,
        interrupted=broken,
        cron=known.cron,
        freshness=known.freshness,
        next_at=known.next_at,
        read_at=state.ts,
        is_known=True,
    )
