"""The page of the jobs: what it shows and what its keys do."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from engine.errors import UsageError
from store.models import RunOptions
from store.writes import StoreWriter
from tests.tui.conftest import WorldMaker
from tests.tui.jobs_world import PAUSE, with_rich_jobs
from tests.tui.staging import StagedEngine, staged_app, text_of, until, until_shown
from tests.worlds import ENVIRONMENTS, PROJECTS, World
from tui import job_actions
from tui.screens.environments import EnvironmentsScreen
from tui.screens.jobs import JobsScreen
from tui.services import Services

SIZE = (100, 30)


async def open_jobs(pilot: Pilot[None]) -> None:
    await until_shown(pilot, "#1")
    await pilot.press("J")
    await until(pilot, lambda: isinstance(pilot.app.screen, JobsScreen), "the page of the jobs")
    await until_shown(pilot, "one run for all missed fires")


def line_of(pilot: Pilot[None], name: str) -> str:
    return next(line for line in text_of(pilot).splitlines() if line.strip().startswith(name))


async def test_jobs_say_when_they_start_and_how_they_fared(make_world: WorldMaker) -> None:
    async with staged_app(with_rich_jobs(make_world("failed"))).run_test(size=SIZE) as pilot:
        await open_jobs(pilot)
        assert all(told in line_of(pilot, "nightly") for told in ("in 11h", "✓✗", "2m 33s"))
        assert "‖ paused" in line_of(pilot, "hourly")
        await pilot.press("j")
        await until_shown(pilot, "by anna, 3h ago: the source is being moved")
        await pilot.press("j")
        await until_shown(pilot, "after nightly, after hourly ends")


async def test_enter_lists_the_runs_of_the_job_at_home(make_world: WorldMaker) -> None:
    async with staged_app(with_rich_jobs(make_world("failed"))).run_test(size=SIZE) as pilot:
        await open_jobs(pilot)
        await pilot.press("G", "k", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, EnvironmentsScreen), "home")
        await until_shown(pilot, "job:plan project:flights_mesh")


async def test_a_job_is_paused_with_a_reason_only(make_world: WorldMaker) -> None:
    world = with_rich_jobs(make_world("failed"))
    async with staged_app(world).run_test(size=SIZE, notifications=True) as pilot:
        await open_jobs(pilot)
        await pilot.press("p")
        await until_shown(pilot, "Pause nightly in flights/prod?")
        await pilot.press("enter")
        await until_shown(pilot, "wants to know why")
        assert world.actions.calls == []
        await pilot.press(*"late", "enter")
        await until(
            pilot, lambda: world.actions.calls == [("pause", "flights/nightly", "late")], "the engine to be asked"
        )
        await until_shown(pilot, "nightly is paused")


async def test_esc_pauses_nothing_and_a_paused_job_goes_on_at_once(make_world: WorldMaker) -> None:
    world = with_rich_jobs(make_world("failed"))
    async with staged_app(world).run_test(size=SIZE, notifications=True) as pilot:
        await open_jobs(pilot)
        await pilot.press("p")
        await until_shown(pilot, "Pause nightly")
        await pilot.press("escape", "j", "p")
        await until(pilot, lambda: world.actions.calls == [("resume", "flights/hourly")], "the engine to be asked")
        await until_shown(pilot, "hourly starts by itself again")


async def test_what_never_starts_by_itself_cannot_be_paused(make_world: WorldMaker) -> None:
    async with staged_app(with_rich_jobs(make_world("failed"))).run_test(size=SIZE, notifications=True) as pilot:
        await open_jobs(pilot)
        await pilot.press("G", "p")
        await until_shown(pilot, "run does not start by itself")


async def test_a_pause_that_the_feed_tells_of_is_shown(make_world: WorldMaker) -> None:
    world = with_rich_jobs(make_world("failed"), None)
    engine = StagedEngine()
    async with staged_app(world, engine=engine).run_test(size=SIZE) as pilot:
        await open_jobs(pilot)
        assert "paused" not in line_of(pilot, "hourly")
        async with StoreWriter.open(world.paths.database) as writer:
            await writer.pause_job(PAUSE)
        engine.say(workspace=True)
        await until(pilot, lambda: "‖ paused" in line_of(pilot, "hourly"), "the pause")


async def test_a_job_is_started_by_hand_after_asking_where_it_writes_production(make_world: WorldMaker) -> None:
    world = with_rich_jobs(make_world("failed"))
    async with staged_app(world).run_test(size=SIZE) as pilot:
        await open_jobs(pilot)
        await pilot.press("r")
        await until_shown(pilot, "This is production.")
        await pilot.press("y")
        await until(
            pilot,
            lambda: world.actions.calls == [("start", "flights/nightly", None, RunOptions())],
            "the engine to be asked",
        )


class Editor:
    """Takes the place of the terminal: remembers what it was to run."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.commands: list[list[str]] = []
        monkeypatch.setenv("EDITOR", "cat")
        monkeypatch.delenv("VISUAL", raising=False)
        monkeypatch.setattr(job_actions, "run_in_terminal", self.run)
        monkeypatch.setattr(job_actions, "editor", lambda: lambda path, line: ["edit", f"+{line}", str(path)])

    def run(self, command: list[str]) -> int:
        self.commands.append(command)
        return 0


def write_configuration(world: World) -> Path:
    world.paths.configuration.write_text('[workspace]\nname = "a"\n\n[jobs."flights/nightly"]\nsteps = ["build"]\n')
    return world.paths.configuration


async def edit(pilot: Pilot[None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Presses the key in a terminal that can be lent; the one of tests cannot."""
    monkeypatch.setattr(type(pilot.app._driver), "can_suspend", True)
    monkeypatch.setattr(type(pilot.app._driver), "suspend_application_mode", lambda _: None)
    monkeypatch.setattr(type(pilot.app._driver), "resume_application_mode", lambda _: None)
    await open_jobs(pilot)
    await pilot.press("e")


async def test_editing_opens_the_job_s_line_and_has_the_file_read_again(
    make_world: WorldMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = with_rich_jobs(make_world("failed"))
    file, editor = write_configuration(world), Editor(monkeypatch)
    async with staged_app(world).run_test(size=SIZE, notifications=True) as pilot:
        await edit(pilot, monkeypatch)
        await until_shown(pilot, "runroom.toml is valid and in force.")
        assert editor.commands == [["edit", "+4", str(file)]]
        assert world.actions.calls == [("reload",)]


async def test_a_wrong_edit_is_told_and_what_was_in_force_goes_on(
    make_world: WorldMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = with_rich_jobs(make_world("failed"))
    write_configuration(world)
    Editor(monkeypatch)
    world.actions.problem = UsageError("runroom.toml: shedule is no key.")
    async with staged_app(world).run_test(size=SIZE, notifications=True) as pilot:
        await edit(pilot, monkeypatch)
        await until_shown(pilot, "shedule is no key.")


async def test_without_a_file_there_is_nothing_to_edit(make_world: WorldMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    async with staged_app(with_rich_jobs(make_world("failed"))).run_test(size=SIZE, notifications=True) as pilot:
        await edit(pilot, monkeypatch)
        await until_shown(pilot, "There is no runroom.toml yet")


async def test_who_only_looks_changes_nothing(make_world: WorldMaker) -> None:
    world = with_rich_jobs(make_world("failed"))
    only_looking = Services(world.paths, world.services.reads, world.actions, world.services.clock, readonly=True)
    looked = World(world.paths, only_looking, world.actions, world.runs)
    async with staged_app(looked).run_test(size=SIZE, notifications=True) as pilot:
        await open_jobs(pilot)
        for key in ("p", "e"):
            await pilot.press(key)
            await until_shown(pilot, "with --readonly")
        assert world.actions.calls == []


async def test_a_workspace_without_jobs_says_how_to_get_some(make_world: WorldMaker) -> None:
    world = make_world("failed")
    async with StoreWriter.open(world.paths.database) as writer:
        await writer.sync_workspace("analytics", PROJECTS, ENVIRONMENTS, [])
    async with staged_app(world).run_test(size=SIZE) as pilot:
        await until_shown(pilot, "#1")
        await pilot.press("J")
        await until_shown(pilot, "No job here yet.")
        await pilot.press("p")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, EnvironmentsScreen), "home")


async def test_a_store_that_cannot_be_read_is_told(make_world: WorldMaker) -> None:
    world = with_rich_jobs(make_world("failed"))
    async with staged_app(world).run_test(size=SIZE) as pilot:
        await until_shown(pilot, "#1")
        world.paths.database.rename(world.paths.database.with_suffix(".gone"))
        await pilot.press("J")
        await until_shown(pilot, "nothing was recorded here yet")


async def test_everyone_who_is_told_gets_a_test_message(make_world: WorldMaker) -> None:
    world = with_rich_jobs(make_world("failed"))
    async with staged_app(world).run_test(size=SIZE, notifications=True) as pilot:
        await open_jobs(pilot)
        await pilot.press("n")
        await until_shown(pilot, "oncall: the test message arrived.")
        await until_shown(pilot, "mail: The web address answered 500.")
        assert world.actions.calls == [("test notifications",)]
