"""What home does: it follows the record, goes where keys say, acts through the engine, and says what is wrong."""

import sqlite3
from dataclasses import replace

import pytest
from textual.pilot import Pilot

from engine.errors import UsageError
from store import events
from store.models import RunOptions
from store.status import ModelStatus, RunStatus
from tests.flights_graph import BY_NAME
from tests.tui.conftest import WorldMaker
from tests.tui.staging import StagedEngine, staged_app, text_of, until, until_shown, until_still
from tests.worlds import NOW
from tui.app import RunroomApp
from tui.screens.environments import EnvironmentsScreen
from tui.screens.run import RunScreen
from tui.widgets.activity import Activity, ActivityTable


def table_of(pilot: Pilot[None]) -> ActivityTable:
    return pilot.app.screen.query_one(ActivityTable)


def line_with(pilot: Pilot[None], text: str) -> str:
    return next((line for line in text_of(pilot).splitlines() if text in line), "")


async def until_rows(pilot: Pilot[None], count: int) -> None:
    await until(pilot, lambda: table_of(pilot).row_count == count, f"{count} runs")


async def home(pilot: Pilot[None]) -> None:
    """Waits until home shows runs and has the engine."""
    await until_shown(pilot, "● engine")
    await until(pilot, lambda: table_of(pilot).cursor_value, "a run under the cursor")


async def test_a_live_run_grows_in_its_row(make_world: WorldMaker) -> None:
    world, engine = make_world("running"), StagedEngine()
    run_id = world.runs["running"]
    async with staged_app(world, engine=engine).run_test(size=(80, 24), notifications=True) as pilot:
        await home(pilot)
        await until(pilot, lambda: "18/23" in line_with(pilot, f"#{run_id}"), "the progress so far")
        model = BY_NAME["fct_flights"].key
        await world.happen(run_id, events.ModelFinished(ts=NOW, model=model, status=ModelStatus.SUCCEEDED))
        engine.say(run_id)

        await until(pilot, lambda: "19/23" in line_with(pilot, f"#{run_id}"), "one more model")


async def test_a_run_that_fails_changes_row_and_health(make_world: WorldMaker) -> None:
    world, engine = make_world("running"), StagedEngine()
    run_id = world.runs["running"]
    async with staged_app(world, engine=engine).run_test(size=(80, 24), notifications=True) as pilot:
        await home(pilot)
        await until_shown(pilot, "1 running")
        end = events.RunFinished(ts=NOW, status=RunStatus.ERROR, reason="The worker was lost.")
        await world.happen(run_id, end)
        engine.say(run_id)

        await until(pilot, lambda: "! error" in line_with(pilot, f"#{run_id}"), "the row to say it")
        await until_shown(pilot, "The worker was lost.")
        await until(pilot, lambda: "1 running" not in text_of(pilot), "the top line to say it too")
        assert "✗ 2" in line_with(pilot, "  prod")


async def test_a_new_run_comes_on_top_and_the_cursor_stays_on_its_run(make_world: WorldMaker) -> None:
    world, engine = make_world("failed"), StagedEngine()
    async with staged_app(world, engine=engine).run_test(size=(80, 24), notifications=True) as pilot:
        await home(pilot)
        await pilot.press("j")
        chosen = table_of(pilot).cursor_value
        new = await world.ask("nightly")
        engine.say(new)
        await until_shown(pilot, f"#{new}")

        assert table_of(pilot).cursor_value == chosen
        row = table_of(pilot).row_at(0)
        assert row is not None
        assert row.value.run.id == new


async def test_what_was_missed_while_the_engine_was_away_is_seen_when_it_is_back(make_world: WorldMaker) -> None:
    world, engine = make_world("running"), StagedEngine()
    run_id = world.runs["running"]
    async with staged_app(world, engine=engine).run_test(size=(80, 24), notifications=True) as pilot:
        await home(pilot)
        engine.refusal = "The engine of this workspace is not running."
        engine.go()
        await until_shown(pilot, "engine offline")
        await world.happen(run_id, events.RunFinished(ts=NOW, status=RunStatus.CANCELLED, reason="Stopped."))
        engine.refusal = None

        await until(pilot, lambda: "■ cancelled" in line_with(pilot, f"#{run_id}"), "the end of the run")


async def test_the_environment_under_the_cursor_is_what_the_page_is_about(make_world: WorldMaker) -> None:
    async with staged_app(make_world("failed"), engine=StagedEngine()).run_test(
        size=(100, 30), notifications=True
    ) as pilot:
        await home(pilot)
        await pilot.press("shift+tab", "shift+tab", "j", "j", "j")
        await until_shown(pilot, "staging   flights · dbt · staging · main")
        await until(pilot, lambda: table_of(pilot).row_count == 1, "the runs of staging")
        await pilot.press("0")
        await until_shown(pilot, "5 environments")


async def test_tabs_kinds_and_order_narrow_the_list(make_world: WorldMaker) -> None:
    world = make_world("queued")
    async with staged_app(world, engine=StagedEngine()).run_test(size=(100, 30), notifications=True) as pilot:
        await home(pilot)
        whole = table_of(pilot).row_count
        for key, count in (("2", 3), ("4", 2), ("5", 1), ("1", whole)):
            await pilot.press(key)
            await until_rows(pilot, count)
        await pilot.press("t", "t")
        await until(pilot, lambda: table_of(pilot).row_count == 1, "the plan alone")
        await pilot.press("escape", "o")
        await until(pilot, lambda: (listed := table_of(pilot).cursor_value) and listed.run.id == 1, "the oldest on top")


async def test_the_filter_box_narrows_while_typing_and_escape_takes_it_back(make_world: WorldMaker) -> None:
    async with staged_app(make_world("failed"), engine=StagedEngine()).run_test(
        size=(100, 30), notifications=True
    ) as pilot:
        await home(pilot)
        whole = table_of(pilot).row_count
        await pilot.press("slash", *"job:chec")
        await until(pilot, lambda: table_of(pilot).row_count == 1, "the run of check")
        await pilot.press("tab")
        await pilot.press("enter")
        await until_shown(pilot, "/ job:check")
        assert table_of(pilot).has_focus
        await pilot.press("f", *"x", "escape")
        assert pilot.app.screen.query_one(Activity).chosen.text == "job:check"
        await pilot.press("escape")
        await until(pilot, lambda: table_of(pilot).row_count == whole, "all runs")


async def test_a_filter_that_means_nothing_is_refused_with_a_sentence(make_world: WorldMaker) -> None:
    async with staged_app(make_world("failed"), engine=StagedEngine()).run_test(
        size=(100, 30), notifications=True
    ) as pilot:
        await home(pilot)
        await pilot.press("slash", *"status:faield", "enter")
        await until_shown(pilot, "no status 'faield'")


async def test_stopping_asks_first_and_names_what_is_being_built(make_world: WorldMaker) -> None:
    world = make_world("running")
    run_id = world.runs["running"]
    async with staged_app(world, engine=StagedEngine()).run_test(size=(80, 24), notifications=True) as pilot:
        await home(pilot)
        await pilot.press("x")
        await until_shown(pilot, f"Stop #{run_id} nightly in flights/prod?")
        assert "This is production." in text_of(pilot)
        assert "fct_flights" in text_of(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, EnvironmentsScreen), "the dialog to close")
        assert world.actions.calls == []

        await pilot.press("x")
        await until_shown(pilot, "Let it run")
        await pilot.press("y")
        await until(pilot, lambda: world.actions.calls == [("cancel", run_id)], "the engine to be asked")
        await until_shown(pilot, "was asked to stop")


async def test_a_run_that_ended_cannot_be_stopped(make_world: WorldMaker) -> None:
    async with staged_app(make_world("failed"), engine=StagedEngine()).run_test(
        size=(80, 24), notifications=True
    ) as pilot:
        await home(pilot)
        await pilot.press("x")
        await until_shown(pilot, "is not running: it is failed")


async def test_production_is_run_again_only_after_asking(make_world: WorldMaker) -> None:
    world = make_world("failed")
    async with staged_app(world, engine=StagedEngine()).run_test(size=(80, 24), notifications=True) as pilot:
        await home(pilot)
        await pilot.press("r")
        await until_shown(pilot, "dbt build --target prod")
        assert "This is production." in text_of(pilot)
        assert world.actions.calls == []
        await pilot.press("y")
        await until(pilot, lambda: world.actions.calls == [("rerun", world.runs["failed"], "latest")], "the re-run")


async def test_a_job_of_the_place_is_chosen_and_started(make_world: WorldMaker) -> None:
    world = make_world("failed")
    async with staged_app(world, engine=StagedEngine()).run_test(size=(80, 24), notifications=True) as pilot:
        await home(pilot)
        await pilot.press("R")
        await until_shown(pilot, "Start a job")
        await pilot.press(*"stag", "enter")
        started = ("start", "flights/check", None, RunOptions())
        await until(pilot, lambda: world.actions.calls == [started], "the start")


async def test_what_the_engine_refuses_is_said(make_world: WorldMaker) -> None:
    world = make_world("failed")
    world.actions.problem = UsageError("There is no job [bold]check[/] any more.")
    async with staged_app(world, engine=StagedEngine()).run_test(size=(100, 24), notifications=True) as pilot:
        await home(pilot)
        await pilot.press("R", *"stag", "enter")
        # As it is: text from elsewhere is never markup.
        await until_shown(pilot, "There is no job [bold]check[/] any more.")


@pytest.mark.parametrize("key", ["x", "r", "R"])
async def test_read_only_acts_never(key: str, make_world: WorldMaker) -> None:
    world = make_world("running")
    onlooker = replace(world, services=replace(world.services, readonly=True))
    async with staged_app(onlooker).run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: table_of(pilot).cursor_value, "a run under the cursor")
        assert "(read-only)" in text_of(pilot)
        await pilot.press(key)
        await until_shown(pilot, "--readonly")
        assert world.actions.calls == []


async def test_the_number_of_a_run_is_copied(make_world: WorldMaker) -> None:
    world = make_world("failed")
    async with staged_app(world, engine=StagedEngine()).run_test(size=(80, 24), notifications=True) as pilot:
        await home(pilot)
        await pilot.press("y")
        await until_shown(pilot, "Copied")
        assert pilot.app.clipboard == f"#{world.runs['failed']}"


async def test_before_the_engine_has_made_a_store_the_page_says_what_is_going_on(make_world: WorldMaker) -> None:
    world, engine = make_world("empty"), StagedEngine()
    made = world.paths.database.rename(world.paths.folder / "made")
    async with staged_app(world, engine=engine).run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "Starting the engine")
        made.rename(world.paths.database)
        engine.say(workspace=True)
        await until_shown(pilot, "Nothing ran here yet.")


async def test_an_engine_that_cannot_start_is_explained(make_world: WorldMaker) -> None:
    world, engine = make_world("empty"), StagedEngine()
    world.paths.database.unlink()
    engine.refusal = "runroom.toml, line 3: there is no key [jobs.x]."
    async with staged_app(world, engine=engine).run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "runroom.toml, line 3: there is no key [jobs.x].")


async def test_a_broken_configuration_is_said_over_what_holds_until_then(make_world: WorldMaker) -> None:
    world, engine = make_world("failed"), StagedEngine()
    async with staged_app(world, engine=engine).run_test(size=(100, 30), notifications=True) as pilot:
        await home(pilot)
        engine.configuration_problem = "runroom.toml: there is no key nme."
        engine.say(workspace=True)
        await until_shown(pilot, "▲ configuration")
        await until_shown(pilot, "there is no key nme.")
        assert "✗ failed" in text_of(pilot)


async def test_a_store_of_a_newer_runroom_is_left_alone(make_world: WorldMaker) -> None:
    world = make_world("empty")
    connection = sqlite3.connect(world.paths.database)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    async with staged_app(world).run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "newer Runroom")


async def test_a_broken_store_is_explained(make_world: WorldMaker) -> None:
    world = make_world("empty")
    world.paths.database.write_bytes(b"this is no database, but long enough to be looked at " * 100)
    async with staged_app(world, engine=StagedEngine()).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "file is not a database")


async def test_times_are_shown_in_the_zone_that_is_chosen(make_world: WorldMaker) -> None:
    async with staged_app(make_world("failed"), engine=StagedEngine()).run_test(
        size=(80, 24), notifications=True
    ) as pilot:
        await home(pilot)
        assert "14:04 UTC" in text_of(pilot)
        await pilot.press("u")
        assert isinstance(pilot.app, RunroomApp)
        assert pilot.app.zone is None


async def test_help_lists_the_keys_of_the_place(make_world: WorldMaker) -> None:
    app = staged_app(make_world("failed"), engine=StagedEngine())
    async with app.run_test(size=(100, 60), notifications=True) as pilot:
        await home(pilot)
        await pilot.press("question_mark")
        await until_shown(pilot, "Recent activity")
        assert "stop the chosen run" in text_of(pilot)
        assert "follow the log's end" not in text_of(pilot)
        await pilot.press("escape")
        assert isinstance(app.screen, EnvironmentsScreen)


async def test_a_key_that_was_moved_works_in_its_new_place_alone(make_world: WorldMaker) -> None:
    world = make_world("running")
    app = staged_app(world, keys={"environments.stop": "ctrl+x"})
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: table_of(pilot).cursor_value, "a run under the cursor")
        await pilot.press("x")
        assert isinstance(app.screen, EnvironmentsScreen)
        await pilot.press("ctrl+x")
        await until_shown(pilot, "Let it run")


async def test_the_palette_finds_a_run_by_part_of_its_name(make_world: WorldMaker) -> None:
    world = make_world("failed")
    app = staged_app(world, engine=StagedEngine())
    async with app.run_test(size=(100, 40), notifications=True) as pilot:
        await home(pilot)
        await pilot.press("colon", *"#15 plan")
        found = "#15 plan · flights_mesh/dev_anna · completed"
        await until(pilot, lambda: text_of(pilot).count("open the run") == 1 and found in text_of(pilot), found)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RunScreen) and app.screen.run_id == 15, "run #15")


async def test_the_run_whose_number_is_typed_comes_first_in_the_palette(make_world: WorldMaker) -> None:
    app = staged_app(make_world("failed"), engine=StagedEngine())
    async with app.run_test(size=(100, 40), notifications=True) as pilot:
        await home(pilot)
        await pilot.press("colon", *"#1")
        await until_shown(pilot, "#1 nightly")
        await until_still(pilot)
        assert text_of(pilot).count("open the run") > 1
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RunScreen) and app.screen.run_id == 1, "run #1")


async def test_enter_opens_the_run_and_escape_leads_back(make_world: WorldMaker) -> None:
    world = make_world("failed")
    app = staged_app(world, engine=StagedEngine())
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await home(pilot)
        await pilot.press("enter")
        await until_shown(pilot, f"#{world.runs['failed']} nightly")
        assert not isinstance(app.screen, EnvironmentsScreen)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, EnvironmentsScreen), "home")
        await pilot.press("escape")
        assert isinstance(app.screen, EnvironmentsScreen)


async def test_the_app_opens_on_the_run_that_is_named(make_world: WorldMaker) -> None:
    world = make_world("running")
    async with staged_app(world, world.runs["running"], StagedEngine()).run_test(
        size=(100, 30), notifications=True
    ) as pilot:
        await until_shown(pilot, "18/23")
        await pilot.press("escape")
        await home(pilot)


@pytest.mark.parametrize("size", [(20, 8), (40, 12), (80, 24), (200, 60)])
async def test_any_size_will_do(size: tuple[int, int], make_world: WorldMaker) -> None:
    async with staged_app(make_world("queued"), engine=StagedEngine()).run_test(
        size=(100, 30), notifications=True
    ) as pilot:
        await home(pilot)
        await pilot.resize_terminal(*size)
        await pilot.press("j")
        await until_shown(pilot, "engine")
