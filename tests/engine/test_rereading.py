"""After a run that could not report how it left its environment, the environment is read again."""

import asyncio
import contextlib
from typing import cast

import pytest

from engine.errors import RunroomError, UsageError
from engine.protocol import Refreshed
from engine.refresh import Refresher
from engine.rereading import Rereader
from store.events import EnvironmentState
from store.models import Run
from store.reads import StoreReader
from store.status import RunStatus
from tests.engine.test_queue import run as a_run
from tests.store.making import moment
from tests.support.waiting import until


class Readings:
    """In place of what asks the tool: answers as it is told to, and remembers what it was asked."""

    def __init__(self, *problems: RunroomError) -> None:
        self.asked: list[str | None] = []
        self._problems = list(problems)

    async def refresh(self, project: str | None) -> Refreshed:
        self.asked.append(project)
        if self._problems:
            raise self._problems.pop(0)
        return Refreshed(projects=(project or "",), environments=1)


class States:
    """In place of the record: what is known of environments."""

    def __init__(self, seconds: float | None = None) -> None:
        self._known = {} if seconds is None else {"prod": EnvironmentState(ts=moment(seconds), environment="prod")}

    async def environment_states(self, _: str) -> dict[str, EnvironmentState]:
        return self._known


def stopped(status: RunStatus = RunStatus.CANCELLED, **changes: object) -> Run:
    known = {"tool": "sqlmesh", "project": "mesh", "started_at": moment(10), "finished_at": moment(20)}
    return a_run(1, "prod", "run", status).model_copy(update=known | changes)


async def read_after(readings: Readings, *runs: Run, states: States | None = None) -> list[str | None]:
    """These runs ended, one after the other; which projects were read. Another's end tells that no more is to come."""
    rereader = Rereader(cast(Refresher, readings), cast(StoreReader, states or States(seconds=5)))
    work = asyncio.create_task(rereader.run())
    for number, run in enumerate(runs):
        await rereader.ended(run)
        await rereader.ended(stopped(project=f"other {number}", started_at=moment(100)))
        await until(lambda: f"other {number}" in readings.asked, "the others are read")  # noqa: B023 awaited at once
    work.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await work
    return [project for project in readings.asked if project == "mesh"]


@pytest.mark.parametrize("status", [RunStatus.CANCELLED, RunStatus.ERROR, RunStatus.FAILED])
async def test_a_run_that_could_not_report_has_its_environment_read(status: RunStatus) -> None:
    assert await read_after(Readings(), stopped(status)) == ["mesh"]


@pytest.mark.parametrize(
    "run",
    [
        stopped(tool="dbt"),
        stopped(preview=True),
        stopped(started_at=None),
        stopped(RunStatus.COMPLETED),
    ],
    ids=["dbt", "only shown", "never began", "completed"],
)
async def test_others_left_it_as_is_known(run: Run) -> None:
    assert await read_after(Readings(), run) == []


async def test_what_the_run_has_reported_is_not_read_again() -> None:
    assert await read_after(Readings(), stopped(RunStatus.FAILED), states=States(seconds=15)) == []


async def test_while_another_run_works_the_reading_waits_for_its_end() -> None:
    busy = UsageError("Run #2 works in mesh; it tells of its environment when it is over.")
    assert await read_after(Readings(busy), stopped(), stopped(RunStatus.COMPLETED)) == ["mesh", "mesh"]


async def test_a_reading_that_fails_is_not_tried_for_ever() -> None:
    unreadable = RunroomError("The environments of mesh could not be read.")
    assert await read_after(Readings(unreadable), stopped(), stopped(RunStatus.COMPLETED)) == ["mesh"]
