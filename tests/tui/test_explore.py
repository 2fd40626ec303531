"""The Explore tab over a real store: what it shows, how one walks in it, what its keys do."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from store import events
from store.status import ModelStatus
from tests.explore_worlds import build_explore_world, key_of
from tests.tui.conftest import WorldMaker
from tests.tui.staging import StagedEngine, staged_app, text_of, until, until_shown
from tests.worlds import NOW, World
from tui.widgets.lineage_graph import LineageGraph
from tui.widgets.run.explore import ExplorePane

LARGE = (160, 45)
SMALL = (80, 24)

MakeShape = Callable[[str], Awaitable[World]]


@pytest.fixture
def make_shape(tmp_path: Path) -> MakeShape:
    """Gives a world with one run over a graph of a named shape."""

    async def make(name: str) -> World:
        return await asyncio.to_thread(lambda: asyncio.run(build_explore_world(name, tmp_path / "analytics")))

    return make


def graph_of(pilot: Pilot[None]) -> LineageGraph:
    return pilot.app.screen.query_one(LineageGraph)


def chosen_of(pilot: Pilot[None]) -> str | None:
    return graph_of(pilot).chosen


async def open_explore(pilot: Pilot[None], key: str = "3") -> None:
    """Opens the tab and waits for the graph."""
    await until_shown(pilot, " Explore ")
    await until(pilot, lambda: pilot.app.screen.record is not None, "the run")  # type: ignore[attr-defined]
    await pilot.press(key)
    await until(pilot, lambda: graph_of(pilot).picture is not None, "the graph")


async def on(pilot: Pilot[None], name: str) -> None:
    await until(pilot, lambda: chosen_of(pilot) == key_of(name), f"{name} to be the chosen one")


async def told(pilot: Pilot[None], sentence: str) -> None:
    """Waits for a notification, wherever its lines are broken."""
    await until(pilot, lambda: any(sentence in each.message for each in pilot.app._notifications), sentence)


class TestWalking:
    async def test_along_the_edges_and_back_to_where_one_came_from(self, make_shape: MakeShape) -> None:
        world = await make_shape("cone")
        async with staged_app(world, world.runs["run"]).run_test(size=LARGE) as pilot:
            await open_explore(pilot)
            await on(pilot, "fares")
            await pilot.press("l", "g")
            await on(pilot, "fare_days")
            await pilot.press("j")
            await on(pilot, "fare_zones")
            await pilot.press("h")
            await on(pilot, "fares")
            await pilot.press("l")
            await on(pilot, "fare_zones")
            await pilot.press("l", "l")
            await on(pilot, "dashboard Fares")

    async def test_onto_what_was_hidden_behind_a_stub(self, make_shape: MakeShape) -> None:
        world = await make_shape("deep")
        async with staged_app(world, world.runs["run"]).run_test(size=SMALL) as pilot:
            await open_explore(pilot)
            await on(pilot, "step_12")
            for number in (11, 10, 9):
                await pilot.press("h")
                await on(pilot, f"step_{number:02d}") if number == 11 else None
            await until(pilot, lambda: chosen_of(pilot) not in (key_of("step_12"), key_of("step_11")), "a step before")
            for _ in range(12):
                await pilot.press("h")
            await on(pilot, "step_01")

    async def test_search_goes_to_a_model_by_part_of_its_name(self, make_shape: MakeShape) -> None:
        world = await make_shape("thousand")
        async with staged_app(world, world.runs["run"]).run_test(size=LARGE) as pilot:
            await open_explore(pilot)
            await pilot.press("slash", *"M099", "enter")
            await on(pilot, "m0990")
            await pilot.press("n", "n")
            await on(pilot, "m0992")
            await pilot.press("N")
            await on(pilot, "m0991")
            await pilot.press("slash", *"x", "enter")
            told = pilot.app._notifications
            await until(
                pilot, lambda: any("No model here has" in each.message for each in told), "that nothing is found"
            )

    async def test_levels_and_the_whole_graph(self, make_shape: MakeShape) -> None:
        world = await make_shape("deep")
        async with staged_app(world, world.runs["run"]).run_test(size=LARGE) as pilot:
            await open_explore(pilot)
            await until_shown(pilot, "2 levels up and down")
            await pilot.press("plus")
            await until_shown(pilot, "3 levels up and down")
            await pilot.press("minus", "minus", "minus")
            await until_shown(pilot, "1 level up and down")
            await pilot.press("0")
            await until_shown(pilot, "all 30 nodes")
            await pilot.press("0")
            await until_shown(pilot, "2 levels up and down")

    async def test_zooming_draws_smaller_and_keeps_the_chosen_one(self, make_shape: MakeShape) -> None:
        world = await make_shape("small")
        async with staged_app(world, world.runs["run"]).run_test(size=LARGE) as pilot:
            await open_explore(pilot)
            await until_shown(pilot, "┫ report")
            before = chosen_of(pilot)
            await pilot.press("z")
            await until_shown(pilot, "✓ report")
            await pilot.press("z")
            await until_shown(pilot, "[✓]")
            assert chosen_of(pilot) == before

    async def test_a_click_chooses_a_box(self, make_shape: MakeShape) -> None:
        world = await make_shape("small")
        async with staged_app(world, world.runs["run"]).run_test(size=LARGE) as pilot:
            await open_explore(pilot)
            graph = graph_of(pilot)
            assert graph.picture is not None
            box = graph.picture.drawing.layout.boxes[key_of("zones")]
            await pilot.click(LineageGraph, offset=(box.x + 3, box.middle))
            await on(pilot, "zones")


class TestFailures:
    async def test_the_graph_opens_on_the_root_cause(self, make_shape: MakeShape) -> None:
        world = await make_shape("cone")
        async with staged_app(world, world.runs["run"]).run_test(size=LARGE) as pilot:
            await open_explore(pilot)
            await until_shown(pilot, "1 root cause → 3 skipped → 1 exposure")
            await on(pilot, "fares")
            await pilot.press("f", "l", "l", "l")
            await until_shown(pilot, "▲ stale exposure")

    async def test_a_key_lists_the_causes_and_enter_shows_the_cone(self, make_shape: MakeShape) -> None:
        world = await make_shape("cone")
        async with staged_app(world, world.runs["run"]).run_test(size=LARGE) as pilot:
            await open_explore(pilot)
            await pilot.press("C")
            await until_shown(pilot, "root cause, and what it took down")
            lines = text_of(pilot).splitlines()
            causes = [line.split()[0] for line in lines if "↷ skipped" in line or "✗ since" in line or "▲" in line]
            assert causes[:5] == ["fares", "fare_days", "fare_zones", "finance", "dashboard"]
            await pilot.press("j", "enter")
            await until_shown(pilot, "all 5 nodes")
            await on(pilot, "fare_days")
            await pilot.press("escape")
            await until_shown(pilot, "all 12 nodes")

    async def test_failed_only_shows_what_failed_and_fell(self, make_shape: MakeShape) -> None:
        world = await make_shape("cone")
        async with staged_app(world, world.runs["run"]).run_test(size=LARGE) as pilot:
            await open_explore(pilot)
            await pilot.press("F")
            await until_shown(pilot, "all 5 nodes")
            assert "zone_days" not in text_of(pilot)
            await pilot.press("F")
            await until_shown(pilot, "zone_days")

    async def test_keys_pressed_before_the_graph_is_there_are_not_lost(self, make_shape: MakeShape) -> None:
        world = await make_shape("cone")
        async with staged_app(world, world.runs["run"]).run_test(size=LARGE) as pilot:
            await until(pilot, lambda: pilot.app.screen.record is not None, "the run")  # type: ignore[attr-defined]
            await until_shown(pilot, "took down")
            pane = pilot.app.screen.query_one(ExplorePane)
            pane.action_toggle_failed()
            await pilot.press("3")
            await until_shown(pilot, "failed only")

    async def test_a_good_run_has_no_causes(self, make_shape: MakeShape) -> None:
        world = await make_shape("small")
        async with staged_app(world, world.runs["run"]).run_test(size=LARGE) as pilot:
            await open_explore(pilot)
            await pilot.press("C")
            await told(pilot, "there is no cause to look for")
            await pilot.press("F")
            await told(pilot, "Nothing failed in this run")

    async def test_error_keys_go_from_one_failed_model_to_the_next(self, make_shape: MakeShape) -> None:
        world = await make_shape("cone")
        async with staged_app(world, world.runs["run"]).run_test(size=LARGE) as pilot:
            await open_explore(pilot)
            await pilot.press("l", "l")
            await on(pilot, "finance")
            await pilot.press("e")
            await on(pilot, "fares")


class TestPages:
    async def test_at_80x24_graph_and_pages_take_turns(self, make_shape: MakeShape) -> None:
        world = await make_shape("cone")
        async with staged_app(world, world.runs["run"]).run_test(size=SMALL) as pilot:
            await open_explore(pilot)
            assert "Overview" not in text_of(pilot)
            await pilot.press("enter")
            await until_shown(pilot, "Conversion Error: Could not convert")
            await pilot.press("greater_than_sign")
            await until_shown(pilot, "downstream 3")
            await pilot.press("escape")
            await until(pilot, lambda: "Overview" not in text_of(pilot), "the graph to come back")
            assert graph_of(pilot).has_focus

    async def test_the_page_follows_the_graph(self, make_shape: MakeShape) -> None:
        world = await make_shape("cone")
        async with staged_app(world, world.runs["run"]).run_test(size=LARGE) as pilot:
            await open_explore(pilot)
            await until_shown(pilot, "✗ failed  fares")
            await pilot.press("h")
            await until_shown(pilot, "✓ succeeded  stg_trips")

    async def test_enter_on_the_impact_page_goes_there(self, make_shape: MakeShape) -> None:
        world = await make_shape("cone")
        async with staged_app(world, world.runs["run"]).run_test(size=LARGE) as pilot:
            await open_explore(pilot)
            await pilot.press("greater_than_sign", "enter")
            await until_shown(pilot, "exposures 1")
            await pilot.press("j", "enter")
            await on(pilot, "dashboard Fares")

    async def test_full_screen_leaves_nothing_but_the_graph(self, make_shape: MakeShape) -> None:
        world = await make_shape("cone")
        async with staged_app(world, world.runs["run"]).run_test(size=LARGE) as pilot:
            await open_explore(pilot)
            await pilot.press("f")
            await until(pilot, lambda: "Timeline" not in text_of(pilot), "the head to go")
            assert "Overview" not in text_of(pilot)
            await pilot.press("4")
            await until_shown(pilot, "critical path")
            assert "Timeline" in text_of(pilot)

    async def test_the_definition_is_shown_with_the_line_that_failed(self, make_world: WorldMaker) -> None:
        world = make_world("failed")
        async with staged_app(world, world.runs["failed"]).run_test(size=LARGE) as pilot:
            await open_explore(pilot)
            await pilot.press("d")
            await until_shown(pilot, "14      tailnum,")
            await pilot.press("d")
            await until_shown(pilot, "The same as in #17")

    async def test_the_trace_of_a_column_leads_to_its_users(self, make_world: WorldMaker) -> None:
        world = make_world("failed")
        async with staged_app(world, world.runs["failed"]).run_test(size=LARGE) as pilot:
            await open_explore(pilot)
            await pilot.press(*["greater_than_sign"] * 3, "enter")
            await until_shown(pilot, "13 columns")
            await until_shown(pilot, "used by 1 column")
            await pilot.press("enter", "j", "enter")
            await until(pilot, lambda: chosen_of(pilot) == "model.flights.mart_delay_trends", "the user of the column")
            await asyncio.to_thread(world.services.sql.close)

    async def test_intervals_of_a_sqlmesh_model(self, make_world: WorldMaker) -> None:
        world = make_world("mesh")
        async with staged_app(world, world.runs["applied"]).run_test(size=LARGE) as pilot:
            await open_explore(pilot, "4")
            assert graph_of(pilot).choose('"flights"."marts"."daily_delays"')
            await pilot.press(*["less_than_sign"] * 2, "enter")
            await until_shown(pilot, "processed in this run  12 intervals")
            assert "2013-01-01 → 2014-01-01" in text_of(pilot)

    async def test_the_log_page_has_the_lines_about_the_model(self, make_world: WorldMaker) -> None:
        world = make_world("failed")
        async with staged_app(world, world.runs["failed"]).run_test(size=LARGE) as pilot:
            await open_explore(pilot)
            await pilot.press("less_than_sign")
            await until_shown(pilot, "[int_delays] START")
            assert "[stg_flights]" not in text_of(pilot)


class TestBetweenTabs:
    async def test_the_chosen_model_goes_along(self, make_world: WorldMaker) -> None:
        world = make_world("completed")
        async with staged_app(world, world.runs["completed"]).run_test(size=LARGE) as pilot:
            await until_shown(pilot, "✓ completed")
            await pilot.press("j", "j")
            await pilot.press("v")
            await until(pilot, lambda: graph_of(pilot).picture is not None, "the graph")
            chosen = chosen_of(pilot)
            await pilot.press("h")
            await until(pilot, lambda: chosen_of(pilot) != chosen, "its parent")
            parent = chosen_of(pilot)
            await pilot.press("v")
            pane = pilot.app.screen.query_one("#models")
            await until(pilot, lambda: pane.chosen_node() == parent, "the parent in the list")  # type: ignore[attr-defined]

    async def test_an_audit_leads_to_its_model(self, make_world: WorldMaker) -> None:
        world = make_world("completed")
        async with staged_app(world, world.runs["completed"]).run_test(size=LARGE) as pilot:
            await until_shown(pilot, "✓ completed")
            await pilot.press("2", "v")
            await until(pilot, lambda: graph_of(pilot).picture is not None, "the graph")
            node = chosen_of(pilot)
            assert node is not None
            assert node.startswith("model.")


class TestPlans:
    async def test_a_plan_that_is_only_shown_says_what_it_would_change(self, make_world: WorldMaker) -> None:
        world = make_world("mesh")
        async with staged_app(world, world.runs["preview"]).run_test(size=LARGE) as pilot:
            await open_explore(pilot, "4")
            await until_shown(pilot, "~ directly modified")
            assert chosen_of(pilot) == '"flights"."core"."flown_flights"'


class TestLive:
    async def test_statuses_change_and_nothing_moves(self, make_world: WorldMaker) -> None:
        world, engine = make_world("running"), StagedEngine()
        run_id = world.runs["running"]
        async with staged_app(world, run_id, engine).run_test(size=LARGE) as pilot:
            await open_explore(pilot)
            assert graph_of(pilot).choose("model.flights.fct_flights")
            await until_shown(pilot, "● running")
            layout = graph_of(pilot).picture
            finished = events.ModelFinished(
                ts=NOW, model="model.flights.fct_flights", status=ModelStatus.SUCCEEDED, duration_s=99.0
            )
            await world.happen(run_id, finished)
            engine.say(run_id)
            await until_shown(pilot, "✓ succeeded  fct_flights")
            assert graph_of(pilot).picture is layout

    async def test_before_the_models_are_known_it_says_so(self, make_world: WorldMaker) -> None:
        world, engine = make_world("queued"), StagedEngine()
        async with staged_app(world, world.runs["queued"], engine).run_test(size=LARGE) as pilot:
            await until_shown(pilot, "Waits for")
            await pilot.press("3")
            await until_shown(pilot, "The lineage appears here once the tool has read the project.")
            await pilot.press("l", "j", "C", "F", "f", "z", "0", "enter", "d", "e")
            assert "The lineage appears here" in text_of(pilot)
