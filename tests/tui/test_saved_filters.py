"""Filters that are saved under a name: saved, applied, deleted, and there again the next time."""

import asyncio

from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.conftest import WorldMaker
from tests.tui.staging import staged_app, text_of, until, until_shown
from tui.activity_filter import ActivityFilter
from tui.app import RunroomApp
from tui.remembered import Remembered, recall
from tui.screens.environments import EnvironmentsScreen
from tui.screens.saved_filters import SavedFiltersScreen
from tui.widgets.activity import Activity

NIGHTLY = ActivityFilter().with_text("job:nightly")
PLANS = ActivityFilter(kind="plans", newest_first=False)
SAVED = Remembered().with_saved({"nights": NIGHTLY, "plans": PLANS})


def chosen_in(app: RunroomApp) -> ActivityFilter:
    return app.screen_stack[1].query_one(Activity).chosen


async def home(pilot: Pilot[None]) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, EnvironmentsScreen), "home")
    await until_shown(pilot, "#18")


async def test_the_present_filter_is_saved_under_a_name_and_there_the_next_time(make_world: WorldMaker) -> None:
    world = make_world("failed")
    app = staged_app(world)
    async with app.run_test(size=(100, 30)) as pilot:
        await home(pilot)
        await pilot.press("4", "F")
        await until_shown(pilot, "No filter is saved yet")
        await pilot.press("s")
        await until_shown(pilot, "Save “failed” as")
        await pilot.press("enter")
        await until_shown(pilot, "A name is needed")
        await pilot.press(*"broken", "enter")
        await home(pilot)
    again = await asyncio.to_thread(recall, world.paths)

    assert again.saved_filters() == {"broken": ActivityFilter(tab="failed")}


async def test_a_saved_filter_is_applied(make_world: WorldMaker) -> None:
    app = staged_app(make_world("failed"), remembered=SAVED)
    async with app.run_test(size=(100, 30)) as pilot:
        await home(pilot)
        await pilot.press("F")
        await until_shown(pilot, "plans · oldest first")
        await pilot.press("j", "enter")
        await until(pilot, lambda: chosen_in(app) == PLANS, "the second filter")


async def test_a_saved_filter_is_found_in_the_palette(make_world: WorldMaker) -> None:
    app = staged_app(make_world("failed"), remembered=SAVED)
    async with app.run_test(size=(100, 30)) as pilot:
        await home(pilot)
        await pilot.press("colon", *"filter: nig")
        found = "Filter: nights"
        await until(pilot, lambda: found in text_of(pilot) and "Filter the runs" not in text_of(pilot), found)
        await pilot.press("enter")
        await until(pilot, lambda: chosen_in(app) == NIGHTLY, "the filter")


async def test_a_deleted_filter_is_gone_and_escape_changes_nothing_else(make_world: WorldMaker) -> None:
    app = staged_app(make_world("failed"), remembered=SAVED)
    async with app.run_test(size=(100, 30)) as pilot:
        await home(pilot)
        await pilot.press("F")
        await until_shown(pilot, "nights")
        await pilot.press("d")
        await until(pilot, lambda: "nights" not in text_of(pilot), "the filter to go")
        await pilot.press("escape")
        await home(pilot)

        assert app.remembered.saved_filters() == {"plans": PLANS}
        assert chosen_in(app) == ActivityFilter()


async def test_everything_is_not_worth_a_name_and_escape_leaves_the_line_first(make_world: WorldMaker) -> None:
    app = staged_app(make_world("failed"), remembered=SAVED)
    async with app.run_test(size=(80, 24)) as pilot:
        await home(pilot)
        await pilot.press("F", "s")
        await until_shown(pilot, "The list shows everything")
        await pilot.press("escape", "4", "F", "s")
        await until(pilot, lambda: isinstance(app.focused, Input), "the line for a name")
        await pilot.press(*"gone", "escape")
        await until_shown(pilot, "nights")
        assert isinstance(app.screen, SavedFiltersScreen)
        await pilot.press("escape")
        await home(pilot)

    assert app.remembered.saved_filters() == {"nights": NIGHTLY, "plans": PLANS}
