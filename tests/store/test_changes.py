"""Every mutation has its number, and whoever knows a number can ask what changed after it."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from sqlite3 import Row
from typing import TypeVar

import pytest

from store.errors import RunNotFound
from store.events import (
    ArtifactWritten,
    AuditFinished,
    EnvironmentState,
    Interval,
    IntervalInterrupted,
    IntervalRepaired,
    ModelFinished,
    ModelStarted,
)
from store.models import Project
from store.reads import ChangesSince, StoreReader
from store.status import AuditStatus, ModelStatus, RunStatus
from store.writes import StoreWriter
from tests.store.making import BEGIN, finished, finished_run, happen, moment, request, started

T = TypeVar("T")


async def test_every_mutation_takes_the_next_number(writer: StoreWriter, reader: StoreReader) -> None:
    state = EnvironmentState(ts=BEGIN, environment="prod")
    numbers = [
        await writer.sync_workspace("analytics", [Project(name="flights", tool="dbt", path=".")], [], []),
        await writer.create_run(request(1)),
        await writer.create_run(request(2)),
        await writer.set_waiting(2, 1, "waits for #1"),
        await happen(writer, 1, started()),
        await happen(writer, 1, finished()),
        await writer.rename_run(1, "the long one"),
        await writer.record_environments("flights", [state]),
        await writer.delete_run(1),
    ]

    assert numbers == list(range(1, len(numbers) + 1))
    assert await reader.change() == len(numbers)


async def test_what_changed_is_told_and_nothing_else(writer: StoreWriter, reader: StoreReader) -> None:
    await writer.sync_workspace("analytics", [], [], [])
    for number in (1, 2, 3):
        await writer.create_run(request(number))
    seen = await reader.change()
    assert await reader.changes_since(seen) == ChangesSince(seen, (), (), False)

    await happen(writer, 1, started())
    await writer.set_waiting(3, 1, "waits for #1")
    assert await reader.changes_since(seen) == ChangesSince(seen + 2, (1, 3), (), False)
    assert await reader.changes_since(seen + 1) == ChangesSince(seen + 2, (3,), (), False)

    await writer.delete_run(2)
    await writer.sync_workspace("analytics", [], [], [])
    assert await reader.changes_since(seen + 2) == ChangesSince(seen + 4, (), (2,), True)


async def test_everything_is_new_to_who_has_seen_nothing(writer: StoreWriter, reader: StoreReader) -> None:
    await writer.sync_workspace("analytics", [], [], [])
    await writer.create_run(request(1))
    await writer.create_run(request(2))
    await writer.delete_run(1)

    assert await reader.changes_since(0) == ChangesSince(4, (2,), (1,), True)


async def test_only_a_run_that_waits_in_the_queue_can_be_told_for_whom(
    writer: StoreWriter, reader: StoreReader
) -> None:
    await writer.create_run(request(1))
    await happen(writer, 1, started())
    seen = await reader.change()

    await writer.set_waiting(1, 9, "waits for #9")

    run = await reader.run(1)
    assert (run.waits_for, run.status_reason) == (None, None)
    assert (await reader.changes_since(seen)).runs == ()


async def test_a_run_that_is_repaired_has_changed(writer: StoreWriter, reader: StoreReader) -> None:
    interval = Interval(start=BEGIN, end=BEGIN + timedelta(days=1))
    await writer.create_run(request(1))
    await happen(writer, 1, started(), IntervalInterrupted(ts=moment(1), model="m", interval=interval))
    await happen(writer, 1, finished(RunStatus.CANCELLED))
    await writer.create_run(request(2))
    seen = await happen(writer, 2, started())

    await happen(writer, 2, IntervalRepaired(ts=moment(20), run=1, model="m", interval=interval))

    assert (await reader.changes_since(seen)).runs == (1, 2)
    assert [item.repaired_by for item in await reader.interrupted_intervals(1)] == [2]


async def test_what_a_run_says_of_an_environment_changes_the_workspace(
    writer: StoreWriter, reader: StoreReader
) -> None:
    await writer.sync_workspace("analytics", [], [], [])
    await writer.create_run(request(1))
    seen = await happen(writer, 1, started())

    await happen(writer, 1, EnvironmentState(ts=moment(2), environment="prod", models=3))

    assert (await reader.environment_states("flights"))["prod"].models == 3
    assert (await reader.changes_since(seen)).workspace


async def test_models_and_audits_are_asked_for_by_change(writer: StoreWriter, reader: StoreReader) -> None:

    def audit(name: str) -> AuditFinished:
        return AuditFinished(ts=moment(3), audit=f"test.{name}", name=name, status=AuditStatus.PASSED)

    await writer.create_run(request(1))
    await happen(writer, 1, started(), ModelStarted(ts=moment(1), model="p.a"), ModelStarted(ts=moment(1), model="p.b"))
    seen = await happen(writer, 1, audit("first"))

    await happen(writer, 1, ModelFinished(ts=moment(2), model="p.b", status=ModelStatus.SUCCEEDED), audit("second"))

    assert [model.name for model in await reader.models(1, seen)] == ["b"]
    assert [item.name for item in await reader.audits(1, seen)] == ["second"]
    assert len(await reader.models(1)) == len(await reader.audits(1)) == 2


class _Overtaken(StoreReader):
    """A reader that a writer overtakes between two of its statements."""

    meanwhile: Callable[[], object] | None = None

    async def _all(self, make: Callable[[Row], T], sql: str, values: Sequence[object] = ()) -> list[T]:
        found = await super()._all(make, sql, values)
        if self.meanwhile is not None:
            write, self.meanwhile = self.meanwhile, None
            await write()  # type: ignore[misc]
        return found


async def test_a_change_during_the_question_is_not_missed(writer: StoreWriter, reader: StoreReader) -> None:
    await writer.create_run(request(1))
    slow = _Overtaken(reader._connection)
    slow.meanwhile = lambda: writer.rename_run(1, "renamed")

    answer = await slow.changes_since(1)

    assert (await reader.changes_since(answer.change)).runs == (1,)


async def test_a_deleted_run_takes_all_of_its_rows_along(writer: StoreWriter, reader: StoreReader) -> None:
    await finished_run(writer, 1, RunStatus.COMPLETED)
    await happen(writer, 1, ArtifactWritten(ts=moment(9), path="target/manifest.json", kind="manifest", size=2))

    await writer.delete_run(1)

    assert await reader.artifacts(1) == []
    with pytest.raises(RunNotFound, match="#1"):
        await reader.run(1)
    with pytest.raises(RunNotFound, match="#1"):
        await writer.delete_run(1)
    with pytest.raises(RunNotFound, match="#1"):
        await writer.rename_run(1, "gone")


async def test_the_number_of_a_deleted_run_is_not_given_again(writer: StoreWriter) -> None:
    assert await writer.next_run_id() == 1
    await writer.create_run(request(1))
    await writer.delete_run(1)

    assert await writer.next_run_id() == 2
