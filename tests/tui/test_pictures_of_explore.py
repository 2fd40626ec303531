"""How the Explore tab looks: a changed picture fails. `make snapshots` makes them again."""

import asyncio
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.explore_worlds import build_explore_world
from tests.tui.conftest import WorldMaker
from tests.tui.staging import staged_app, until, until_shown, until_still
from tests.worlds import World
from tui.widgets.lineage_graph import LineageGraph

SIZES = ("80x24", "120x40")
SHAPES = {
    # The scene: its world of one run, the keys, what is seen when all is there.
    "small": ("small", (), "all 5 nodes"),
    "wide": ("wide", ("h", "h", "space"), "26 of 122 nodes"),
    "deep": ("deep", (), "6 of 30 nodes"),
    "deep-whole": ("deep", ("0", "z", "z"), "dots"),
    "failed": ("cone", (), "all 12 nodes"),
    "failed-only": ("cone", ("F",), "failed only"),
    "causes": ("cone", ("C",), "root cause, and what it took down"),
    "cone": ("cone", ("C", "j", "enter"), "all 5 nodes"),
    "thousand": ("thousand", (), "of 1,000 nodes"),
    "thousand-full": ("thousand", ("f", "plus"), "3 levels up and down"),
    "find": ("thousand", ("slash", "0", "9", "9", "enter"), "┫ m0990"),
    "impact": ("cone", ("enter", "greater_than_sign"), "downstream 3"),
}
PAGES = {
    # The page: the world, the part that the run plays, the tab's number, the keys, what is seen when all is there.
    "overview": ("failed", "failed", "3", ("enter",), "LINE 14:"),
    "definition": ("failed", "failed", "3", ("d",), "tailnum,"),
    "schema": ("failed", "failed", "3", ("enter", *["greater_than_sign"] * 3), "used by 1 column"),
    "intervals": ("mesh", "applied", "4", ("enter", "less_than_sign", "less_than_sign"), "in this run"),
    "log": ("failed", "failed", "3", ("enter", "less_than_sign"), "[int_delays] START"),
    "running": ("running", "running", "3", (), "● running"),
    "plan": ("mesh", "preview", "4", (), "~ directly modified"),
    "nothing-yet": ("queued", "queued", "3", (), "once the tool has read the project"),
}


async def _play(pilot: Pilot[None], tab: str, keys: tuple[str, ...], seen: str, has_graph: bool) -> None:
    await until_shown(pilot, " · flights")
    await until_still(pilot)
    await pilot.press(tab)
    graph = pilot.app.screen.query_one(LineageGraph)
    await until(pilot, lambda: not has_graph or graph.picture is not None, "the graph")
    await until_still(pilot)
    for key in keys:
        await pilot.press(key)
        await until_still(pilot)
    await until_shown(pilot, seen)
    await until_still(pilot)


def _compare(world: World, run_id: int, size: str, play: object, snap_compare: object) -> None:
    width, height = map(int, size.split("x"))
    assert callable(snap_compare)
    assert snap_compare(staged_app(world, run_id), terminal_size=(width, height), run_before=play)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scene", SHAPES)
def test_explore(scene: str, size: str, tmp_path: Path, snap_compare: object, monkeypatch: pytest.MonkeyPatch) -> None:
    name, keys, seen = SHAPES[scene]
    monkeypatch.delenv("NO_COLOR", raising=False)
    world = asyncio.run(build_explore_world(name, tmp_path / "analytics"))

    async def play(pilot: Pilot[None]) -> None:
        await _play(pilot, "3", keys, seen, has_graph=True)

    _compare(world, world.runs["run"], size, play, snap_compare)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("page", PAGES)
def test_explore_page(
    page: str, size: str, make_world: WorldMaker, snap_compare: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, role, tab, keys, seen = PAGES[page]
    monkeypatch.delenv("NO_COLOR", raising=False)
    world = make_world(name)

    async def play(pilot: Pilot[None]) -> None:
        await _play(pilot, tab, keys, seen, has_graph=page != "nothing-yet")

    _compare(world, world.runs[role], size, play, snap_compare)
    world.services.sql.close()
