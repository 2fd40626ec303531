"""Plans in the app: shown, applied, made for environments old and new; repairs; what SQLMesh knows, asked again."""

import pytest
from textual.pilot import Pilot

from engine.errors import UsageError
from store import events
from store.models import RunOptions
from tests.mesh_graph import fqn, month
from tests.tui.conftest import WorldMaker
from tests.tui.staging import StagedEngine, staged_app, text_of, until, until_shown
from tests.worlds import NOW
from tui.app import RunroomApp
from tui.screens.run import RunScreen
from tui.services import Services
from tui.widgets.environment_list import EnvironmentList
from tui.widgets.styled_lines import StyledLines

SIZE = (100, 30)
DEV = "flights_mesh/dev_anna"


def line_with(pilot: Pilot[None], text: str) -> str:
    return next((line for line in text_of(pilot).splitlines() if text in line), "")


async def choose(pilot: Pilot[None], name: str) -> None:
    """Puts the cursor of home on an environment of SQLMesh."""
    await until_shown(pilot, name)
    places = pilot.app.screen.query_one(EnvironmentList)
    places.focus()
    await pilot.press("G")
    for _ in range(3):
        if name in str(places.get_option_at_index(places.highlighted or 0).prompt):
            break
        await pilot.press("k")
    await until_shown(pilot, f"{name}   flights_mesh")


class TestPlanPage:
    async def test_a_plan_that_is_shown_only_opens_on_what_it_would_do(self, make_world: WorldMaker) -> None:
        world = make_world("mesh")
        async with staged_app(world, world.runs["preview"]).run_test(size=SIZE) as pilot:
            await until_shown(pilot, "p applies this plan")
            for said in ("7 models change", "added ", "removed ", "formatting only", "← core.flown_flights"):
                assert said in text_of(pilot), said
            assert "12 batches" in line_with(pilot, "  marts.daily_delays  2013")

    async def test_its_lines_are_searched(self, make_world: WorldMaker) -> None:
        world = make_world("mesh")
        async with staged_app(world, world.runs["preview"]).run_test(size=(80, 24)) as pilot:
            await until_shown(pilot, "p applies this plan")
            assert "average_delay" not in text_of(pilot)
            await pilot.press("slash", *"average", "enter")
            await until_shown(pilot, "AS average_delay")
            await pilot.press("g")
            await until_shown(pilot, "What would change")

    async def test_applying_says_what_it_does_and_asks_first(self, make_world: WorldMaker) -> None:
        world = make_world("mesh")
        async with staged_app(world, world.runs["preview"]).run_test(size=SIZE, notifications=True) as pilot:
            await until_shown(pilot, "p applies this plan")
            await pilot.press("p")
            await until_shown(pilot, f"Apply the plan of #{world.runs['preview']} to {DEV}?")
            assert "2  models directly modified" in text_of(pilot)
            assert "3 models to load in 36 batches, 2013-01-01 → 2014-01-01" in text_of(pilot)
            assert "PRODUCTION" not in text_of(pilot)
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, RunScreen), "the dialog to close")
            assert world.actions.calls == []

            await pilot.press("p")
            await until_shown(pilot, "Leave it")
            await pilot.press("y")
            wanted = ("plan", DEV, RunOptions(apply=True, expect="5f3c9e"))
            await until(pilot, lambda: world.actions.calls == [wanted], "the engine to be asked")
            await until(pilot, lambda: shown_run(pilot) == world.runs["applying"], "the page of the new run")

    async def test_a_change_that_needs_a_category_is_asked_for(self, make_world: WorldMaker) -> None:
        world = make_world("mesh")
        async with staged_app(world, world.runs["uncategorised"]).run_test(size=SIZE) as pilot:
            await until_shown(pilot, "Breaking or not? p says it for flights.marts.daily_delays, ")
            await pilot.press("p")
            await until_shown(pilot, "[x] flights.marts.route_network")
            await pilot.press("j", "space", "enter")
            answer = ("flights.marts.daily_delays=breaking", "flights.marts.route_network=non_breaking")
            wanted = ("plan", DEV, RunOptions(categories=answer))
            await until(pilot, lambda: world.actions.calls == [wanted], "a new plan to be asked for")

    async def test_a_plan_without_work_is_not_applied(self, make_world: WorldMaker) -> None:
        world = make_world("mesh")
        async with staged_app(world, world.runs["idle-plan"]).run_test(size=SIZE, notifications=True) as pilot:
            await until_shown(pilot, "dev_anna is up to date: nothing to do.")
            assert "p apply" not in text_of(pilot)
            await pilot.press("p")
            await until_shown(pilot, "nothing to do.")
            assert world.actions.calls == []
            assert isinstance(pilot.app.screen, RunScreen)

    async def test_what_the_engine_refuses_is_said(self, make_world: WorldMaker) -> None:
        world = make_world("mesh")
        world.actions.problem = UsageError("The plan is no longer the one that was shown.")
        async with staged_app(world, world.runs["preview"]).run_test(size=SIZE, notifications=True) as pilot:
            await until_shown(pilot, "p applies this plan")
            await pilot.press("p")
            await until_shown(pilot, "Leave it")
            await pilot.press("y")
            await until_shown(pilot, "no longer the one")
            assert shown_run(pilot) == world.runs["preview"]

    async def test_the_phases_move_while_a_plan_is_applied(self, make_world: WorldMaker) -> None:
        world, engine = make_world("mesh"), StagedEngine()
        run_id = world.runs["applying"]
        async with staged_app(world, run_id, engine).run_test(size=SIZE) as pilot:
            await until_shown(pilot, "● evaluation 17/36")
            await pilot.press("1")
            await until_shown(pilot, "○ promotion   views are switched later")
            await world.happen(
                run_id,
                events.PhaseProgress(ts=NOW, phase="evaluation", state="succeeded", done=36, total=36),
                events.PhaseProgress(ts=NOW, phase="promotion", state="running", done=3, total=8),
            )
            engine.say(run_id)
            await until_shown(pilot, "✓ evaluation 36/36   ● promotion 3/8")
            assert "3/8  views are switched" in text_of(pilot)

    async def test_a_run_has_no_page_of_a_plan(self, make_world: WorldMaker) -> None:
        world = make_world("mesh")
        async with staged_app(world, world.runs["batches"]).run_test(size=SIZE) as pilot:
            await until_shown(pilot, "batch 5/12")
            assert "  Models" in text_of(pilot)
            assert " Plan " not in text_of(pilot)


class TestBatches:
    async def test_a_model_says_its_batch_and_how_far_it_is(self, make_world: WorldMaker) -> None:
        world, engine = make_world("mesh"), StagedEngine()
        run_id = world.runs["batches"]
        async with staged_app(world, run_id, engine).run_test(size=(120, 40)) as pilot:
            await until_shown(pilot, "batch 5/12 → 2013-06-01")
            done = events.ModelProgress(ts=NOW, model=fqn("marts.daily_delays"), batch=6, batches=12, interval=month(6))
            await world.happen(run_id, done)
            engine.say(run_id)
            await until_shown(pilot, "batch 6/12 → 2013-07-01")
            assert "2013-01-01 → 2013-07-01 in 6 parts" in text_of(pilot)

    async def test_a_model_says_which_signal_it_waits_for(self, make_world: WorldMaker) -> None:
        world = make_world("mesh")
        async with staged_app(world, world.runs["batches"]).run_test(size=(120, 40)) as pilot:
            await until_shown(pilot, "batch 5/12")
            await pilot.press("j")
            await until_shown(pilot, "waits for the signal flights_arrived (2013-12-31 00:00 to 2014-01-01 00:00 UTC)")


class TestRepair:
    async def test_half_written_intervals_are_named_and_repaired_after_asking(self, make_world: WorldMaker) -> None:
        world = make_world("mesh")
        run_id = world.runs["torn"]
        async with staged_app(world, run_id).run_test(size=SIZE, notifications=True) as pilot:
            await until_shown(pilot, "1 half-written interval counts as loaded")
            assert "2013-04-01 → 2013-05-01" in line_with(pilot, "marts.daily_delays  2013")
            await pilot.press("m")
            await until_shown(pilot, "flights_mesh/prod is PRODUCTION.")
            await pilot.press("y")
            await until(pilot, lambda: world.actions.calls == [("repair", run_id)], "the engine to be asked")

    async def test_a_repaired_run_says_by_which(self, make_world: WorldMaker) -> None:
        world = make_world("mesh")
        async with staged_app(world, world.runs["repaired"]).run_test(size=SIZE, notifications=True) as pilot:
            await until_shown(pilot, f"✓ 2 half-written intervals, repaired by #{world.runs['repair']}")
            await pilot.press("m")
            assert world.actions.calls == []


class TestEnvironments:
    async def test_what_sqlmesh_knows_stands_on_the_page(self, make_world: WorldMaker) -> None:
        async with staged_app(make_world("mesh"), engine=StagedEngine()).run_test(size=(120, 40)) as pilot:
            await choose(pilot, "dev_anna")
            for said in ("3m ago", "4/6, 1 behind, 1 pending", "+1 ~3", "in 6d", "b1d4c07e"):
                assert said in text_of(pilot), said

    async def test_an_unfinalised_environment_that_only_sqlmesh_knows_tells_the_cure(
        self, make_world: WorldMaker
    ) -> None:
        async with staged_app(make_world("mesh"), engine=StagedEngine()).run_test(size=(120, 40)) as pilot:
            await choose(pilot, "dev_ben")
            await until_shown(pilot, "left half-way by a plan; apply a plan to heal it")

    async def test_p_plans_the_chosen_environment_and_shows_the_plan(self, make_world: WorldMaker) -> None:
        world = make_world("mesh")
        async with staged_app(world, engine=StagedEngine()).run_test(size=SIZE, notifications=True) as pilot:
            await choose(pilot, "dev_anna")
            await pilot.press("p")
            await until(pilot, lambda: world.actions.calls == [("plan", DEV, RunOptions())], "the plan")
            await until(pilot, lambda: isinstance(pilot.app.screen, RunScreen), "the page of the plan")

    async def test_a_new_environment_is_planned_with_choices(self, make_world: WorldMaker) -> None:
        world = make_world("mesh")
        async with staged_app(world, engine=StagedEngine()).run_test(size=SIZE, notifications=True) as pilot:
            await until_shown(pilot, "dev_anna")
            await pilot.press("P")
            await until_shown(pilot, "Which environment?")
            await pilot.press("enter")
            await pilot.press(*"dev_cleo")
            await until_shown(pilot, "flights_mesh/dev_cleo is not there yet")
            await pilot.press("tab", *"marts.carriers", "tab", *"2013-02-01", "tab", "tab", "space", "enter")
            options = RunOptions(restate=("marts.carriers",), start="2013-02-01", forward_only=True)
            wanted = ("plan", "flights_mesh/dev_cleo", options)
            await until(pilot, lambda: world.actions.calls == [wanted], "the plan")

    async def test_f5_asks_sqlmesh_again(self, make_world: WorldMaker) -> None:
        world = make_world("mesh")
        async with staged_app(world, engine=StagedEngine()).run_test(size=SIZE, notifications=True) as pilot:
            await choose(pilot, "dev_anna")
            await pilot.press("f5")
            await until_shown(pilot, "Read 2 environments of flights_mesh.")
            assert world.actions.calls == [("refresh", "flights_mesh")]

    async def test_what_keeps_sqlmesh_from_answering_is_said(self, make_world: WorldMaker) -> None:
        world = make_world("mesh")
        world.actions.problem = UsageError("A run of flights_mesh is going on.")
        async with staged_app(world, engine=StagedEngine()).run_test(size=SIZE, notifications=True) as pilot:
            await until_shown(pilot, "dev_anna")
            await pilot.press("ctrl+r")
            await until_shown(pilot, "A run of flights_mesh is going on.")

    async def test_i_shows_what_is_loaded_and_missing(self, make_world: WorldMaker) -> None:
        async with staged_app(make_world("mesh"), engine=StagedEngine()).run_test(size=SIZE) as pilot:
            await choose(pilot, "dev_anna")
            await pilot.press("i")
            await until_shown(pilot, "missing 2026-11-19 → 2026-11-21, 2 intervals")
            assert line_with(pilot, "marts.daily_delays").startswith(" ✗ behind")
            await pilot.press("slash", *"planes", "enter")
            assert pilot.app.screen.query_one(StyledLines).has_focus
            await pilot.press("escape")
            await until_shown(pilot, "dev_anna   flights_mesh")

    @pytest.mark.parametrize("key", ["p", "P", "f5"])
    async def test_read_only_acts_never(self, key: str, make_world: WorldMaker) -> None:
        world = make_world("mesh")
        services = Services(world.paths, world.services.reads, world.actions, world.services.clock, readonly=True)
        async with RunroomApp(services).run_test(size=SIZE, notifications=True) as pilot:
            await choose(pilot, "dev_anna")
            await pilot.press(key)
            await until_shown(pilot, "--readonly")
            assert world.actions.calls == []


def shown_run(pilot: Pilot[None]) -> int:
    screen = pilot.app.screen
    return screen.run_id if isinstance(screen, RunScreen) else 0
