"""The log of a failed step opens at its first error; of a run that has ended nothing is followed."""

import pytest
from textual.pilot import Pilot

from tests.tui.conftest import WorldMaker
from tests.tui.staging import staged_app, text_of, until_shown, until_still
from tests.worlds import World
from tui.widgets.log_view import LogView

HEAD = "2026-11-21T13:02:11.000Z"
BEFORE = f"{HEAD} INFO  begins\n" * 300
CAUSE = f"{HEAD} ERROR the command failed: ValueError: no such carrier\n"
AFTER = "".join(f"{HEAD} INFO  cleaning up {number}\n" for number in range(200))
LAST = f"{HEAD} ERROR gave up\n{HEAD} INFO  Done. PASS=12 ERROR=1\n"


def set_log(world: World, said: str) -> None:
    next(world.paths.run(world.runs["failed"]).logs.glob("*build.log")).write_text(said)


async def open_log(pilot: Pilot[None]) -> None:
    await until_shown(pilot, "took down 3 models")
    await pilot.press("5")
    await until_shown(pilot, "% of ")
    await until_still(pilot)


@pytest.mark.parametrize(
    "said",
    [CAUSE + AFTER + LAST, BEFORE + CAUSE + AFTER, BEFORE + CAUSE + LAST, CAUSE + LAST],
    ids=["at its start", "among much", "near its end", "in a short log"],
)
async def test_the_log_opens_at_the_first_error(make_world: WorldMaker, said: str) -> None:
    world = make_world("failed")
    set_log(world, said)
    async with staged_app(world, world.runs["failed"]).run_test(size=(80, 24)) as pilot:
        await open_log(pilot)

        assert "the command failed: ValueError" in text_of(pilot)
        reading = pilot.app.screen.query_one(LogView).reading
        assert reading is not None
        assert reading.here is not None
        assert reading.here.content.decode() in CAUSE


async def test_the_next_error_is_the_second(make_world: WorldMaker) -> None:
    world = make_world("failed")
    set_log(world, BEFORE + CAUSE + AFTER + LAST + AFTER)
    async with staged_app(world, world.runs["failed"]).run_test(size=(80, 24)) as pilot:
        await open_log(pilot)
        await pilot.press("e")
        await until_shown(pilot, "gave up")


async def test_a_log_without_errors_opens_at_its_end(make_world: WorldMaker) -> None:
    world = make_world("failed")
    set_log(world, BEFORE + AFTER)
    async with staged_app(world, world.runs["failed"]).run_test(size=(80, 24)) as pilot:
        await open_log(pilot)
        assert "cleaning up 199" in text_of(pilot)
        assert "100% of " in text_of(pilot)


async def test_nothing_is_followed_of_a_run_that_has_ended(make_world: WorldMaker) -> None:
    world = make_world("failed")
    set_log(world, CAUSE + AFTER)
    async with staged_app(world, world.runs["failed"]).run_test(size=(80, 24)) as pilot:
        await open_log(pilot)
        await pilot.press("G")
        await until_shown(pilot, "cleaning up 199")
        await until_shown(pilot, "100% of ")
        assert "follow" not in text_of(pilot)


async def test_the_log_of_a_run_that_goes_on_opens_at_its_end_and_is_followed(make_world: WorldMaker) -> None:
    world = make_world("running")
    log = next(world.paths.run(world.runs["running"]).logs.glob("*build.log"))
    log.write_text(CAUSE + AFTER)
    async with staged_app(world, world.runs["running"]).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "running")
        await pilot.press("5")
        await until_shown(pilot, "following, ")
        assert "cleaning up 199" in text_of(pilot)
        assert "F follow" in text_of(pilot)
