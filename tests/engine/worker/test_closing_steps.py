"""Steps that put away what the others built: they run however these went, and where the worker broke, later."""

from pathlib import Path

import pytest

from engine.adapters.base import StepContext, StepOutcome
from store.events import RunFinished, StepFinished, StepStarted
from store.status import RunStatus
from tests.engine.worker.executing import SUCCEEDED, MadeUpAdapter, Stage, failing, succeed


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A folder for the run and one for its project."""
    return Stage(tmp_path)


async def marked(context: StepContext) -> StepOutcome:
    """Fails the test unless the run says meanwhile that it is to be put away."""
    assert context.paths.to_put_away.exists()
    return SUCCEEDED


async def broken(context: StepContext) -> StepOutcome:
    """Ends the worker."""
    raise ZeroDivisionError("by zero")


async def test_a_failed_run_is_put_away_and_says_why_it_failed(stage: Stage) -> None:
    ended = await stage.execute(MadeUpAdapter([marked, failing("no"), marked], closing=["third"]))

    assert (ended.status, ended.reason) == (RunStatus.FAILED, "no")
    assert [event.name for event in stage.events if isinstance(event, StepStarted)] == ["first", "second", "third"]
    assert not stage.paths.to_put_away.exists()


async def test_a_run_without_such_steps_leaves_no_trace_of_any(stage: Stage) -> None:
    async def unmarked(context: StepContext) -> StepOutcome:
        assert not context.paths.to_put_away.exists()
        return SUCCEEDED

    assert (await stage.execute(MadeUpAdapter([unmarked]))).status is RunStatus.COMPLETED


async def test_what_a_broken_worker_leaves_is_put_away_later_with_its_checkout(stage: Stage) -> None:
    adapter = MadeUpAdapter([succeed, broken, marked], closing=["third"])
    with pytest.raises(ZeroDivisionError):
        await stage.execute(adapter)
    assert stage.paths.to_put_away.exists()
    stage.paths.checkout.mkdir()

    await stage.put_away(adapter, 3)

    end, begun, done = stage.events[-3:]
    assert isinstance(end, RunFinished)
    assert isinstance(begun, StepStarted)
    assert isinstance(done, StepFinished)
    assert (begun.step, begun.name, begun.log) == (3, "third", "logs/03-third.log")
    assert [event.seq for event in stage.events] == list(range(1, len(stage.events) + 1))
    assert not stage.paths.checkout.exists()


async def test_nothing_is_put_away_where_there_are_no_files_to_build_of(stage: Stage) -> None:
    adapter = MadeUpAdapter([broken, succeed], closing=["second"])
    with pytest.raises(ZeroDivisionError):
        await stage.execute(adapter)
    before = stage.events
    stage.project.rmdir()

    await stage.put_away(adapter, 2)

    assert stage.events == before
