"""What the engine does with a run whose worker is gone."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from engine.follower import Road, close_journal, follow
from engine.git import add_worktree
from engine.journal import Journal
from engine.redaction import Redactor
from store.clock import system_clock
from store.events import AnyEvent, Notice, parse_event
from store.paths import RunPaths
from store.reads import StoreReader
from store.status import RunStatus
from store.writes import StoreWriter
from tests.store.making import finished, moment, request, started
from tests.support.repositories import git, make_repository


@pytest.fixture
async def road(tmp_path: Path) -> AsyncIterator[Road]:
    """A store with run #1, and nobody who listens."""
    async with AsyncExitStack() as stack:
        writer = await stack.enter_async_context(StoreWriter.open(tmp_path / "store.db"))
        await writer.create_run(request(1))
        reader = await stack.enter_async_context(StoreReader.open(tmp_path / "store.db"))
        yield Road(writer, reader, system_clock, lambda change, run_id: None)


@pytest.fixture
def paths(tmp_path: Path) -> RunPaths:
    """The files of run #1."""
    found = RunPaths(tmp_path / "runs" / "1")
    found.folder.mkdir(parents=True)
    return found


def write(paths: RunPaths, *found: AnyEvent) -> None:
    with Journal(paths.journal, Redactor({})) as journal:
        for event in found:
            journal.append(event)


async def test_what_a_worker_wrote_before_it_died_is_kept(road: Road, paths: RunPaths) -> None:
    write(paths, started(), Notice(ts=moment(1), text="I was here"))

    await follow(road, 1, paths)

    run = await road.reader.run(1)
    assert (run.status, run.status_reason) == (RunStatus.ERROR, "worker disappeared before the run was over")
    assert [notice.text for notice in await road.reader.notices(1)] == ["I was here"]
    last = parse_event(paths.journal.read_bytes().splitlines()[-1])
    assert (last.type, last.seq) == ("run.finished", 3)


async def test_a_worker_that_came_to_its_end_is_not_missed(road: Road, paths: RunPaths) -> None:
    write(paths, started(), finished())

    await follow(road, 1, paths)

    assert (await road.reader.run(1)).status is RunStatus.COMPLETED
    assert len(paths.journal.read_bytes().splitlines()) == 2


async def test_a_worker_that_said_nothing_is_an_error_too(road: Road, paths: RunPaths) -> None:
    paths.worker_log.write_text("Traceback …\nImportError: no module\n\n", encoding="utf-8")

    await follow(road, 1, paths)

    reason = (await road.reader.run(1)).status_reason
    assert reason == "worker disappeared before the run was over: ImportError: no module"


async def test_the_checkout_of_a_lost_worker_is_taken_away(road: Road, paths: RunPaths, tmp_path: Path) -> None:
    repository = tmp_path / "project"
    sha = make_repository(repository, {"model.sql": "select 1"})
    await add_worktree(repository, paths.checkout, sha)
    write(paths, started())

    await follow(road, 1, paths)

    assert not paths.checkout.exists()
    assert git(repository, "worktree", "list").count("\n") == 0


async def test_a_checkout_that_cannot_be_taken_away_does_not_keep_the_run_open(road: Road, paths: RunPaths) -> None:
    paths.checkout.mkdir()
    write(paths, started())

    await follow(road, 1, paths)

    assert (await road.reader.run(1)).status is RunStatus.ERROR


async def test_a_run_whose_files_are_gone_still_ends(road: Road, paths: RunPaths) -> None:
    write(paths, started())
    await close_journal(road, 1, paths, finished(RunStatus.COMPLETED))
    await road.writer.create_run(request(2))
    files = RunPaths(paths.folder.parent / "2")

    await close_journal(road, 2, files, finished(RunStatus.CANCELLED))

    assert (await road.reader.run(2)).status is RunStatus.CANCELLED
    assert files.journal.exists()
