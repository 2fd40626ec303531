"""What the app remembers from one time to the next, and what it tells of the time between."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from store.paths import WorkspacePaths
from store.status import RunStatus
from tests.tui.conftest import WorldMaker
from tests.tui.staging import staged_app, text_of, until, until_shown
from tests.worlds import NOW
from tui import themes
from tui.absence import Absence, read_absence
from tui.activity_filter import ActivityFilter
from tui.remembered import FILE_NAME, KeptFilter, Remembered, recall, remember
from tui.widgets.activity import Activity


async def test_all_of_it_comes_back(tmp_path: Path) -> None:
    paths = WorkspacePaths(tmp_path)
    paths.record.mkdir()
    chosen = ActivityFilter(tab="failed", kind="runs", newest_first=False).with_text("job:nightly anna")
    saved = {"at night": ActivityFilter(kind="scheduled"), "mine": chosen}
    told = Remembered(theme=themes.LIGHT.name, utc=True, left_at=NOW).with_filter(chosen).with_saved(saved)
    await remember(paths, told)
    found = await asyncio.to_thread(recall, paths)

    assert found == told
    assert found.chosen_filter() == chosen
    assert found.saved_filters() == saved


@pytest.mark.parametrize(
    "content", [None, b"", b"{", b'{"filter": {"tab": 3}}', b"\xff", b'{"saved": [1]}', b'{"left_at": "never"}']
)
def test_what_cannot_be_read_is_forgotten(content: bytes | None, tmp_path: Path) -> None:
    paths = WorkspacePaths(tmp_path)
    paths.record.mkdir()
    if content is not None:
        (paths.record / FILE_NAME).write_bytes(content)

    assert recall(paths) == Remembered()


def test_a_filter_that_is_no_longer_understood_is_left_out() -> None:
    told = KeptFilter(tab="gone", kind="gone", text="status:gone", newest_first=False)

    assert told.chosen() == ActivityFilter(newest_first=False)


async def test_the_app_opens_as_it_was_left(make_world: WorldMaker) -> None:
    world = make_world("failed")
    async with staged_app(world).run_test(size=(100, 30)) as pilot:
        await until_shown(pilot, "#18")
        await pilot.press("4", "ctrl+t")
        await until(pilot, lambda: pilot.app.theme == themes.LIGHT.name, "the next theme")
    again = staged_app(world, remembered=await asyncio.to_thread(recall, world.paths))
    async with again.run_test(size=(100, 30)) as pilot:
        await until_shown(pilot, "#18")

        assert again.theme == themes.LIGHT.name
        assert again.screen.query_one(Activity).chosen.tab == "failed"
        assert "#17" not in text_of(pilot)


async def test_who_only_looks_leaves_no_trace(make_world: WorldMaker) -> None:
    world = make_world("failed")
    onlooker = replace(world, services=replace(world.services, readonly=True))
    async with staged_app(onlooker).run_test(size=(100, 30)) as pilot:
        await until_shown(pilot, "#18")
        await pilot.press("4")

    assert not (world.paths.record / FILE_NAME).exists()


async def test_what_ended_meanwhile_is_told_on_the_return(make_world: WorldMaker) -> None:
    world = make_world("failed")
    app = staged_app(world, remembered=Remembered(left_at=NOW - timedelta(hours=3)))
    async with app.run_test(size=(120, 30), notifications=True) as pilot:
        await until_shown(pilot, "Since you left 3h ago: 2 runs ended, 1 failed")


async def test_an_absence_names_what_failed(make_world: WorldMaker) -> None:
    world = make_world("queued")
    async with world.services.reads() as reader:
        absence = await read_absence(reader, NOW - timedelta(hours=1), NOW)

    assert absence is not None
    assert [run.id for run in absence.failed] == [world.runs["error"], world.runs["failed"]]
    expected = f"Since you left 1h ago: 3 runs ended, 2 failed: #{world.runs['error']} check, #18 nightly."
    assert absence.sentence(NOW) == expected


async def test_nothing_is_told_when_nothing_was_missed(make_world: WorldMaker) -> None:
    world = make_world("queued")
    async with world.services.reads() as reader:
        assert await read_absence(reader, NOW - timedelta(minutes=4), NOW) is None
        assert await read_absence(reader, NOW + timedelta(hours=1), NOW + timedelta(hours=2)) is None


async def test_a_long_absence_counts_and_names_only_so_much(make_world: WorldMaker) -> None:
    world = make_world("failed")
    async with world.services.reads() as reader:
        run = await reader.run(world.runs["failed"])
    assert run.status is RunStatus.FAILED
    absence = Absence(NOW - timedelta(days=2), (run,) * 5, more=True)

    assert absence.sentence(NOW).startswith("Since you left 2d ago: at least 5 runs ended, 5 failed: ")
    assert absence.sentence(NOW).endswith(" and 2 more.")
