"""From a failed run to those that failed like it."""

from textual.pilot import Pilot

from tests.tui.conftest import WorldMaker
from tests.tui.staging import StagedEngine, staged_app, text_of, until, until_shown, until_told
from tui.screens.environments import EnvironmentsScreen

SIZE = (120, 40)


def listed_filter(pilot: Pilot[None]) -> str:
    screen = pilot.app.screen
    assert isinstance(screen, EnvironmentsScreen)
    return screen.activity.chosen.text


async def home(pilot: Pilot[None]) -> None:
    """Waits until home has a run under its cursor."""
    screen = pilot.app.screen
    assert isinstance(screen, EnvironmentsScreen)
    await until(pilot, lambda: screen.activity.run_under_cursor, "a run under the cursor")


async def test_a_run_page_lists_the_runs_that_failed_like_the_chosen_model(make_world: WorldMaker) -> None:
    world = make_world("recurring")
    async with staged_app(world, world.runs["failed"]).run_test(size=SIZE) as pilot:
        await until_shown(pilot, "3 failures = 2 causes")
        await until_shown(pilot, "LINE 14:")
        await pilot.press("A")
        await until_shown(pilot, f"#{world.runs['failed-before']}")
        shown = text_of(pilot)

    assert f"#{world.runs['failed-alike']}" in shown
    assert "✓ completed" not in shown.partition("All")[2]


async def test_home_lists_the_runs_that_failed_like_the_chosen_one(make_world: WorldMaker) -> None:
    world = make_world("recurring")
    async with staged_app(world, engine=StagedEngine()).run_test(size=SIZE, notifications=True) as pilot:
        await home(pilot)
        await pilot.press("A")
        await until_shown(pilot, "cause:")
        assert listed_filter(pilot).startswith("cause:")
        await pilot.press("escape")
        await until_shown(pilot, "✓ completed")


async def test_a_run_in_which_nothing_failed_has_none_like_it(make_world: WorldMaker) -> None:
    world = make_world("completed")
    async with staged_app(world, engine=StagedEngine()).run_test(size=SIZE, notifications=True) as pilot:
        await home(pilot)
        await pilot.press("A")
        await until_shown(pilot, f"Nothing failed in #{world.runs['completed']}.")


async def test_a_bundle_is_one_key(make_world: WorldMaker) -> None:
    world = make_world("recurring")
    run_id = world.runs["failed"]
    async with staged_app(world, run_id, engine=StagedEngine()).run_test(size=SIZE, notifications=True) as pilot:
        await until_shown(pilot, "3 failures = 2 causes")
        for _ in range(2):
            await pilot.press("b")
            await until_told(pilot, "Its short form is copied.")
            await until(pilot, lambda: pilot.app.clipboard.startswith(f"**Run {run_id} nightly"), "the short form")

    assert (world.paths.bundles / f"runroom-run-{run_id}.tar.gz").is_file()


async def test_where_no_bundle_can_be_written_the_page_says_so(make_world: WorldMaker) -> None:
    world = make_world("recurring")
    world.paths.bundles.write_text("in the way")
    app = staged_app(world, world.runs["failed"], engine=StagedEngine())
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await until_shown(pilot, "3 failures = 2 causes")
        await pilot.press("b")
        await until_told(pilot, "bundles cannot be written")
