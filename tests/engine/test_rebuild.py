"""The store made again from the journals says what it said."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.ingest import ingest
from engine.journal import Journal
from engine.rebuild import rebuild, recorded_runs, set_aside
from engine.redaction import Redactor
from store.events import AnyEvent
from store.models import RunRequest
from store.paths import WorkspacePaths
from store.reads import StoreReader
from store.status import RunStatus
from store.writes import StoreWriter
from tests.simulated_run import Scenario, run_events
from tests.store.making import BEGIN, finished, moment, request, started, stopping
from tests.support.dumping import dump

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ERROR = "Runtime Error\n  Binder Error: no such column"


@pytest.fixture
def paths(tmp_path: Path) -> WorkspacePaths:
    """A workspace without a record."""
    return WorkspacePaths(tmp_path)


async def record(writer: StoreWriter, paths: WorkspacePaths, wanted: RunRequest, found: list[AnyEvent]) -> None:
    """A run as it comes to be: its request, its row, its journal."""
    files = paths.run(wanted.id)
    files.folder.mkdir(parents=True)
    files.request.write_text(wanted.model_dump_json(), encoding="utf-8")
    await writer.create_run(wanted)
    with Journal(files.journal, Redactor({})) as journal:
        for event in found:
            journal.append(event)
    await ingest(writer, wanted.id, files.journal, lambda: NOW)


async def test_the_store_is_what_it_was(paths: WorkspacePaths) -> None:
    paths.runs.mkdir(parents=True)
    async with StoreWriter.open(paths.database) as writer:
        await record(writer, paths, request(1), run_events(Scenario(BEGIN, errors={"int_delays": ERROR})))
        await record(writer, paths, request(2, trigger="rerun", rerun_of=1), run_events(Scenario(BEGIN, warns=False)))
        await record(writer, paths, request(4, job=None), [started(), stopping(), finished(RunStatus.CANCELLED)])
        skipped = finished(RunStatus.SKIPPED, reason="#4 was still running").model_copy(update={"collided_with": 4})
        await record(writer, paths, request(5), [skipped])
        await record(writer, paths, request(6), [started()])
        await record(writer, paths, request(7), [])
    before = dump(paths.database)
    set_aside(paths.database)
    assert not paths.database.exists()

    rebuilt = await rebuild(paths, lambda: NOW)

    assert dump(paths.database) == before
    assert (rebuilt.runs, rebuilt.notices) == (6, ())
    assert rebuilt.events == sum(len(paths.run(n).journal.read_bytes().splitlines()) for n in (1, 2, 4, 5, 6, 7))


async def test_a_run_whose_request_cannot_be_read_is_named_and_left_out(paths: WorkspacePaths) -> None:
    for number, content in ((1, "not json"), (2, request(2).model_dump_json()), (3, request(8).model_dump_json())):
        paths.run(number).folder.mkdir(parents=True)
        paths.run(number).request.write_text(content, encoding="utf-8")
    paths.run(5).folder.mkdir()

    rebuilt = await rebuild(paths, lambda: NOW)

    assert rebuilt.runs == 1
    assert [notice.split(" is left out")[0] for notice in rebuilt.notices] == ["run #1", "run #3", "run #5"]
    assert "another run, #8" in rebuilt.notices[1]
    async with StoreReader.open(paths.database) as reader:
        assert [run.id for run in await reader.active_runs()] == [2]


async def test_the_number_of_a_run_that_was_left_out_is_not_given_again(paths: WorkspacePaths) -> None:
    """Its files are still there, and another run must not write into them."""
    paths.run(9).folder.mkdir(parents=True)
    await rebuild(paths, lambda: NOW)

    async with StoreWriter.open(paths.database) as writer:
        assert await writer.next_run_id() == 10


async def test_a_store_that_was_set_aside_can_still_be_read(paths: WorkspacePaths) -> None:
    paths.record.mkdir()
    async with StoreWriter.open(paths.database) as writer:
        await writer.create_run(request(1, created_at=moment(0)))
        set_aside(paths.database)

    aside = paths.database.with_name("store.db.aside")
    async with StoreReader.open(aside) as reader:
        assert [run.id for run in await reader.active_runs()] == [1]
    assert not paths.database.exists()


def test_only_folders_with_a_number_are_runs(paths: WorkspacePaths) -> None:
    assert recorded_runs(paths) == []
    for name in ("10", "9", "notes", "-1"):
        (paths.runs / name).mkdir(parents=True)

    assert recorded_runs(paths) == [9, 10]
