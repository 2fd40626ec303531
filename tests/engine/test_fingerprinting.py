"""An engine on a store of before there were fingerprints catches up, and tells everyone."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from engine.fingerprinting import catch_up_with_failures
from engine.hub import Hub
from store.events import ModelFinished
from store.reads import StoreReader
from store.status import ModelStatus, RunStatus
from store.writes import StoreWriter
from tests.store.making import finished, happen, moment, request, started

RUNS = 45


async def test_former_failures_get_their_causes_a_few_runs_at_a_time(tmp_path: Path) -> None:
    database = tmp_path / "store.db"
    hub = Hub()
    async with StoreWriter.open(database) as writer, StoreReader.open(database) as reader, hub.subscribe() as news:
        for run_id in range(1, RUNS + 1):
            await writer.create_run(request(run_id))
            broken = ModelFinished(ts=moment(2), model="model.p.a", status=ModelStatus.FAILED, error="IO Error: full")
            await happen(writer, run_id, started(), broken, finished(RunStatus.FAILED))
        with closing(sqlite3.connect(database)) as connection, connection:
            connection.execute("DELETE FROM failures")
            connection.execute("INSERT INTO runs_without_fingerprints SELECT id FROM runs")

        await catch_up_with_failures(writer, hub)

        [cause] = await reader.causes(1)
        assert (cause.pattern, cause.runs, cause.last.run_id) == ("IO Error: full", RUNS, RUNS)
        told = await asyncio.wait_for(news.next(), timeout=10)
        assert set(told.runs) == set(range(1, RUNS + 1))
        before = await reader.change()
        await catch_up_with_failures(writer, hub)
        assert await reader.change() == before + 1, "one look, and nothing to do"
