"""While a project is reserved, none of its runs begins."""

import pytest

from engine.errors import UsageError
from engine.protocol import StartRun
from store.status import RunStatus
from tests.engine.played_engine import PlayedEngine
from tests.engine.test_supervisor import engine
from tests.support.waiting import until

__all__ = ["engine"]


async def test_a_run_waits_until_the_project_is_free(engine: PlayedEngine) -> None:
    async with engine.supervisor.reserve("flights"):
        run = await engine.supervisor.request_run(StartRun(job="nightly"))
        assert run.status is RunStatus.QUEUED
        await engine.supervisor.advance()
        assert (await engine.reader.run(run.id)).status is RunStatus.QUEUED
        assert not engine.workers.started

    await until(lambda: bool(engine.workers.started), "the run has begun")


async def test_a_project_in_use_is_not_to_be_had(engine: PlayedEngine) -> None:
    await engine.supervisor.request_run(StartRun(job="nightly"))

    with pytest.raises(UsageError, match="works in flights; its files can be restored when it is over"):
        async with engine.supervisor.reserve("flights", "its files can be restored"):
            pass
