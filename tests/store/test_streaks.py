"""Since which run a node fails."""

from datetime import timedelta

from store.events import AuditFinished, Interval, ModelFinished
from store.reads import StoreReader
from store.status import AuditStatus, ModelStatus, RunStatus
from store.streaks import FailingSince
from store.writes import StoreWriter
from tests.store.making import BEGIN, finished, happen, moment, request, started

GOOD, BAD, SKIPPED = ModelStatus.SUCCEEDED, ModelStatus.FAILED, ModelStatus.SKIPPED


async def ran(writer: StoreWriter, run_id: int, status: ModelStatus, **changes: object) -> None:
    """A run in which one model ended so."""
    await writer.create_run(request(run_id, **changes))
    ended = ModelFinished(ts=moment(5), model="p.a", status=status)
    await happen(writer, run_id, started(run_id), ended, finished(RunStatus.FAILED))


async def since(reader: StoreReader, run_id: int) -> FailingSince | None:
    found = await reader.failing_since(await reader.run(run_id), models=["p.a"], audits=[])
    return found.get("p.a")


async def test_the_first_failure_behind_the_last_success(writer: StoreWriter, reader: StoreReader) -> None:
    for run_id, status in enumerate((BAD, GOOD, BAD, BAD, BAD), start=1):
        await ran(writer, run_id, status)

    assert await since(reader, 5) == FailingSince(run_id=3, at=moment(3), runs=3, last_good=2)
    assert await since(reader, 4) == FailingSince(run_id=3, at=moment(3), runs=2, last_good=2), "as of that run"


async def test_a_node_that_never_succeeded_has_no_last_good_run(writer: StoreWriter, reader: StoreReader) -> None:
    await ran(writer, 1, BAD)
    await ran(writer, 2, BAD)

    assert await since(reader, 2) == FailingSince(run_id=1, at=moment(1), runs=2, last_good=None)


async def test_a_run_that_skipped_it_says_nothing(writer: StoreWriter, reader: StoreReader) -> None:
    for run_id, status in enumerate((GOOD, BAD, SKIPPED, BAD), start=1):
        await ran(writer, run_id, status)

    assert await since(reader, 4) == FailingSince(run_id=2, at=moment(2), runs=2, last_good=1)


async def test_other_places_do_not_count(writer: StoreWriter, reader: StoreReader) -> None:
    await ran(writer, 1, BAD)
    await ran(writer, 2, GOOD, environment="dev")
    await ran(writer, 3, GOOD, project="other")
    await ran(writer, 4, BAD, job="hourly")

    assert await since(reader, 4) == FailingSince(run_id=1, at=moment(1), runs=2, last_good=None)


async def test_what_did_not_fail_has_no_streak(writer: StoreWriter, reader: StoreReader) -> None:
    await ran(writer, 1, BAD)
    await ran(writer, 2, GOOD)

    assert await since(reader, 2) is None


async def test_an_audit_is_bad_when_one_of_its_intervals_is(writer: StoreWriter, reader: StoreReader) -> None:
    for run_id, worst in enumerate((AuditStatus.PASSED, AuditStatus.FAILED, AuditStatus.ERROR), start=1):
        await writer.create_run(request(run_id))
        ended = [
            AuditFinished(
                ts=moment(day), audit="p.unique", name="unique", status=status,
                interval=Interval(start=BEGIN + timedelta(days=day), end=BEGIN + timedelta(days=day + 1)),
            )
            for day, status in enumerate((worst, AuditStatus.PASSED))
        ]  # fmt: skip
        await happen(writer, run_id, started(run_id), *ended, finished(RunStatus.FAILED))

    found = await reader.failing_since(await reader.run(3), models=[], audits=["p.unique"])

    assert found == {"p.unique": FailingSince(run_id=2, at=moment(2), runs=2, last_good=1)}
