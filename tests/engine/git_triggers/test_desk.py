"""Heads that moved are answered once each, whoever tells of them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from engine import supervisor as module
from engine.git_triggers.decide import asked_for
from engine.git_triggers.desk import GitDesk
from engine.git_triggers.heads import Head
from engine.protocol import RerunRun
from engine.rerun import head_again
from engine.run_files import read_request
from store.models import JobPause, Mirror
from store.status import RunStatus
from tests.engine.played_engine import PlayedEngine, job
from tests.engine.played_worker import PlayedWorkers, finish
from tests.engine.test_queue import run as ended_run
from tests.store.making import BEGIN, request

REQUEST = "refs/pull/7/head"
DELIVER, CHECK = job("deliver", type="merge"), job("check", "dev", type="ci")


def main_at(commit: str) -> Head:
    return Head("flights", "refs/heads/main", commit)


def request_at(commit: str) -> Head:
    return Head("flights", REQUEST, commit)


@pytest.fixture
async def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PlayedEngine]:
    """An engine with a merge job for `main` and a ci job."""
    workers = PlayedWorkers()
    monkeypatch.setattr(module, "start_worker", workers)
    engine = PlayedEngine(tmp_path, workers, jobs=(DELIVER, CHECK), branch="main")
    await engine.start()
    yield engine
    await engine.stop()
    workers.end()


@pytest.fixture
def desk(engine: PlayedEngine) -> GitDesk:
    """The desk of that engine."""
    return GitDesk(engine.supervisor, engine.writer, engine.reader)


async def test_a_head_that_is_told_twice_starts_one_run(desk: GitDesk) -> None:
    first = await desk.moved(main_at("c1"))
    assert [(run.job, run.trigger) for run in first] == [("deliver", "merge")]
    assert await desk.moved(main_at("c1")) == ()


async def test_a_head_that_comes_back_is_a_new_push(engine: PlayedEngine, desk: GitDesk) -> None:
    for commit in ("c1", "c2", "c1"):
        (run,) = await desk.moved(main_at(commit))
        finish(engine.paths.run(run.id))
        await engine.when(run.id, RunStatus.COMPLETED)


async def test_pushes_to_a_branch_are_all_delivered_in_their_order(engine: PlayedEngine, desk: GitDesk) -> None:
    (first,) = await desk.moved(main_at("c1"))
    (second,) = await desk.moved(main_at("c2"))

    assert second.waits_for == first.id
    finish(engine.paths.run(first.id))
    await engine.when(first.id, RunStatus.COMPLETED)
    await engine.when(second.id, RunStatus.RUNNING)


async def test_a_newer_push_to_a_request_stops_its_older_run(engine: PlayedEngine, desk: GitDesk) -> None:
    (other,) = await desk.moved(Head("flights", "refs/pull/8/head", "c8"))
    finish(engine.paths.run(other.id))
    await engine.when(other.id, RunStatus.COMPLETED)
    (older,) = await desk.moved(request_at("c1"))
    await engine.when(older.id, RunStatus.RUNNING)

    (newer,) = await desk.moved(request_at("c2"))

    stopped = await engine.when(older.id, RunStatus.CANCELLED)
    assert stopped.status_reason == "stopped by a newer push to pull/7"
    assert (newer.trigger, newer.trigger_note) == ("pull_request", "pull/7 at c2")
    await engine.when(newer.id, RunStatus.RUNNING)


async def test_a_request_that_is_closed_has_its_run_stopped(engine: PlayedEngine, desk: GitDesk) -> None:
    (run,) = await desk.moved(request_at("c1"))
    await engine.when(run.id, RunStatus.RUNNING)

    await desk.gone("flights", REQUEST)

    await engine.when(run.id, RunStatus.CANCELLED)
    assert await engine.reader.git.heads("flights") == {}


async def test_what_an_engine_began_before_it_died_is_not_begun_again(engine: PlayedEngine, desk: GitDesk) -> None:
    """It recorded the run, and died before it remembered the head."""
    await engine.supervisor.request_run(*asked_for(DELIVER, main_at("c1")))

    assert await desk.moved(main_at("c1")) == ()

    assert await engine.reader.git.heads("flights") == {"refs/heads/main": "c1"}


async def test_a_paused_job_is_not_started(engine: PlayedEngine, desk: GitDesk) -> None:
    pause = JobPause(project="flights", job="deliver", reason="freeze", author="anna", paused_at=BEGIN)
    await engine.writer.pause_job(pause)
    assert await desk.moved(main_at("c1")) == ()


@pytest.mark.parametrize("head", [Head("flights", REQUEST, "c1"), Head("flights", "refs/heads/main", "c1")])
async def test_run_again_it_is_for_the_same_head(engine: PlayedEngine, desk: GitDesk, head: Head) -> None:
    (run,) = await desk.moved(head)
    finish(engine.paths.run(run.id))
    await engine.when(run.id, RunStatus.COMPLETED)

    again = await engine.supervisor.rerun(run.id, RerunRun(author="anna"))

    assert read_request(engine.paths.run(again.id)).head == head.recorded
    assert again.branch == run.branch == ("pull/7" if head.ref == REQUEST else "main")


@pytest.mark.parametrize(("job_type", "kept"), [("merge", False), ("ci", True)])
def test_the_branch_of_a_git_project_is_taken_as_it_is_now(job_type: str, kept: bool) -> None:
    mirror = Mirror(url="git@example.org:flights.git", folder="/mirror", checkout="/projects/flights")
    former = request(1, job_type=job_type, head=request_at("c1").recorded, mirror=mirror)
    run = ended_run(1, "prod", "deliver", RunStatus.FAILED).model_copy(update={"job_type": job_type})

    assert head_again(run, former) == (former.head if kept else None)
