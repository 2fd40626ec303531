"""How the search in the logs looks: a changed picture fails. `make snapshots` makes them again."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from textual.pilot import Pilot

from store.search.searching import Progress, SearchEvent, search
from tests.tui.conftest import WorldMaker
from tests.tui.staging import staged_app, until, until_shown, until_still
from tui.screens import search as search_screen
from tui.screens.search import SearchScreen

SIZES = ("80x24", "120x40")
SCENES = {
    # The scene: the keys, what is seen when all is there.
    "first": ((), "Type what to look for"),
    "hits": ((*"binder", "ctrl+o", "ctrl+o", "enter", "j", "j"), "4 lines in 3 runs"),
    "names": ((*"int_delays", "ctrl+o", "ctrl+n", "enter"), "last 100 of nightly"),
    "none": ((*"no such words",), "No line of these logs"),
    "expression": ((*"bind(", "ctrl+r"), "is no regular expression"),
}


async def open_search(pilot: Pilot[None]) -> None:
    await until_shown(pilot, " · flights/")
    await until_still(pilot)
    await pilot.press("ctrl+s")
    await until(pilot, lambda: isinstance(pilot.app.screen, SearchScreen), "the search")
    await until_shown(pilot, "Type what to look for")
    # A cursor that blinks is now there and now not.
    pilot.app.screen.query_one("#search-box").cursor_blink = False  # type: ignore[attr-defined]


def picture(
    name: str, size: str, make_world: WorldMaker, snap_compare: object, keys: tuple[str, ...], seen: str
) -> None:
    world = make_world(name)

    async def stage(pilot: Pilot[None]) -> None:
        await open_search(pilot)
        await pilot.press(*keys)
        await until_shown(pilot, seen)
        await until_still(pilot)

    width, height = map(int, size.split("x"))
    assert callable(snap_compare)
    assert snap_compare(staged_app(world, world.runs["failed"]), terminal_size=(width, height), run_before=stage)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scene", SCENES)
def test_search(
    scene: str, size: str, make_world: WorldMaker, snap_compare: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    picture("recurring", size, make_world, snap_compare, *SCENES[scene])


@pytest.mark.parametrize("size", SIZES)
def test_search_searching(
    size: str, make_world: WorldMaker, snap_compare: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search that found something and goes on for ever."""
    monkeypatch.delenv("NO_COLOR", raising=False)

    async def unfinished(*arguments: object, **how: object) -> AsyncIterator[SearchEvent]:
        async for event in search(*arguments, **how):  # type: ignore[arg-type]
            yield event
        yield Progress(12, 34_500_000, 0.42)
        screens[0]._paint()
        await asyncio.Event().wait()

    screens: list[SearchScreen] = []
    mount = SearchScreen.on_mount
    monkeypatch.setattr(SearchScreen, "on_mount", lambda screen: (screens.append(screen), mount(screen))[1])  # type: ignore[func-returns-value]
    monkeypatch.setattr(search_screen, "search", unfinished)
    monkeypatch.setattr("tests.tui.staging._is_reading", lambda pilot: False)
    picture("recurring", size, make_world, snap_compare, tuple("binder"), "searching 42%")
