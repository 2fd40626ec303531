"""The batches in which the models of a run were built."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row

import aiosqlite

from store.clock import from_microseconds
from store.events import Interval
from store.status import ModelStatus


@dataclass(frozen=True, slots=True)
class Batch:
    """Batch `number` of `of`, counted from 1. `rows` and `duration_s` (seconds) are known of those that ended well."""

    number: int
    of: int
    status: ModelStatus
    interval: Interval | None
    rows: int | None
    duration_s: float | None
    started_at: datetime | None
    finished_at: datetime | None


async def batches_of(
    connection: aiosqlite.Connection, run_id: int, model: str | None = None
) -> Mapping[str, tuple[Batch, ...]]:
    """Those of every model of the run, or of one, by the model's unique name, in their order."""
    found: dict[str, list[Batch]] = {}
    async with connection.execute(_BATCHES, {"run": run_id, "model": model}) as cursor:
        async for row in cursor:
            found.setdefault(row["model"], []).append(_batch(row))
    return {model: tuple(batches) for model, batches in found.items()}


def _batch(row: Row) -> Batch:
    return Batch(
        number=row["batch"],
        of=row["batches"],
        status=ModelStatus(row["status"]),
        interval=Interval.model_validate_json(row["interval"]) if row["interval"] else None,
        rows=row["rows"],
        duration_s=row["duration_s"],
        started_at=_moment(row["started_at"]),
        finished_at=_moment(row["finished_at"]),
    )


def _moment(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else from_microseconds(microseconds)


_BATCHES = """
    SELECT model, batch, batches, status, interval, rows, duration_s, started_at, finished_at FROM model_batches
    WHERE run_id = :run AND (:model IS NULL OR model = :model)
    ORDER BY model, batch"""
