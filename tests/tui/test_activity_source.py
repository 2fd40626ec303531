"""The list behind the recent-activity table: what is at which position, whatever was read before."""

import random
from pathlib import Path

import pytest

from store import events
from store.filters import RunFilter
from store.status import ACTIVE, RunStatus
from tests.many_runs import many_runs
from tests.tui.conftest import WorldMaker
from tests.worlds import NOW, World
from tui.activity_source import ActivitySource, OldestFirst

FILTERS = (
    RunFilter(),
    RunFilter(project="flights", environment="prod"),
    RunFilter(statuses=ACTIVE),
    RunFilter(words=("nightly",)),
    RunFilter(author="ben"),
    RunFilter(words=("nothing is called this",)),
)


async def _all(world: World, wanted: RunFilter) -> list[int]:
    async with world.services.reads() as reader:
        return [run.id for run in await reader.runs(wanted, limit=10_000)]


async def _top_down(source: ActivitySource | OldestFirst) -> list[int]:
    return [row.value.run.id for row in reversed(await source.page(0, await source.count()))]


@pytest.mark.parametrize("wanted", FILTERS, ids=lambda wanted: str(wanted.where()))
async def test_active_runs_stand_on_top_of_all_others(wanted: RunFilter, make_world: WorldMaker) -> None:
    world = make_world("queued")
    found = await _all(world, wanted)
    async with world.services.reads() as reader:
        active = {run.id for run in await reader.active_runs()} & set(found)
    shown = await _top_down(ActivitySource(world.services.reads, wanted))

    assert set(shown[: len(active)]) == active
    assert shown[len(active) :] == [run for run in found if run not in active]


async def test_what_executes_stands_above_what_waits(make_world: WorldMaker) -> None:
    world = make_world("queued")

    assert (await _top_down(ActivitySource(world.services.reads, RunFilter())))[0] == world.runs["running"]


@pytest.mark.parametrize("wanted", FILTERS, ids=lambda wanted: str(wanted.where()))
async def test_pages_and_positions_agree_whatever_the_page_size(wanted: RunFilter, make_world: WorldMaker) -> None:
    world = make_world("queued")
    source = ActivitySource(world.services.reads, wanted)
    count = await source.count()
    whole = [row.key for row in await source.page(0, count)]

    for size in (1, 3, 7):
        assert [row.key for first in range(0, count, size) for row in await source.page(first, size)] == whole
    assert [await source.position(key) for key in whole] == list(range(count))


async def test_jumps_about_a_long_list_land_where_a_walk_would(tmp_path: Path) -> None:
    world = await many_runs(3_000, tmp_path)
    source = ActivitySource(world.services.reads, RunFilter(environment="prod"))
    expected = list(reversed(await _all(world, RunFilter(environment="prod"))))
    assert await source.count() == len(expected)

    chance = random.Random(7)
    for _ in range(60):
        first = chance.randrange(len(expected))
        assert [row.value.run.id for row in await source.page(first, 50)] == expected[first : first + 50]


async def test_a_run_that_is_not_in_the_list_has_no_position(make_world: WorldMaker) -> None:
    world = make_world("queued")
    source = ActivitySource(world.services.reads, RunFilter(statuses=frozenset({RunStatus.FAILED})))
    await source.count()

    assert await source.position(str(world.runs["running"])) is None
    assert await source.position("4711") is None


async def test_a_run_that_ended_has_left_its_place(make_world: WorldMaker) -> None:
    world = make_world("running")
    source = ActivitySource(world.services.reads, RunFilter())
    await source.count()
    run_id = world.runs["running"]
    assert await source.row(str(run_id)) is not None

    await world.happen(run_id, events.RunFinished(ts=NOW, status=RunStatus.FAILED))

    assert await source.row(str(run_id)) is None


async def test_a_deleted_run_is_gone(make_world: WorldMaker) -> None:
    source = ActivitySource(make_world("running").services.reads, RunFilter())

    assert await source.row("4711") is None


async def test_new_runs_do_not_move_the_others(make_world: WorldMaker) -> None:
    world = make_world("completed")
    source = ActivitySource(world.services.reads, RunFilter())
    before = [row.key for row in await source.page(0, await source.count())]
    await world.ask("nightly")

    assert [row.key for row in await source.page(0, await source.count())][: len(before)] == before


async def test_the_oldest_first_when_wanted(make_world: WorldMaker) -> None:
    world = make_world("queued")
    source = OldestFirst(world.services.reads, RunFilter())
    shown = await _top_down(source)

    assert shown == sorted(shown)
    assert [await source.position(str(run_id)) for run_id in reversed(shown)] == list(range(len(shown)))
    assert await source.row(str(shown[0])) is not None
    assert [row.value.run.id for row in await source.page(5, 4)] == list(reversed(shown))[5:9]
