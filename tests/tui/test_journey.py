"""Back and forth through the pages."""

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

from tests.tui.conftest import WorldMaker
from tests.tui.staging import StagedEngine, staged_app, text_of, until, until_shown, until_still
from tui.journey import Journey, Spot
from tui.screens.environments import EnvironmentsScreen
from tui.screens.run import RunScreen


def spot(name: str) -> Spot:
    return Spot(name, Screen)


class TestJourney:
    def test_goes_back_and_forth(self) -> None:
        journey = Journey()
        journey.left(spot("home"))
        journey.left(spot("a"))
        assert journey.back(spot("b")) == spot("a")
        assert journey.back(spot("a")) == spot("home")
        assert journey.back(spot("home")) is None
        assert journey.forward(spot("home")) == spot("a")
        assert journey.forward(spot("a")) == spot("b")
        assert journey.forward(spot("b")) is None

    def test_a_new_page_forgets_what_was_ahead(self) -> None:
        journey = Journey()
        journey.left(spot("home"))
        journey.back(spot("a"))
        journey.left(spot("home"))
        assert journey.forward(spot("b")) is None
        assert journey.back(spot("b")) == spot("home")

    def test_up_leaves_out_what_lies_between_and_forward_leads_to_where_one_was(self) -> None:
        journey = Journey()
        journey.left(spot("home"))
        journey.left(spot("a"))
        journey.up(spot("b"), "home")
        assert journey.back(spot("home")) is None
        assert journey.forward(spot("home")) == spot("b")

    def test_a_page_that_nobody_comes_back_to_is_no_place(self) -> None:
        journey = Journey()
        journey.left(None)
        assert journey.back(spot("a")) is None


async def on_run(pilot: Pilot[None], run_id: int) -> RunScreen:
    """Waits for the page of a run."""

    def there() -> bool:
        return isinstance(pilot.app.screen, RunScreen) and pilot.app.screen.run_id == run_id

    await until(pilot, there, f"the page of #{run_id}")
    await until_shown(pilot, f"#{run_id} ")
    screen = pilot.app.screen
    assert isinstance(screen, RunScreen)
    return screen


class TestTravelling:
    async def test_a_run_page_is_found_as_it_was_left(self, make_world: WorldMaker) -> None:
        world = make_world("failed")
        run_id = world.runs["failed"]
        async with staged_app(world, run_id, StagedEngine()).run_test(size=(100, 30)) as pilot:
            await until_shown(pilot, "took down 3 models")
            await pilot.press("2", "o", *"jjjjjj")
            await until_still(pilot)
            left = text_of(pilot)
            assert "↓ model" in left
            await pilot.press("left_square_bracket")
            await on_run(pilot, run_id - 1)
            await pilot.press("H")
            await on_run(pilot, run_id)
            await until(pilot, lambda: text_of(pilot) == left, "the page as it was left")

    @pytest.mark.parametrize("tab", ["1", "3", "4", "6"])
    async def test_forward_leads_to_where_escape_was_pressed(self, tab: str, make_world: WorldMaker) -> None:
        world = make_world("failed")
        run_id = world.runs["failed"]
        async with staged_app(world, run_id, StagedEngine()).run_test(size=(100, 30)) as pilot:
            await until_shown(pilot, "took down 3 models")
            await pilot.press(tab, "t", *"jjjjjjjjjjjj")
            await until_still(pilot)
            left = text_of(pilot)
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(pilot.app.screen, EnvironmentsScreen), "home")
            await pilot.press("L")
            await on_run(pilot, run_id)
            await until(pilot, lambda: text_of(pilot) == left, "the page as it was left")

    async def test_home_keeps_its_cursor(self, make_world: WorldMaker) -> None:
        world = make_world("failed")
        async with staged_app(world, engine=StagedEngine()).run_test(size=(100, 30)) as pilot:
            await until_shown(pilot, "● engine")
            await until_shown(pilot, "#14")
            await pilot.press(*"jjj")
            home = pilot.app.screen
            assert isinstance(home, EnvironmentsScreen)
            key = home.activity.table.cursor_key
            assert key is not None
            assert key != str(world.runs["failed"])
            await pilot.press("enter")
            await on_run(pilot, int(key))
            await pilot.press("H")
            await until(pilot, lambda: pilot.app.screen is home, "home")
            assert home.activity.table.cursor_key == key

    async def test_at_the_ends_nothing_happens(self, make_world: WorldMaker) -> None:
        world = make_world("failed")
        async with staged_app(world, engine=StagedEngine()).run_test(size=(100, 30)) as pilot:
            await until_shown(pilot, "● engine")
            await pilot.press("H", "L")
            assert isinstance(pilot.app.screen, EnvironmentsScreen)
