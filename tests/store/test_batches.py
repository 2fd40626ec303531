"""The batches of a model are kept, one by one."""

import pytest

from store import events
from store.reads import StoreReader
from store.status import ModelStatus, RunStatus
from store.writes import StoreWriter
from tests.store.making import BEGIN, finished, happen, moment, request, started

DAY = 86_400


def day(number: int) -> events.Interval:
    return events.Interval(start=moment(number * DAY), end=moment((number + 1) * DAY))


def progress(batch: int, ended: bool = True) -> events.ModelProgress:
    """A batch of three that began, or ended."""
    said = {"rows": 10 * batch, "duration_s": 1.5} if ended else {}
    return events.ModelProgress.model_validate(
        {"ts": moment(batch), "model": "p.a", "batch": batch, "batches": 3, "interval": day(batch), "finished": ended}
        | said
    )


async def stopped(writer: StoreWriter, *told: events.AnyEvent) -> None:
    await writer.create_run(request(1))
    await happen(writer, 1, started(), progress(1, ended=False), progress(1), progress(2, ended=False), *told)


async def test_each_batch_has_its_interval_rows_and_duration(writer: StoreWriter, reader: StoreReader) -> None:
    await stopped(writer)

    first, second = (await reader.batches(1))["p.a"]

    assert (first.number, first.of, first.status, first.interval) == (1, 3, ModelStatus.SUCCEEDED, day(1))
    assert (first.rows, first.duration_s, first.started_at, first.finished_at) == (10, 1.5, moment(1), moment(1))
    assert (second.status, second.rows, second.finished_at) == (ModelStatus.RUNNING, None, None)
    assert await reader.batches(1, "p.b") == {}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (events.ModelFinished(ts=BEGIN, model="p.a", status=ModelStatus.FAILED), ModelStatus.FAILED),
        (finished(RunStatus.CANCELLED), ModelStatus.CANCELLED),
        (finished(RunStatus.FAILED), ModelStatus.FAILED),
    ],
)
async def test_a_batch_ends_with_its_model_and_its_run(
    writer: StoreWriter, reader: StoreReader, told: events.AnyEvent, expected: ModelStatus
) -> None:
    await stopped(writer, told)

    assert [batch.status for batch in (await reader.batches(1))["p.a"]] == [ModelStatus.SUCCEEDED, expected]
