"""The log alone on the screen, and back."""

from textual.pilot import Pilot

from tests.tui.conftest import WorldMaker
from tests.tui.staging import staged_app, text_of, until, until_shown, until_still
from tests.worlds import World
from tui.widgets.log_view import LogView
from tui.widgets.run.header import RunHeader
from tui.widgets.run.steps import StepsPane
from tui.widgets.run.tab_strip import TabStrip

LINES = "".join(f"2026-11-21T13:02:11.000Z INFO  message {number}\n" for number in range(200))


def set_log(world: World) -> None:
    next(world.paths.run(world.runs["failed"]).logs.glob("*build.log")).write_text(LINES)


async def open_steps(pilot: Pilot[None]) -> None:
    await until_shown(pilot, "took down 3 models")
    await pilot.press("5")
    await until_shown(pilot, "message 199")
    await until_still(pilot)


def rows_of_log(pilot: Pilot[None]) -> int:
    return sum(" INFO  message " in line for line in text_of(pilot).splitlines())


def has_head(pilot: Pilot[None]) -> bool:
    shown = [pilot.app.screen.query_one(part).display for part in (RunHeader, TabStrip)]
    return all(shown)


async def test_it_leaves_nothing_but_the_log_and_the_same_key_takes_it_back(make_world: WorldMaker) -> None:
    world = make_world("failed")
    set_log(world)
    async with staged_app(world, world.runs["failed"]).run_test(size=(80, 24)) as pilot:
        await open_steps(pilot)
        before = text_of(pilot)
        assert rows_of_log(pilot) < 15
        assert "z full screen" in before

        await pilot.press("z")
        await until(pilot, lambda: rows_of_log(pilot) >= 20, "the log on the whole screen")
        await until_still(pilot)
        assert "checkout" not in text_of(pilot)
        assert "Models" not in text_of(pilot)
        assert "#18" not in text_of(pilot)

        await pilot.press("z")
        await until(pilot, lambda: text_of(pilot) == before, "the page as it was")


async def test_escape_leaves_it_and_then_the_page_as_ever(make_world: WorldMaker) -> None:
    world = make_world("failed")
    set_log(world)
    async with staged_app(world, world.runs["failed"]).run_test(size=(80, 24)) as pilot:
        await open_steps(pilot)
        await pilot.press("z")
        await until(pilot, lambda: not has_head(pilot), "the full screen")
        await pilot.press("escape")
        await until(pilot, lambda: has_head(pilot), "the page with its head")
        assert isinstance(pilot.app.focused, LogView)
        assert pilot.app.screen.query_one(StepsPane).display


async def test_another_tab_has_its_head(make_world: WorldMaker) -> None:
    world = make_world("failed")
    set_log(world)
    async with staged_app(world, world.runs["failed"]).run_test(size=(80, 24)) as pilot:
        await open_steps(pilot)
        await pilot.press("z")
        await until(pilot, lambda: not has_head(pilot), "the full screen")
        await pilot.press("1")
        await until(pilot, lambda: has_head(pilot), "the head of the page")


async def test_the_key_works_from_the_list_of_steps_too(make_world: WorldMaker) -> None:
    world = make_world("failed")
    set_log(world)
    async with staged_app(world, world.runs["failed"]).run_test(size=(80, 24)) as pilot:
        await open_steps(pilot)
        pilot.app.screen.query_one(StepsPane)._table.focus()
        await pilot.press("z")
        await until(pilot, lambda: not has_head(pilot), "the full screen")
        assert isinstance(pilot.app.focused, LogView)
