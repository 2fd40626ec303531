"""From a row to what belongs to it, and to a row from anywhere."""

from textual.pilot import Pilot

from tests.tui.conftest import WorldMaker
from tests.tui.run.test_run_screen import line_with
from tests.tui.staging import StagedEngine, staged_app, text_of, until, until_shown, until_still
from tui.screens.run import RunScreen


def key_line(pilot: Pilot[None]) -> str:
    return text_of(pilot).splitlines()[-1]


async def test_enter_on_a_bar_goes_to_the_model(make_world: WorldMaker) -> None:
    world = make_world("failed")
    async with staged_app(world, world.runs["failed"]).run_test(size=(100, 40)) as pilot:
        await until_shown(pilot, "took down 3 models")
        await pilot.press("4")
        await until_shown(pilot, "critical path")
        await pilot.press("j", "enter")
        await until_shown(pilot, "relation")
        assert "critical path" not in text_of(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, RunScreen)
        assert screen.tab == "models"
        assert screen.pane.chosen_node() != "model.flights.int_delays"


async def test_another_order_of_the_bars_begins_at_its_top_and_a_closer_look_is_at_the_chosen_bar(
    make_world: WorldMaker,
) -> None:
    world = make_world("completed")
    async with staged_app(world, world.runs["completed"]).run_test(size=(100, 30)) as pilot:
        await until_shown(pilot, "✓ completed")
        await pilot.press("4")
        await until_shown(pilot, "critical path")
        await pilot.press("j", "j", "o")
        await until_still(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, RunScreen)
        assert screen.pane.chosen_node() == "model.flights.fct_flights"
        await pilot.press("plus", "plus", "plus")
        await until(pilot, lambda: "████" in line_with(pilot, " fct_flights"), "the bar of the slowest model")


async def test_the_sql_of_a_model_is_copied(make_world: WorldMaker) -> None:
    world = make_world("failed")
    app = staged_app(world, world.runs["failed"])
    async with app.run_test(size=(80, 40), notifications=True) as pilot:
        await until_shown(pilot, "→14")
        await pilot.press("Y")
        await until_shown(pilot, "Copied")
        assert "tailnum,\n" in app.clipboard
        assert app.clipboard.startswith("-- int_delays")


async def test_where_there_is_no_sql_that_is_said(make_world: WorldMaker) -> None:
    world = make_world("failed")
    async with staged_app(world, world.runs["failed"]).run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "took down 3 models")
        await pilot.press("4", "Y")
        await until_shown(pilot, "There is no SQL here to copy.")


async def test_a_model_leads_to_its_definition(make_world: WorldMaker) -> None:
    world = make_world("failed")
    async with staged_app(world, world.runs["failed"]).run_test(size=(120, 40)) as pilot:
        await until_shown(pilot, "took down 3 models")
        await pilot.press("d")
        await until_shown(pilot, "Definition")
        screen = pilot.app.screen
        assert isinstance(screen, RunScreen)
        assert screen.tab == "explore"
        assert screen.pane.chosen_node() == "model.flights.int_delays"


async def test_the_line_of_keys_follows_what_is_open(make_world: WorldMaker) -> None:
    world = make_world("failed")
    async with staged_app(world, world.runs["failed"]).run_test(size=(120, 40)) as pilot:
        await until_shown(pilot, "took down 3 models")
        await until(pilot, lambda: "enter detail" in key_line(pilot), "the key that opens the detail")
        await pilot.press("enter")
        await until(pilot, lambda: "esc list" in key_line(pilot), "the key that closes the detail")
        assert "enter detail" not in key_line(pilot)


async def test_the_palette_finds_a_model_in_the_last_run_of_each_environment(make_world: WorldMaker) -> None:
    world = make_world("failed")
    async with staged_app(world, engine=StagedEngine()).run_test(size=(100, 40)) as pilot:
        await until_shown(pilot, "● engine")
        await pilot.press("colon", *"int_delays")
        await until_shown(pilot, f"open the model in #{world.runs['failed']}")
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, RunScreen), "the page of the run")
        await until_still(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, RunScreen)
        assert screen.pane.chosen_node() == "model.flights.int_delays"
