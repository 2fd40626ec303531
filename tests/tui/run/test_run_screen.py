"""The run page over a real store: what it opens on, how it follows, what its keys do."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from engine.errors import EngineUnavailable
from store.events import ModelFinished, ModelStarted, RunFinished
from store.reads import StoreReader
from store.status import ModelStatus, RunStatus
from store.writes import StoreWriter
from tests.tui.conftest import WorldMaker
from tests.tui.staging import StagedEngine, staged_app, text_of, until, until_shown
from tests.worlds import DELAYS_ERROR, NOW, World
from tui.clipboard import COPY_FILE
from tui.screens.run import RunScreen

FACT = "model.flights.fct_flights"


class Hand:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def line_with(pilot: Pilot[None], text: str) -> str:
    """The first line of the screen that has this text."""
    return next((line for line in text_of(pilot).splitlines() if text in line), "")


def shown_run(pilot: Pilot[None]) -> int:
    screen = pilot.app.screen
    assert isinstance(screen, RunScreen)
    return screen.run_id


class TestOpening:
    async def test_a_failed_run_opens_on_its_failure(self, make_world: WorldMaker) -> None:
        world = make_world("failed")
        async with staged_app(world, world.runs["failed"]).run_test(size=(80, 24)) as pilot:
            await until_shown(pilot, "took down 3 models")
            await until_shown(pilot, "LINE 14:")
            first = text_of(pilot).splitlines()
            assert first[0].split() == ["#18", "nightly", "·", "flights/prod", "✗", "failed", "3m", "46s"]
            assert "✗ int_delays took down 3 models:  Binder Error" in first[3]

    async def test_a_tab_that_is_asked_for_before_the_run_is_read_is_the_one_that_opens(
        self, make_world: WorldMaker
    ) -> None:
        world, may_read = make_world("idle"), asyncio.Event()

        @asynccontextmanager
        async def lend() -> AsyncIterator[StoreReader]:
            await may_read.wait()
            async with world.services.reads() as reader:
                yield reader

        services = replace(world.services, reads=lend)
        async with staged_app(replace(world, services=services), world.runs["plan"]).run_test() as pilot:
            await until(pilot, lambda: isinstance(pilot.app.screen, RunScreen), "the page")
            await pilot.press("2")  # The first tab of a plan, and of a plan alone, is its page.
            may_read.set()
            screen = pilot.app.screen
            assert isinstance(screen, RunScreen)
            await until(pilot, lambda: screen.record is not None, "the record")
            await until(pilot, lambda: screen.tab == "models", "the tab that was asked for")

    async def test_the_compiled_sql_is_below_the_error_its_line_marked(self, make_world: WorldMaker) -> None:
        world = make_world("failed")
        async with staged_app(world, world.runs["failed"]).run_test(size=(80, 40)) as pilot:
            await until_shown(pilot, "→14")
            assert "tailnum" in line_with(pilot, "→14")

    async def test_sql_that_is_gone_is_missed_in_a_sentence(self, make_world: WorldMaker) -> None:
        world = make_world("failed")
        compiled = world.paths.run(world.runs["failed"]).target / "compiled/models/intermediate/int_delays.sql"
        compiled.unlink()
        async with staged_app(world, world.runs["failed"]).run_test(size=(80, 24)) as pilot:
            await until_shown(pilot, "LINE 14:")
            await pilot.press("enter", "G")
            await until_shown(pilot, "is not there any more.")

    async def test_a_run_that_waits_says_for_whom(self, make_world: WorldMaker) -> None:
        world = make_world("queued")
        async with staged_app(world, world.runs["queued"]).run_test(size=(80, 24)) as pilot:
            await until_shown(pilot, f"○ Waits for #{world.runs['running']}, which writes the same environment")
            assert "The models appear here once the tool has read the project." in text_of(pilot)

    async def test_a_stopped_run_names_what_may_be_half_updated(self, make_world: WorldMaker) -> None:
        world = make_world("cancelled")
        async with staged_app(world, world.runs["cancelled"]).run_test(size=(80, 24)) as pilot:
            await until_shown(pilot, "■ Stopped by anna:  fct_flights may be half-updated")


class TestFollowing:
    async def test_a_push_brings_what_has_changed_and_what_was_missed(self, make_world: WorldMaker) -> None:
        world, engine = make_world("running"), StagedEngine()
        run_id = world.runs["running"]
        async with staged_app(world, run_id, engine).run_test(size=(120, 40)) as pilot:
            await until_shown(pilot, "18/23")
            await until(pilot, lambda: engine.connections, "a connection")
            await world.happen(run_id, finished(FACT, 336_776))
            mart = "model.flights.mart_delay_trends"
            await world.happen(run_id, ModelStarted(ts=NOW, model=mart, thread="Thread-1"))
            engine.say(run_id)
            await until_shown(pilot, "19/23")
            assert "336,776" in line_with(pilot, " fct_flights")
            await until(pilot, lambda: "● running" in line_with(pilot, " mart_delay_trends"), "the next model to run")

    async def test_an_engine_that_went_away_is_said_of_a_run_that_goes_on(self, make_world: WorldMaker) -> None:
        world, engine = make_world("running"), StagedEngine()
        async with staged_app(world, world.runs["running"], engine).run_test(size=(80, 24)) as pilot:
            await until_shown(pilot, "18/23")
            await until(pilot, lambda: engine.connections, "a connection")
            engine.refusal = "The engine [is] away."
            engine.go()
            await until_shown(pilot, "▲ what is shown may be old: ")
            engine.refusal = None
            await until(pilot, lambda: "may be old" not in text_of(pilot), "the engine to answer again")

    async def test_the_clock_counts_until_the_run_has_ended(self, make_world: WorldMaker) -> None:
        world, engine, clock = make_world("running"), StagedEngine(), Hand()
        run_id = world.runs["running"]
        clocked = replace(world, services=replace(world.services, clock=clock))
        async with staged_app(clocked, run_id, engine).run_test(size=(80, 24)) as pilot:
            await until_shown(pilot, "● running  2m 10s")
            clock.now += timedelta(seconds=5)
            await until_shown(pilot, "● running  2m 15s")
            await until(pilot, lambda: "23s" in line_with(pilot, " fct_flights"), "the model to count")
            await until(pilot, lambda: "23." in line_with(pilot, "so far"), "its detail to count as well")
            ended = RunFinished(ts=clock.now, status=RunStatus.CANCELLED, reason="Stopped by anna.")
            await world.happen(run_id, ended)
            engine.say(run_id)
            await until_shown(pilot, "■ cancelled  2m 15s")

    async def test_the_cursor_stays_on_its_model(self, make_world: WorldMaker) -> None:
        world, engine = make_world("running"), StagedEngine()
        run_id = world.runs["running"]
        async with staged_app(world, run_id, engine).run_test(size=(80, 40)) as pilot:
            await until_shown(pilot, "18/23")
            await pilot.press("j", "j")
            await until_shown(pilot, "○ queued  mart_aircraft_use")
            await until(pilot, lambda: engine.connections, "a connection")
            await world.happen(run_id, finished(FACT, 1))
            engine.say(run_id)
            await until_shown(pilot, "19/23")
            assert "○ queued  mart_aircraft_use" in text_of(pilot)

    async def test_who_only_watches_stays_on_top(self, make_world: WorldMaker) -> None:
        world, engine = make_world("running"), StagedEngine()
        run_id = world.runs["running"]
        async with staged_app(world, run_id, engine).run_test(size=(80, 40)) as pilot:
            await until_shown(pilot, "● running  fct_flights")
            await until(pilot, lambda: engine.connections, "a connection")
            mart = "model.flights.mart_delay_trends"
            await world.happen(run_id, finished(FACT, 1), ModelStarted(ts=NOW, model=mart, thread="Thread-1"))
            engine.say(run_id)
            await until_shown(pilot, "● running  mart_delay_trends")

    async def test_a_deleted_run_is_missed_in_a_sentence(self, make_world: WorldMaker) -> None:
        world, engine = make_world("failed"), StagedEngine()
        run_id = world.runs["failed"]
        async with staged_app(world, run_id, engine).run_test(size=(80, 24)) as pilot:
            await until_shown(pilot, "took down")
            await until(pilot, lambda: engine.connections, "a connection")
            async with StoreWriter.open(world.paths.database) as writer:
                await writer.delete_run(run_id)
            engine.say(run_id)
            await until_shown(pilot, f"There is no run #{run_id} any more")


class TestGoingAbout:
    async def test_numbers_show_the_tabs(self, make_world: WorldMaker) -> None:
        world = make_world("failed")
        async with staged_app(world, world.runs["failed"]).run_test(size=(80, 24)) as pilot:
            await until_shown(pilot, "took down")
            for key, seen in (
                ("2", "blocks"),
                ("4", "critical path"),
                ("5", "dbt build"),
                ("6", "int_airport_congestion.sql"),
                ("1", "← int_delays"),
            ):
                await pilot.press(key)
                await until_shown(pilot, seen)

    async def test_enter_gives_the_detail_the_page_and_escape_takes_it_back(self, make_world: WorldMaker) -> None:
        world = make_world("failed")
        async with staged_app(world, world.runs["failed"]).run_test(size=(80, 24)) as pilot:
            await until_shown(pilot, "LINE 14:")
            await pilot.press("enter")
            await until_shown(pilot, "is          table model")
            assert "mart_carriers" not in line_with(pilot, "↷ skipped")
            await pilot.press("escape")
            await until_shown(pilot, "↷ skipped    mart_carriers")
            assert shown_run(pilot) == world.runs["failed"]

    async def test_errors_are_gone_through_in_a_circle(self, make_world: WorldMaker) -> None:
        world = make_world("failed")
        async with staged_app(world, world.runs["failed"]).run_test(size=(80, 24)) as pilot:
            await until_shown(pilot, "took down")
            await pilot.press("2")
            await until_shown(pilot, "blocks")
            await pilot.press("e")
            await until_shown(pilot, "✗ failed  int_delays")

    async def test_brackets_go_along_the_runs_of_the_job(self, make_world: WorldMaker) -> None:
        world = make_world("failed")
        async with staged_app(world, world.runs["failed"]).run_test(size=(80, 24), notifications=True) as pilot:
            await until_shown(pilot, "took down")
            await pilot.press("left_square_bracket")
            await until_shown(pilot, "✓ completed")
            assert shown_run(pilot) == world.runs["completed"]
            await pilot.press("right_square_bracket")
            await until_shown(pilot, "took down")
            await pilot.press("right_square_bracket")
            await until_shown(pilot, "is the last of its job")

    async def test_a_model_leads_to_its_audit_and_back(self, make_world: WorldMaker) -> None:
        world = make_world("failed")
        async with staged_app(world, world.runs["failed"]).run_test(size=(80, 24)) as pilot:
            await until_shown(pilot, "took down")
            await pilot.press("a")
            await until_shown(pilot, "↷ skipped  not_null_int_delays_key")
            await until_shown(pilot, "checks      int_delays")
            await pilot.press("a")
            await until_shown(pilot, "LINE 14:")

    async def test_times_are_shown_in_the_chosen_zone(
        self, make_world: WorldMaker, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        world = make_world("failed")
        try:
            async with staged_app(world, world.runs["failed"]).run_test(size=(80, 24)) as pilot:
                await until_shown(pilot, "13:02:00 → 13:05:45")
                await pilot.press("u")
                await until_shown(pilot, "22:02:00 → 22:05:45")
        finally:
            monkeypatch.undo()
            time.tzset()

    async def test_the_log_opens_at_the_lines_of_the_model(self, make_world: WorldMaker) -> None:
        world = make_world("failed")
        async with staged_app(world, world.runs["failed"]).run_test(size=(120, 40)) as pilot:
            await until_shown(pilot, "took down")
            await pilot.press("l")
            await until_shown(pilot, "only about int_delays ±2")
            await until_shown(pilot, "ERROR [int_delays]")

    async def test_the_log_is_searched(self, make_world: WorldMaker) -> None:
        world = make_world("completed")
        async with staged_app(world, world.runs["completed"]).run_test(size=(80, 24)) as pilot:
            await until_shown(pilot, "✓ completed")
            await pilot.press("5")
            await until_shown(pilot, "100% of ")
            await pilot.press("slash", *"stg_fl", "enter")
            await until_shown(pilot, "lines with /stg_fl")

    async def test_models_are_sorted_and_grouped(self, make_world: WorldMaker) -> None:
        world = make_world("completed")
        async with staged_app(world, world.runs["completed"]).run_test(size=(80, 50), notifications=True) as pilot:
            await until_shown(pilot, "✓ completed")
            await pilot.press("t")
            await until_shown(pilot, " staging/")
            await pilot.press("t")
            await until_shown(pilot, "  staging")
            await pilot.press("t", "o", "o")
            await until_shown(pilot, "↓ duration")
            first = next(line for line in text_of(pilot).splitlines() if "✓ succeeded" in line)
            assert "fct_flights" in first

    async def test_artifacts_are_found_by_part_of_the_name_and_read(self, make_world: WorldMaker) -> None:
        world = make_world("completed")
        async with staged_app(world, world.runs["completed"]).run_test(size=(80, 24)) as pilot:
            await until_shown(pilot, "✓ completed")
            await pilot.press("6")
            await until_shown(pilot, "target/compiled/models/intermediate/int_delays.sql")
            await pilot.press("slash", *"fct_fl")
            await until(pilot, lambda: "int_delays.sql" not in text_of(pilot), "the others to go")
            await pilot.press("enter")
            await until_shown(pilot, "-- fct_flights")
            await pilot.press("enter", "slash", *"air_time", "enter")
            await until_shown(pilot, "16 lines   1 line w")
            await pilot.press("escape", "slash", "escape", "g")
            await until_shown(pilot, "int_delays.sql")

    async def test_artifacts_stand_in_a_tree_whose_folders_close(self, make_world: WorldMaker) -> None:
        world = make_world("completed")
        async with staged_app(world, world.runs["completed"]).run_test(size=(80, 40)) as pilot:
            await until_shown(pilot, "✓ completed")
            await pilot.press("6")
            await until_shown(pilot, "int_delays.sql")
            await pilot.press("t", "g")
            await until_shown(pilot, "▾ compiled/")
            await pilot.press("enter")
            await until_shown(pilot, "▸ target/")
            assert "compiled/" not in text_of(pilot)

    async def test_a_run_without_files_says_so(self, make_world: WorldMaker) -> None:
        world = make_world("queued")
        async with staged_app(world, world.runs["error"]).run_test(size=(80, 24)) as pilot:
            await until_shown(pilot, "The worker could not be started")
            await pilot.press("6")
            await until_shown(pilot, "This run left no files.")

    async def test_the_timeline_zooms(self, make_world: WorldMaker) -> None:
        world = make_world("completed")
        async with staged_app(world, world.runs["completed"]).run_test(size=(80, 24)) as pilot:
            await until_shown(pilot, "✓ completed")
            await pilot.press("4")
            await until_shown(pilot, "╵12:05 ")
            await pilot.press("plus", "plus", "right", "right")
            await until(pilot, lambda: "╵12:05 " not in text_of(pilot), "the axis to move")
            await pilot.press("0")
            await until_shown(pilot, "╵12:05 ")


class TestActing:
    async def test_a_stop_asks_first(self, make_world: WorldMaker) -> None:
        world = make_world("running")
        async with staged_app(world, world.runs["running"]).run_test(size=(80, 24)) as pilot:
            await until_shown(pilot, "18/23")
            await pilot.press("x")
            await until_shown(pilot, "Stop it")
            assert world.actions.calls == []
            await pilot.press("y")
            await until(pilot, lambda: world.actions.calls == [("cancel", world.runs["running"])], "the stop")

    async def test_what_has_ended_is_not_stopped(self, make_world: WorldMaker) -> None:
        world = make_world("failed")
        async with staged_app(world, world.runs["failed"]).run_test(size=(80, 24)) as pilot:
            await until_shown(pilot, "took down")
            await pilot.press("x")
            await pilot.pause()
            assert shown_run(pilot) == world.runs["failed"]

    @pytest.mark.parametrize(
        ("keys", "mode"), [("r", "latest"), ("R", "failed"), ("rl", "same"), ("r3", "failed"), ("Rlh", "failed")]
    )
    async def test_it_is_run_again(self, make_world: WorldMaker, keys: str, mode: str) -> None:
        world = make_world("failed")
        async with staged_app(world, world.runs["failed"]).run_test(size=(80, 24)) as pilot:
            await until_shown(pilot, "took down")
            await pilot.press(keys[0])
            await until_shown(pilot, "Run it")
            await pilot.press(*keys[1:])
            await until_shown(pilot, "dbt build")
            await pilot.press("y")
            expected = ("rerun", world.runs["failed"], mode)
            await until(pilot, lambda: world.actions.calls == [expected], "the new run")

    async def test_a_refusal_is_said(self, make_world: WorldMaker) -> None:
        world = make_world("failed")
        world.actions.problem = EngineUnavailable("The engine is away for [all].")
        async with staged_app(world, world.runs["failed"]).run_test(size=(80, 24), notifications=True) as pilot:
            await until_shown(pilot, "took down")
            await pilot.press("r")
            await until_shown(pilot, "[all]")
            await pilot.press("y")
            await pilot.press("n")
            await until_shown(pilot, "took down")
            assert world.actions.calls == []

    async def test_the_error_is_copied_to_the_terminal_and_to_a_file(self, make_world: WorldMaker) -> None:
        world = make_world("failed")
        app = staged_app(world, world.runs["failed"])
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            await until_shown(pilot, "LINE 14:")
            await pilot.press("y")
            await until_shown(pilot, "Copied")
            assert app.clipboard == DELAYS_ERROR
        assert copied_to(world).read_text() == DELAYS_ERROR
        assert copied_to(world).stat().st_mode & 0o077 == 0

    async def test_a_file_is_saved_elsewhere_and_never_over_another(
        self, make_world: WorldMaker, tmp_path: Path
    ) -> None:
        world = make_world("failed")
        (tmp_path / "there.sql").write_text("mine")
        app = staged_app(world, world.runs["failed"])
        async with app.run_test(size=(120, 40), notifications=True) as pilot:
            await until_shown(pilot, "took down")
            await pilot.press("6")
            await until_shown(pilot, "-- int_aircraft_rotations")
            await pilot.press("s")
            await until_shown(pilot, "Save int_aircraft_rotations.sql as")
            pilot.app.screen.query_one(Input).value = str(tmp_path / "there.sql")
            await pilot.press("enter")
            await until_shown(pilot, "exists already")
            pilot.app.screen.query_one(Input).value = str(tmp_path / "here.sql")
            await pilot.press("enter")
            await until_shown(pilot, "Saved as")
        assert (tmp_path / "here.sql").read_text().startswith("-- int_aircraft_rotations")
        assert (tmp_path / "there.sql").read_text() == "mine"


def copied_to(world: World) -> Path:
    return world.paths.record / COPY_FILE


def finished(model: str, rows: int) -> ModelFinished:
    return ModelFinished(ts=NOW, model=model, status=ModelStatus.SUCCEEDED, duration_s=18.0, rows=rows)
