"""What is usual: medians of past successes, in the same place and before the run in question."""

from pathlib import Path
from typing import Any

import aiosqlite
import pytest

from store.events import ModelFinished, ModelQueued
from store.history import _MODELS, _RUNS, SAMPLES, PastExecution
from store.models import RunOptions
from store.reads import StoreReader
from store.status import ModelStatus, RunStatus
from store.writes import StoreWriter
from tests.store.making import finished, happen, moment, request, started

_TABLES = {"runs", "model_executions"}
_VALUES = {
    "place": "flights/prod", "project": "flights", "environment": "prod", "job": "nightly", "kind": "run", "run": 9,
    "samples": 10, "looked_at": 500,
}  # fmt: skip


async def past(
    writer: StoreWriter,
    run_id: int,
    seconds: float,
    status: ModelStatus = ModelStatus.SUCCEEDED,
    ends: RunStatus = RunStatus.COMPLETED,
    model: str = "p.a",
    batches: int | None = None,
    **changes: Any,
) -> None:
    """A run in which one model took so long."""
    await writer.create_run(request(run_id, **changes))
    await happen(
        writer, run_id, started(),
        ModelQueued(ts=moment(0), model=model, batches=batches),
        ModelFinished(ts=moment(seconds), model=model, status=status, duration_s=seconds, rows=run_id),
        finished(ends, seconds),
    )  # fmt: skip


async def test_nothing_is_usual_at_first(writer: StoreWriter, reader: StoreReader) -> None:
    await past(writer, 1, 5)

    usual = await reader.usual_durations(await reader.run(1))

    assert (usual.models, usual.run_s) == ({}, None)


async def test_the_median_of_what_went_well_before(writer: StoreWriter, reader: StoreReader) -> None:
    await past(writer, 1, 10)
    await past(writer, 2, 20)
    await past(writer, 3, 90, ModelStatus.FAILED, RunStatus.FAILED)
    await past(writer, 4, 60, ends=RunStatus.PARTIAL)
    await past(writer, 5, 1, environment="dev")
    await past(writer, 6, 500, job="hourly")
    await past(writer, 7, 7)
    await past(writer, 8, 1000)

    usual = await reader.usual_durations(await reader.run(7))

    assert usual.models == {"p.a": pytest.approx((20 + 60) / 2)}, (
        "another job's run in the same place counts for a model"
    )
    assert usual.run_s == pytest.approx(20), "but not for the run"


async def test_only_the_last_successes_count(writer: StoreWriter, reader: StoreReader) -> None:
    await past(writer, 1, 1000)
    for number in range(2, SAMPLES + 2):
        await past(writer, number, 3)
    await past(writer, SAMPLES + 2, 1)

    usual = await reader.usual_durations(await reader.run(SAMPLES + 2))

    assert (usual.models, usual.run_s) == ({"p.a": 3}, 3)


async def test_a_nightly_model_is_found_behind_many_runs_of_others(writer: StoreWriter, reader: StoreReader) -> None:
    await past(writer, 1, 90)
    for number in range(2, 70):
        await past(writer, number, 1, model="p.b", job="every_5_minutes")
    await writer.create_run(request(70))

    usual = await reader.usual_durations(await reader.run(70))

    assert usual.models == {"p.a": 90, "p.b": 1}


async def test_what_is_built_in_batches_is_usual_by_the_batch(writer: StoreWriter, reader: StoreReader) -> None:
    await past(writer, 1, 40, batches=4)
    await past(writer, 2, 12)
    await writer.create_run(request(3))
    await happen(writer, 3, started(), ModelQueued(ts=moment(0), model="p.a", batches=1))

    usual = await reader.usual_durations(await reader.run(3))
    (model,) = await reader.models(3)

    assert usual.of(model) == pytest.approx((10 + 12) / 2)
    assert usual.of(model.model_copy(update={"batches": None})) == pytest.approx((40 + 12) / 2)


@pytest.mark.parametrize(
    "changes",
    [
        {"options": RunOptions(select=("p.a",))},
        {"options": RunOptions(full_refresh=True)},
        {"options": RunOptions(repair_of=1)},
        {"kind": "plan", "options": RunOptions(apply=True)},
    ],
)
async def test_only_runs_that_had_the_same_to_do_tell_how_long_a_run_takes(
    writer: StoreWriter, reader: StoreReader, changes: dict[str, Any]
) -> None:
    await past(writer, 1, 30)
    await past(writer, 2, 2, **changes)
    await writer.create_run(request(3))
    await writer.create_run(request(4, **changes))

    assert (await reader.usual_durations(await reader.run(3))).run_s == 30
    assert (await reader.usual_durations(await reader.run(4))).run_s == 2


async def test_a_run_that_built_nothing_tells_nothing(writer: StoreWriter, reader: StoreReader) -> None:
    await past(writer, 1, 30)
    await writer.create_run(request(2))
    await happen(writer, 2, started(), finished(seconds=1))
    await writer.create_run(request(3))

    assert (await reader.usual_durations(await reader.run(3))).run_s == 30


async def test_the_past_is_found_by_index(database: Path, writer: StoreWriter) -> None:
    async with aiosqlite.connect(database) as connection:
        for query in (_MODELS, _RUNS):
            async with connection.execute(f"EXPLAIN QUERY PLAN {query}", _VALUES) as cursor:
                steps = [str(row[3]) for row in await cursor.fetchall()]
            assert not [step for step in steps if step.startswith("SCAN") and step.split()[1] in _TABLES], steps


async def test_how_a_model_fared_lately(writer: StoreWriter, reader: StoreReader) -> None:
    await past(writer, 1, 4)
    await past(writer, 2, 5, ModelStatus.FAILED, RunStatus.FAILED)
    await past(writer, 3, 6, environment="dev")
    await past(writer, 4, 7)
    await past(writer, 5, 8)

    found = await reader.past_executions(await reader.run(4), "p.a", limit=2)

    assert found == [
        PastExecution(run_id=4, status=ModelStatus.SUCCEEDED, started_at=None, duration_s=7, rows=4),
        PastExecution(run_id=2, status=ModelStatus.FAILED, started_at=None, duration_s=5, rows=2),
    ]
