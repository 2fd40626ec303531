"""What is usual, out of what was."""

from pathlib import Path

import pytest

from store.history import SAMPLES, UsualDurations
from store.models import Run
from store.reads import StoreReader
from store.status import ModelStatus
from tests.worlds import World, build_world

DELAYS = "model.flights.int_delays"


@pytest.fixture
async def world(tmp_path: Path) -> World:
    """Two weeks of nights, a good run by hand, and one that failed."""
    return await build_world("failed", tmp_path)


async def usual_before(world: World, role: str) -> tuple[Run, UsualDurations]:
    async with StoreReader.open(world.paths.database) as reader:
        run = await reader.run(world.runs[role])
        return run, await reader.usual_durations(run)


async def test_is_the_median_of_the_last_successes(world: World) -> None:
    run, usual = await usual_before(world, "failed")
    async with StoreReader.open(world.paths.database) as reader:
        past = await reader.past_executions(run, DELAYS, limit=100)
    durations = sorted(
        item.duration_s or 0.0 for item in [item for item in past if item.status is ModelStatus.SUCCEEDED][:SAMPLES]
    )
    assert len(durations) == SAMPLES
    assert usual.models[DELAYS] == pytest.approx((durations[4] + durations[5]) / 2)


async def test_does_not_know_what_comes_later(world: World) -> None:
    _, first = await usual_before(world, "night-14")
    assert first == UsualDurations()


async def test_keeps_environments_apart(world: World) -> None:
    _, usual = await usual_before(world, "check")
    assert usual == UsualDurations()


async def test_the_past_of_a_model_is_newest_first_and_has_its_failure(world: World) -> None:
    async with StoreReader.open(world.paths.database) as reader:
        run = await reader.run(world.runs["failed"])
        past = await reader.past_executions(run, DELAYS)
    assert [item.run_id for item in past] == sorted((item.run_id for item in past), reverse=True)
    assert len(past) == 5
    assert past[0].status is ModelStatus.FAILED
