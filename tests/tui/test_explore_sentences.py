"""The Explore tab on a small terminal: every sentence can be read to its end."""

import asyncio
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.explore_worlds import build_explore_world
from tests.tui.staging import staged_app, text_of, until, until_shown
from tests.worlds import World
from tui.widgets.lineage_graph import LineageGraph

SMALL = (80, 24)
NARROW = (56, 24)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A run in which `fares` failed, with what it took down."""
    return asyncio.run(build_explore_world("cone", tmp_path / "analytics"))


async def open_explore(pilot: Pilot[None]) -> None:
    await until_shown(pilot, " · flights")
    await pilot.press("3")
    graph = pilot.app.screen.query_one(LineageGraph)
    await until(pilot, lambda: graph.picture is not None and graph.has_focus, "the graph")


def last_line(pilot: Pilot[None]) -> str:
    """The line above the keys."""
    return text_of(pilot).rstrip().splitlines()[-2].strip()


async def test_the_line_below_the_graph_names_the_chosen_model_at_every_zoom(world: World) -> None:
    async with staged_app(world, world.runs["run"]).run_test(size=SMALL) as pilot:
        await open_explore(pilot)
        await until(pilot, lambda: last_line(pilot).startswith("✗ failed  fares  4.5s  Conversion Error:"), "fares")
        await pilot.press("z")
        await until_shown(pilot, "[✗]")
        assert last_line(pilot).startswith("✗ failed  fares  4.5s  Conversion Error: Could not convert string 'n/a' to")
        await pilot.press("l")
        await until(pilot, lambda: last_line(pilot).startswith("↷ skipped  fare_"), "what fell with it")
        assert last_line(pilot).endswith("fares did not succeed")
        await pilot.press("f")
        await until(pilot, lambda: "Timeline" not in text_of(pilot), "the full screen")
        assert last_line(pilot).startswith("↷ skipped  fare_")


async def test_below_the_causes_stands_the_whole_error_and_the_first_bad_run(world: World) -> None:
    async with staged_app(world, world.runs["run"]).run_test(size=SMALL) as pilot:
        await open_explore(pilot)
        await pilot.press("C")
        await until_shown(pilot, "✗ since #1")
        await until_shown(pilot, "✗ fares  fails since #1 (")
        said = " ".join(text_of(pilot).split())
        assert "Could not convert string 'n/a' to DOUBLE LINE 3: cast(fare as double) as fare" in said
        assert "^" not in said
        assert "in 1 run; it never went well here before" in said
        await pilot.press("j")
        await until_shown(pilot, "fare_days is because of ✗ fares  fails since #1 (")
        assert "'n/a' to DOUBLE" in " ".join(text_of(pilot).split())
        await pilot.press("C")
        await until(pilot, lambda: last_line(pilot).startswith("↷ skipped  fare_days"), "the line of the graph again")


async def test_a_long_error_goes_on_below(world: World) -> None:
    async with staged_app(world, world.runs["run"]).run_test(size=NARROW) as pilot:
        await open_explore(pilot)
        await pilot.press("enter")
        await until_shown(pilot, "▌   to DOUBLE")
        assert "▌   Conversion Error: Could not convert string 'n/a'" in text_of(pilot)


async def test_the_sentence_of_a_page_without_intervals_is_whole(world: World) -> None:
    async with staged_app(world, world.runs["run"]).run_test(size=SMALL) as pilot:
        await open_explore(pilot)
        await pilot.press("enter", "less_than_sign", "less_than_sign")
        await until_shown(pilot, "dbt keeps no intervals")
        assert "the batches of this run stand here." in " ".join(text_of(pilot).split())
