"""The looks at git remotes, as the page and the command about jobs tell of them."""

from datetime import timedelta

from store.writes import StoreWriter
from tests.tui.conftest import WorldMaker
from tests.tui.staging import staged_app, text_of, until, until_shown
from tests.worlds import ENVIRONMENTS, JOBS, NOW, PROJECTS, World
from tui.screens.jobs import JobsScreen

REMOTE = "git@github.com:acme/flights.git"


async def looked(world: World, problem: str | None) -> World:
    """The project flights is polled; a look an hour ago went well, and then there was this problem, or none."""
    polled = PROJECTS[0].model_copy(update={"poll_s": 60.0})
    async with StoreWriter.open(world.paths.database) as writer:
        await writer.sync_workspace("analytics", (polled, *PROJECTS[1:]), ENVIRONMENTS, JOBS)
        await writer.git.begin("flights", REMOTE, {}, NOW - timedelta(hours=1))
        await writer.git.note_attempt("flights", REMOTE, NOW - timedelta(seconds=20), problem)
    return world


async def test_a_remote_that_does_not_answer_is_told_on_the_page_of_the_jobs(make_world: WorldMaker) -> None:
    world = await looked(make_world("failed"), "Connection refused")
    async with staged_app(world).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "#18")
        await pilot.press("J")
        await until_shown(pilot, "▲ The remote of flights, git@github.com:acme/flights.git, could not be looked")
        await until_shown(pilot, "20s ago: Connection refused; it answered last 1h ago.")

        async with StoreWriter.open(world.paths.database) as writer:
            await writer.git.note_look("flights", REMOTE, NOW)
        screen = pilot.app.screen
        assert isinstance(screen, JobsScreen)
        screen.on_screen_resume()
        await until(pilot, lambda: "Connection refused" not in text_of(pilot), "the problem to go")


async def test_a_job_that_pushes_start_says_when_they_were_looked_for(make_world: WorldMaker) -> None:
    world = await looked(make_world("failed"), None)
    async with staged_app(world).run_test(size=(120, 30)) as pilot:
        await until_shown(pilot, "#18")
        await pilot.press("J")
        await until_shown(pilot, "pull requests")
        assert "answered" not in text_of(pilot)
        await pilot.press("j", "j")
        await until_shown(pilot, "pushes  The remote of flights, git@github.com:acme/flights.git, answered 20s ago.")
