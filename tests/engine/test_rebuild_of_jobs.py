"""What the record knows of jobs, after it was lost: pauses hold, nothing that ended is followed again."""

from datetime import timedelta
from pathlib import Path

import pytest

from engine import supervisor as module
from engine.job_desk import JobDesk
from engine.origin import Origin
from engine.pause_trail import open_pauses
from engine.protocol import PauseJob, ResumeJob, StartRun
from engine.rebuild import rebuild, set_aside
from store.clock import system_clock
from store.reads import StoreReader
from store.status import RunStatus
from tests.engine.played_engine import PlayedEngine, job
from tests.engine.played_worker import PlayedWorkers, finish


async def test_pauses_and_retries_outlive_the_store_and_ended_runs_stay_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers = PlayedWorkers()
    monkeypatch.setattr(module, "start_worker", workers)
    engine = PlayedEngine(tmp_path, workers, [job("nightly"), job("hourly"), job("weekly")])
    await engine.start()
    try:
        desk = JobDesk(
            lambda: engine.supervisor.workspace, engine.writer, engine.reader, engine.hub, engine.clock, lambda: None
        )
        for name in ("nightly", "hourly"):
            await desk.pause(PauseJob(job=name, reason="moved", author="anna"))
        await desk.pause(PauseJob(job="nightly", reason="still being moved", author="ben"))
        await desk.resume(ResumeJob(job="hourly"))
        await engine.supervisor.request_run(StartRun(job="weekly"))
        finish(engine.paths.run(1), "failed")
        await engine.when(1, RunStatus.FAILED)
        tomorrow = system_clock() + timedelta(days=1)
        await engine.supervisor.request_run(StartRun(job="weekly"), Origin(rerun_of=1, attempt=2, starts_at=tomorrow))
        before = await engine.reader.paused_jobs()
    finally:
        await engine.stop()
        workers.end()

    set_aside(engine.paths.database)
    await rebuild(engine.paths, system_clock)

    async with StoreReader.open(engine.paths.database) as reader:
        assert await reader.paused_jobs() == before
        assert await reader.ended_unfollowed() == []
        retry = await reader.run(2)
    assert (retry.status, retry.starts_at, retry.attempt) == (RunStatus.SCHEDULED, tomorrow, 2)


def test_a_line_that_cannot_be_read_hides_no_pause(tmp_path: Path) -> None:
    trail = tmp_path / "pauses.jsonl"
    assert open_pauses(trail) == []
    trail.write_text(
        '{"v":1,"ts":"2026-11-21T03:00:00Z","project":"flights","job":"nightly","reason":"moved"}\n{"ts":\n\xff\n'
    )
    (pause,) = open_pauses(trail)
    assert (pause.job, pause.reason, pause.author) == ("nightly", "moved", None)
