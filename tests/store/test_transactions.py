"""Mutations are whole or not at all, however many tasks write and whenever one of them is cancelled."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiosqlite
import pytest

from store.reads import StoreReader
from store.writes import StoreWriter
from tests.store.making import happen, request, started
from tests.support.dumping import dump


async def test_many_tasks_share_one_writer(writer: StoreWriter, reader: StoreReader) -> None:
    changes = await asyncio.gather(*(writer.create_run(request(number)) for number in range(1, 21)))
    more = await asyncio.gather(*(happen(writer, number, started()) for number in range(1, 21)))

    assert sorted([*changes, *more]) == list(range(1, 41))
    assert [run.pid for run in await reader.active_runs()] == [4711] * 20


class _CancelAt:
    """Cancels the task that sends a statement, as the statement is on its way to the database's own thread."""

    def __init__(self, connection: aiosqlite.Connection, beginning: str) -> None:
        self._execute: Callable[..., Awaitable[Any]] = connection._execute
        self._beginning = beginning
        self.armed = True

    async def __call__(self, function: Callable[..., Any], *arguments: Any) -> Any:
        if self.armed and arguments and str(arguments[0]).startswith(self._beginning):
            self.armed = False
            task = asyncio.current_task()
            assert task is not None
            task.cancel()
        return await self._execute(function, *arguments)


@pytest.mark.parametrize("beginning", ["BEGIN", "UPDATE change_counter", "INSERT INTO runs", "COMMIT"])
async def test_a_cancelled_mutation_leaves_the_writer_usable(
    writer: StoreWriter, reader: StoreReader, database: Path, monkeypatch: pytest.MonkeyPatch, beginning: str
) -> None:
    before = dump(database)
    cancel = _CancelAt(writer._connection, beginning)
    monkeypatch.setattr(writer._connection, "_execute", cancel)

    with pytest.raises(asyncio.CancelledError):
        await asyncio.create_task(_create(writer, 1))
    assert not cancel.armed
    if beginning != "COMMIT":  # That one was too late: the mutation is whole.
        assert dump(database) == before

    await writer.create_run(request(2))
    assert 2 in [run.id for run in await reader.active_runs()]


async def _create(writer: StoreWriter, run_id: int) -> None:
    await writer.create_run(request(run_id))


async def test_who_waits_for_a_cancelled_mutation_gets_its_turn(
    writer: StoreWriter, reader: StoreReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    cancel = _CancelAt(writer._connection, "INSERT INTO runs")
    monkeypatch.setattr(writer._connection, "_execute", cancel)

    results = await asyncio.gather(*(_create(writer, number) for number in range(1, 6)), return_exceptions=True)

    assert [type(result) for result in results] == [asyncio.CancelledError, *[type(None)] * 4]
    assert [run.id for run in await reader.active_runs()] == [2, 3, 4, 5]


async def test_a_failed_mutation_takes_no_change_number(writer: StoreWriter, reader: StoreReader) -> None:
    await writer.create_run(request(1))

    with pytest.raises(aiosqlite.IntegrityError):
        await writer.create_run(request(1))

    assert await reader.change() == 1
    assert await writer.create_run(request(2)) == 2
