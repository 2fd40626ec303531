"""A run of some models: chosen in a tree, shown as commands, started."""

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Tree

from store.models import RunOptions
from tests.tui.conftest import WorldMaker
from tests.tui.staging import StagedEngine, staged_app, text_of, until, until_shown, until_still
from tests.worlds import World
from tui.screens.scope import ScopeScreen


@pytest.fixture
def world(make_world: WorldMaker) -> World:
    return make_world("failed")


async def open_scope(pilot: Pilot[None]) -> None:
    await until_shown(pilot, "● engine")
    await until_shown(pilot, "#18")
    await pilot.press("R")
    await until_shown(pilot, "Start a job")
    await pilot.press(*"nightly")
    await pilot.press("tab")
    await until(pilot, lambda: isinstance(pilot.app.screen, ScopeScreen), "the choice of models")
    await until_shown(pilot, "[ ] models/")


async def test_models_are_ticked_seen_as_a_command_and_run(world: World) -> None:
    app = staged_app(world, engine=StagedEngine())
    async with app.run_test(size=(110, 34), notifications=True) as pilot:
        await open_scope(pilot)
        assert "23 models of 23" in text_of(pilot)
        await pilot.press("j", "space")
        await until_shown(pilot, "[x] models/")
        await until_shown(pilot, "dbt build --select path:models")
        await pilot.press("S")
        await until_shown(pilot, "This is production.")
        await pilot.press("y")
        wanted = ("start", "flights/nightly", None, RunOptions(select=("path:models",)))
        await until(pilot, lambda: world.actions.calls == [wanted], "the engine to be asked")


async def test_what_cannot_be_is_said_and_nothing_is_started(world: World) -> None:
    async with staged_app(world, engine=StagedEngine()).run_test(size=(110, 34), notifications=True) as pilot:
        await open_scope(pilot)
        pilot.app.screen.query_one("#threads", Input).value = "many"
        await until_shown(pilot, "Threads are a number from 1 on.")
        pilot.app.screen.query_one(Tree).focus()
        await pilot.press("S")
        await pilot.pause()
        assert world.actions.calls == []


async def test_escape_goes_home_without_starting_anything(world: World) -> None:
    async with staged_app(world, engine=StagedEngine()).run_test(size=(80, 24)) as pilot:
        await open_scope(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, ScopeScreen), "home to be back")
        assert world.actions.calls == []


async def test_another_environment_is_shown_asked_for_and_run_in(world: World) -> None:
    async with staged_app(world, engine=StagedEngine()).run_test(size=(110, 34)) as pilot:
        await open_scope(pilot)
        assert "Run nightly in flights/prod" in text_of(pilot)
        await pilot.press("e")
        await until_shown(pilot, "Run nightly in flights/staging")
        await until_shown(pilot, "--target staging")
        assert "PRODUCTION" not in text_of(pilot)
        await pilot.press("S")
        wanted = ("start", "flights/nightly", "flights/staging", RunOptions())
        await until(pilot, lambda: world.actions.calls == [wanted], "the engine to be asked")


async def test_the_space_bar_on_top_takes_every_tick_away(world: World) -> None:
    async with staged_app(world, engine=StagedEngine()).run_test(size=(110, 34)) as pilot:
        await open_scope(pilot)
        await pilot.press("j", "space", "enter", "j", "space")
        await until_shown(pilot, "[-] models/")
        await pilot.press("k", "k", "space")
        await until_shown(pilot, "23 models of 23")
        assert "[x]" not in text_of(pilot)


async def test_back_and_forward_keep_what_was_chosen(world: World) -> None:
    async with staged_app(world, engine=StagedEngine()).run_test(size=(110, 34)) as pilot:
        await open_scope(pilot)
        await pilot.press("j", "enter", "j", "space")
        pilot.app.screen.query_one("#threads", Input).value = "4"
        await until_shown(pilot, "dbt build --select path:models/intermediate")
        await until_still(pilot)
        left = text_of(pilot)
        await pilot.press("H")
        await until(pilot, lambda: not isinstance(pilot.app.screen, ScopeScreen), "home to be back")
        await pilot.press("L")
        await until(pilot, lambda: isinstance(pilot.app.screen, ScopeScreen), "the choice of models")
        await until(pilot, lambda: text_of(pilot) == left, "the page as it was left")


@pytest.mark.snapshot
@pytest.mark.parametrize("size", ["80x24", "120x40"])
@pytest.mark.parametrize("scene", ["all", "some"])
def test_scope(scene: str, size: str, world: World, snap_compare: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)

    async def stage(pilot: Pilot[None]) -> None:
        await until_still(pilot)
        await open_scope(pilot)
        if scene == "some":
            await pilot.press("j", "enter", "j", "space")
            await until_shown(pilot, "path:models/intermediate")
        await until_still(pilot)

    width, height = map(int, size.split("x"))
    assert callable(snap_compare)
    app = staged_app(world, engine=StagedEngine())
    assert snap_compare(app, terminal_size=(width, height), run_before=stage)
