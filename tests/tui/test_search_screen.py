"""The search in the logs, as a person uses it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from store.errors import StoreDamaged
from store.search.searching import Progress
from tests.tui.conftest import WorldMaker
from tests.tui.staging import StagedEngine, staged_app, text_of, until, until_shown, until_still
from tests.worlds import World
from tui.app import RunroomApp
from tui.screens import search as search_screen
from tui.screens.run import RunScreen
from tui.screens.search import HitTable, SearchScreen
from tui.search import choices
from tui.widgets.log_view import LogView

SIZE = (100, 30)


def app_on(world: World, role: str | None = "failed") -> RunroomApp:
    return staged_app(world, world.runs[role] if role else None, engine=StagedEngine())


async def open_search(pilot: Pilot[None]) -> None:
    await until_still(pilot)
    await pilot.press("ctrl+s")
    await until(pilot, lambda: isinstance(pilot.app.screen, SearchScreen), "the search")
    await until_shown(pilot, "Type what to look for")


async def test_hits_of_the_run_come_first_and_enter_opens_the_place(make_world: WorldMaker) -> None:
    world = make_world("recurring")
    async with app_on(world).run_test(size=SIZE) as pilot:
        await open_search(pilot)
        await pilot.press(*"candidate", "enter")
        await until_shown(pilot, "2 lines in 1 run")
        assert "int_aircraft_rotations" in text_of(pilot)
        await pilot.press("G", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, RunScreen), "the run's page")
        await until_shown(pilot, "with /candidate")
        log = pilot.app.screen.query_one(LogView)
        await until(pilot, lambda: log.status is not None and log.status.matches == 2, "all matches")
        await until_shown(pilot, "[int_delays]   Candidate")
        assert "Candidate" in _found(log)
        await pilot.press("N")
        await until(pilot, lambda: "int_aircraft_rotations" in _found(log), "the match before the opened one")
        await pilot.press("escape", "escape")  # the search in the log, then the page
        await until(pilot, lambda: isinstance(pilot.app.screen, SearchScreen), "the hits as they were left")
        assert "2 lines in 1 run" in text_of(pilot)


def _found(log: LogView) -> str:
    reading = log.reading
    assert reading is not None
    line = next(line for line in reading.window.lines if line.start == reading.match_start)
    return line.content.decode()


async def test_the_arrow_goes_from_the_box_to_the_hits(make_world: WorldMaker) -> None:
    world = make_world("recurring")
    async with app_on(world).run_test(size=SIZE) as pilot:
        await open_search(pilot)
        await pilot.press(*"candidate")
        await until_shown(pilot, "2 lines in 1 run")
        await pilot.press("down")
        await until(pilot, lambda: isinstance(pilot.app.focused, HitTable), "the hits")


async def test_elsewhere_the_job_and_the_workspace_are_searched(make_world: WorldMaker) -> None:
    world = make_world("recurring")
    async with app_on(world).run_test(size=SIZE) as pilot:
        await open_search(pilot)
        await pilot.press(*"binder", "enter")
        await until_shown(pilot, "2 lines in 1 run")
        await pilot.press("ctrl+o")
        await until_shown(pilot, "3 lines in 2 runs")
        await pilot.press("ctrl+o")
        await until_shown(pilot, "4 lines in 3 runs")
        await pilot.press("ctrl+o")
        await until_shown(pilot, "2 lines in 1 run")


async def test_how_many_runs_are_searched_is_chosen(make_world: WorldMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choices, "LAST_RUNS", (1, 2, None))
    world = make_world("recurring")
    async with app_on(world, None).run_test(size=(80, 24)) as pilot:
        await open_search(pilot)
        await pilot.press(*"binder", "enter")
        await until_shown(pilot, "19 runs, ")
        await pilot.press("ctrl+n")
        await until_shown(pilot, "last 1 of the workspace")
        await until_shown(pilot, "1 run, ")
        await pilot.press("ctrl+n")
        await until_shown(pilot, "last 2 of the workspace")
        await until_shown(pilot, "2 runs, ")


async def test_of_one_run_nobody_chooses_how_many(make_world: WorldMaker) -> None:
    async with app_on(make_world("recurring")).run_test(size=(120, 24)) as pilot:
        await open_search(pilot)
        assert "ctrl+n" not in text_of(pilot)
        await pilot.press("ctrl+n", "ctrl+o")
        await until_shown(pilot, "ctrl+n how many")
        assert "last 20 of nightly" in text_of(pilot)


async def test_the_way_back_is_told_where_there_is_little_room(make_world: WorldMaker) -> None:
    async with app_on(make_world("recurring")).run_test(size=(80, 24)) as pilot:
        await open_search(pilot)
        assert "esc back" in text_of(pilot)
        await pilot.press(*"candidate", "enter")
        await until_shown(pilot, "enter open")
        assert "esc back" in text_of(pilot)


async def test_a_hit_has_the_whole_width(make_world: WorldMaker) -> None:
    async with app_on(make_world("recurring")).run_test(size=(80, 24)) as pilot:
        await open_search(pilot)
        await pilot.press(*"binder error", "enter")
        await until_shown(pilot, "2 lines in 1 run")
        hit = next(line for line in text_of(pilot).splitlines() if "ERROR Binder Error" in line)
        assert len(hit.rstrip()) >= 76  # beside the scroll bar and the margins


async def test_from_home_the_workspace_is_searched(make_world: WorldMaker) -> None:
    world = make_world("recurring")
    async with app_on(world, None).run_test(size=SIZE) as pilot:
        await open_search(pilot)
        await pilot.press(*"binder", "enter")
        await until_shown(pilot, "4 lines in 3 runs")
        await pilot.press("enter")
        await until_shown(pilot, f"#{world.runs['failed']} nightly · flights/prod")
        assert isinstance(pilot.app.screen, RunScreen)


async def test_expressions_and_what_is_none(make_world: WorldMaker) -> None:
    async with app_on(make_world("failed")).run_test(size=SIZE) as pilot:
        await open_search(pilot)
        await pilot.press(*"bind(")
        await until_shown(pilot, "No line of these logs has that")
        await pilot.press("ctrl+r")
        await until_shown(pilot, "is no regular expression")
        await pilot.press("backspace", *".r")
        await until_shown(pilot, "1 line in 1 run")


async def test_escape_stops_the_search_and_then_goes_back(
    make_world: WorldMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = asyncio.Event()

    async def endless(*_: object, **__: object) -> AsyncIterator[Progress]:
        yield Progress(1, 1_000, 0.25)
        begun.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(search_screen, "search", endless)
    async with app_on(make_world("failed")).run_test(size=SIZE) as pilot:
        await open_search(pilot)
        await pilot.press(*"binder", "enter")
        await until(pilot, begun.is_set, "a search that goes on")
        await pilot.press("escape")
        await until_shown(pilot, "stopped at 25%")
        assert isinstance(pilot.app.screen, SearchScreen)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, RunScreen), "the page behind")


async def test_a_store_that_cannot_be_read_is_said(make_world: WorldMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object, **__: object) -> AsyncIterator[Progress]:
        raise StoreDamaged("The store cannot be read.")
        yield Progress(0, 0, 0.0)

    monkeypatch.setattr(search_screen, "search", broken)
    async with app_on(make_world("failed")).run_test(size=SIZE) as pilot:
        await open_search(pilot)
        await pilot.press(*"binder", "enter")
        await until_shown(pilot, "The store cannot be read.")


async def test_nothing_is_searched_for_until_something_is_typed(make_world: WorldMaker) -> None:
    async with app_on(make_world("failed")).run_test(size=SIZE) as pilot:
        await open_search(pilot)
        await pilot.press("x")
        await until_shown(pilot, "searched")
        await pilot.press("backspace")
        await until_shown(pilot, "Type what to look for")
        assert not pilot.app.screen.query_one(HitTable).display
        assert pilot.app.screen.query_one(Input).has_focus
