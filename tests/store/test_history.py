"""What is usual: medians of past successes, in the same place and before the run in question."""

import pytest

from store.events import ModelFinished
from store.history import SAMPLES, PastExecution
from store.reads import StoreReader
from store.status import ModelStatus, RunStatus
from store.writes import StoreWriter
from tests.store.making import finished, happen, moment, request, started


async def past(
    writer: StoreWriter,
    run_id: int,
    seconds: float,
    status: ModelStatus = ModelStatus.SUCCEEDED,
    ends: RunStatus = RunStatus.COMPLETED,
    **changes: object,
) -> None:
    """A run in which one model took so long."""
    await writer.create_run(request(run_id, **changes))
    await happen(
        writer, run_id, started(),
        ModelFinished(ts=moment(seconds), model="p.a", status=status, duration_s=seconds, rows=run_id),
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
