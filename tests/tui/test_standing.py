"""How the app stands with the engine and the record: stopped, absent, outgrown; it says so and stays open."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import aiosqlite
import pytest

from engine.errors import EngineStopped, EngineTooNew, RunroomError
from store.errors import StoreError, StoreMissing, StoreOutdated, StoreTooNew, StoreUnreadable
from store.migrate import LATEST
from tests.tui.conftest import WorldMaker
from tests.tui.staging import StagedEngine, staged_app, text_of, until, until_shown, until_told
from tests.worlds import World
from tui.app_reads import WAS_UPDATED, app_reads
from tui.feed import EngineAbsent, EngineState, Standing
from tui.home_record import why_unreadable


class UnwillingEngine(StagedEngine):
    """An engine that cannot be reached, for one reason, until there is none."""

    def __init__(self, error: RunroomError | StoreError | None) -> None:
        super().__init__()
        self.error = error

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[StagedEngine]:
        """Raises the reason."""
        if self.error is not None:
            raise self.error
        async with super().connect() as source:
            yield source


async def set_schema(world: World, number: int) -> None:
    async with aiosqlite.connect(world.paths.database) as connection:
        await connection.execute(f"PRAGMA user_version = {number}")


@pytest.mark.parametrize(
    ("error", "sign"),
    [
        (EngineStopped("It was stopped."), "○ engine stopped"),
        (EngineAbsent("There is none."), "○ no engine"),
        (EngineTooNew("It is newer."), "▲ Runroom was updated"),
        (StoreTooNew("It is newer."), "▲ Runroom was updated"),
        (StoreUnreadable("The disk fails."), "✗ engine offline"),
    ],
)
async def test_the_top_line_says_how_it_stands_and_that_it_is_well_again(
    make_world: WorldMaker, error: RunroomError | StoreError, sign: str
) -> None:
    engine = UnwillingEngine(error)
    app = staged_app(make_world("failed"), engine=engine)
    async with app.run_test(size=(120, 40)) as pilot:
        await until_shown(pilot, sign)
        engine.error = None
        await until_shown(pilot, "● engine")


async def test_a_stopped_engine_is_told_once_and_started_by_a_key(make_world: WorldMaker) -> None:
    world, engine = make_world("failed"), UnwillingEngine(EngineStopped("It was stopped."))
    app = staged_app(world, engine=engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_told(pilot, "It was stopped.")
        await pilot.press("ctrl+e")
        await until_told(pilot, "The engine runs as process 4711.")
        assert world.actions.calls == [("start_engine",)]
        assert sum(told.message == "It was stopped." for told in app._notifications) == 1


async def test_who_only_looks_starts_no_engine(make_world: WorldMaker) -> None:
    world = make_world("failed")
    app = staged_app(replace(world, services=replace(world.services, readonly=True)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+e")
        await until_told(pilot, "--readonly")
        assert world.actions.calls == []


@pytest.mark.parametrize("page", ["home", "run"])
async def test_a_store_that_outgrows_the_open_app_is_said_calmly_until_it_can_be_read(
    make_world: WorldMaker, page: str
) -> None:
    world, engine = make_world("failed"), UnwillingEngine(None)
    services = replace(world.services, reads=app_reads(world.services.reads))
    app = staged_app(replace(world, services=services), world.runs["failed"] if page == "run" else None, engine)
    async with app.run_test(size=(120, 40)) as pilot:
        await until_shown(pilot, "● engine" if page == "home" else "int_delays")
        await set_schema(world, LATEST + 1)
        engine.error = StoreTooNew(WAS_UPDATED)
        engine.go()
        await until_shown(pilot, "Runroom was updated while this was open: leave with q and start again.")
        assert app.is_running
        assert "F5" not in text_of(pilot), "another look would not help"

        await set_schema(world, LATEST)
        engine.error = None
        await until_shown(pilot, "● engine" if page == "home" else "int_delays")
        assert app.is_running


async def test_a_store_that_was_too_new_from_the_beginning_asks_for_another_runroom(make_world: WorldMaker) -> None:
    world = make_world("failed")
    reads = app_reads(world.services.reads)
    await set_schema(world, LATEST + 1)
    with pytest.raises(StoreTooNew, match="upgrade Runroom"):
        async with reads():
            pass


async def test_what_a_worker_cannot_read_is_told_and_the_app_stays_open(make_world: WorldMaker) -> None:
    async def read() -> None:
        raise StoreUnreadable("The disk fails.")

    app = staged_app(make_world("failed"))
    async with app.run_test(size=(80, 24)) as pilot:
        app.run_worker(read())
        await until_told(pilot, "The disk fails.")
        await until(pilot, lambda: app.is_running, "the app to stay open")


@pytest.mark.parametrize(
    ("error", "standing", "said"),
    [
        (StoreMissing("none"), None, "Starting the engine …"),
        (StoreOutdated("old"), None, "Starting the engine …"),
        (StoreOutdated("old"), Standing.ABSENT, "No engine."),
        (StoreOutdated("old"), Standing.CONNECTED, "old"),
        (StoreTooNew("new"), Standing.OUTGROWN, "new"),
        (StoreUnreadable("bad"), Standing.CONNECTED, "bad  F5 tries again."),
    ],
)
def test_home_says_what_it_waits_for(error: StoreError, standing: Standing | None, said: str) -> None:
    engine = None if standing is None else EngineState(standing, "No engine.")
    assert why_unreadable(error, engine).plain == said
