"""What the disk refuses in the middle of a deed leaves nothing half-done, and is said in one sentence."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from engine import supervisor as module
from engine.errors import RunroomError
from engine.protocol import PinJob, StartRun
from engine.triage.desk import TriageDesk
from engine.version_desk import VersionDesk
from engine.versions.recording import record_run
from engine.versions.repository import VersionRepository
from store.errors import RunNotFound
from store.events import VersionRecorded
from store.status import RunStatus
from store.writes import JournalEntry
from tests.engine.played_engine import PlayedEngine
from tests.engine.played_worker import PlayedWorkers, finish


@pytest_asyncio.fixture
async def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PlayedEngine]:
    """With a run that is over."""
    workers = PlayedWorkers()
    monkeypatch.setattr(module, "start_worker", workers)
    played = PlayedEngine(tmp_path, workers)
    await played.start()
    try:
        await played.supervisor.request_run(StartRun(job="nightly"))
        finish(played.paths.run(1), "failed")
        await played.when(1, RunStatus.FAILED)
        yield played
    finally:
        await played.stop()
        workers.end()


def desk_of(engine: PlayedEngine) -> TriageDesk:
    return TriageDesk(engine.paths, engine.writer, engine.reader, engine.hub, engine.clock)


async def test_a_run_whose_files_cannot_be_moved_is_not_deleted(engine: PlayedEngine) -> None:
    desk, files = desk_of(engine), engine.paths.run(1)
    before = sorted(files.folder.rglob("*"))
    engine.paths.deleted.write_text("a file where the folder of deleted runs would be")
    with pytest.raises(RunroomError, match=r"^#1 was not deleted: "):
        await desk.delete(1, "anna")
    assert (await engine.reader.run(1)).status is RunStatus.FAILED
    assert sorted(files.folder.rglob("*")) == before
    assert [each.action for each in await engine.reader.triage.actions(9, 1)].count("delete") == 0
    engine.paths.deleted.unlink()
    await desk.delete(1, "anna")
    with pytest.raises(RunNotFound):
        await engine.reader.run(1)
    assert (await desk.undelete(1, "anna")).status is RunStatus.FAILED
    assert sorted(set(before) - set(files.folder.rglob("*"))) == []


async def test_a_run_that_the_store_does_not_let_go_keeps_its_files(
    engine: PlayedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(run_id: int) -> int:
        raise RunNotFound(f"#{run_id} went meanwhile.")

    monkeypatch.setattr(engine.writer, "delete_run", refuse)
    with pytest.raises(RunNotFound):
        await desk_of(engine).delete(1, "anna")
    assert engine.paths.run(1).request.is_file()


async def test_a_run_whose_request_cannot_be_written_keeps_its_name(engine: PlayedEngine) -> None:
    request = engine.paths.run(1).request
    request.with_suffix(".partial").mkdir()
    with pytest.raises(RunroomError, match=r"^#1 was not renamed: .*run\.partial: Is a directory\.$"):
        await engine.supervisor.rename(1, "another name")
    assert (await engine.reader.run(1)).name == "nightly"
    assert '"another name"' not in request.read_text()


async def test_no_job_is_written_whose_files_cannot_be_kept(
    engine: PlayedEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "a.sql").write_text("select 1\n")
    version = (await record_run(VersionRepository(engine.paths.versions), project, 1)).version
    position = await engine.writer.journal_position(1)
    event = VersionRecorded(ts=engine.clock(), seq=position.seq + 1, version=version)
    await engine.writer.apply(1, [JournalEntry(position.offset + 1, event)], position.offset + 1)

    async def note(*_: object) -> None:
        """Nobody keeps what was done."""

    desk = VersionDesk(
        lambda: engine.supervisor.workspace, engine.reader, engine.supervisor.reserve, note, engine.clock
    )
    with monkeypatch.context() as without_git:
        without_git.setenv("PATH", str(project))
        with pytest.raises(RunroomError, match=r"^The job was not created: git is not there: install it"):
            await desk.pin(1, PinJob(name="again"))
        assert not engine.paths.configuration.exists()
    await desk.pin(1, PinJob(name="again"))
    assert version in engine.paths.configuration.read_text()
