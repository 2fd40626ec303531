"""Edits of `runroom.toml` under a running engine: taken up as they are saved; a wrong one is told, not obeyed."""

from collections.abc import Callable

import pytest

from engine.client.api import EngineClient
from engine.client.launch import ensure_engine
from engine.protocol import Hello
from store.filters import RunFilter
from store.models import Job
from store.reads import StoreReader
from tests.integration.dbt.projects import write_project
from tests.support.live_workspace import LiveWorkspace
from tests.support.waiting import until

pytestmark = pytest.mark.timeout(120)

TICK = '[jobs.tick]\nenvironment = "dev"\nsteps = ["nothing"]\nevery = "{every}"\n'


async def until_said(client: EngineClient, holds: Callable[[Hello], bool], what: str) -> None:
    async def look() -> bool:
        return holds(await client.hello())

    await until(look, what, 20)


async def tick(live: LiveWorkspace) -> Job:
    async with StoreReader.open(live.paths.database) as reader:
        return next(job for job in await reader.jobs() if job.name == "tick")


async def fired(live: LiveWorkspace) -> int:
    async with StoreReader.open(live.paths.database) as reader:
        return await reader.count_runs(RunFilter(job="tick", triggers=frozenset({"schedule"})))


async def test_an_edit_is_taken_up_and_a_wrong_one_leaves_the_last_good_in_force(live: LiveWorkspace) -> None:
    write_project(live.folder)
    live.paths.configuration.write_text(TICK.format(every="1h"))
    async with await ensure_engine(live.folder) as client:
        assert (await client.hello()).configuration_problem is None

        live.paths.configuration.write_text(TICK.format(every="1d") + "shedule = 1\n")
        await until_said(client, lambda said: said.configuration_problem is not None, "the mistake is told")
        said = (await client.hello()).configuration_problem or ""
        assert f"{live.paths.configuration}: jobs.tick.shedule is not a known key" in said
        assert (await tick(live)).every_s == 3600

        live.paths.configuration.write_text(TICK.format(every="1s"))
        await until_said(client, lambda said: said.configuration_problem is None, "it is mended")
        assert (await tick(live)).every_s == 1

        async def has_fired() -> bool:
            return await fired(live) > 0

        await until(has_fired, "the new schedule fires", 20)


async def test_an_engine_that_starts_under_a_wrong_file_keeps_the_schedules_of_the_last_good_one(
    live: LiveWorkspace,
) -> None:
    write_project(live.folder)
    live.paths.configuration.write_text(TICK.format(every="1s"))
    async with await ensure_engine(live.folder):
        pass
    await live.kill_engine()
    live.paths.configuration.write_text("[jobs\n")
    known = await fired(live)

    async with await ensure_engine(live.folder) as client:
        assert "is no valid TOML" in ((await client.hello()).configuration_problem or "")

        async def has_fired() -> bool:
            return await fired(live) > known

        await until(has_fired, "the old schedule fires", 20)
