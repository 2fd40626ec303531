"""What pages say while their record is read, and where it cannot be read; F5 tries again."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from textual.pilot import Pilot

from store.errors import StoreUnreadable
from store.reads import StoreReader
from tests.tui.conftest import WorldMaker
from tests.tui.staging import StagedEngine, staged_app, text_of, until, until_shown
from tests.worlds import World
from tui.overview import Place
from tui.screens.environment import EnvironmentScreen
from tui.screens.run import RunScreen
from tui.widgets import reading_state
from tui.widgets.reading_state import ReadingState


class SlowReads:
    """The readers of a world: they wait while `may_read` is not set, and fail while there is a `problem`."""

    def __init__(self, world: World) -> None:
        self._reads = world.services.reads
        self.may_read = asyncio.Event()
        self.problem = ""

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[StoreReader]:
        await self.may_read.wait()
        if self.problem:
            raise StoreUnreadable(self.problem)
        async with self._reads() as reader:
            yield reader

    def of(self, world: World) -> World:
        """The world that is read by these."""
        return replace(world, services=replace(world.services, reads=self))


@pytest.fixture
def world(make_world: WorldMaker) -> World:
    return make_world("failed")


def _state_is_away(pilot: Pilot[None]) -> bool:
    return not any(state.display for state in pilot.app.screen.query(ReadingState))


async def test_a_run_says_that_it_is_read_and_then_shows_itself(world: World) -> None:
    reads = SlowReads(world)
    async with staged_app(reads.of(world), world.runs["failed"]).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "Reading the run …")
        reads.may_read.set()
        await until_shown(pilot, "LINE 14:")
        assert _state_is_away(pilot)
        assert pilot.app.focused is not None


async def test_what_is_read_soon_is_not_announced(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_state, "CALM_S", 600)
    reads = SlowReads(world)
    async with staged_app(reads.of(world), world.runs["failed"]).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, RunScreen), "the page")
        await until_shown(pilot, f"#{world.runs['failed']}")
        assert "Reading" not in text_of(pilot)
        reads.may_read.set()
        await until_shown(pilot, "LINE 14:")


async def test_a_run_that_cannot_be_read_says_why_and_f5_tries_again(world: World) -> None:
    reads = SlowReads(world)
    reads.may_read.set()
    reads.problem = "The disk is away."
    async with staged_app(reads.of(world), world.runs["failed"]).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "The disk is away.  F5 tries again.")
        reads.problem = ""
        await pilot.press("f5")
        await until_shown(pilot, "LINE 14:")
        assert _state_is_away(pilot)
        await pilot.press("j")
        assert pilot.app.focused is not None


async def test_what_was_read_of_a_run_stays_where_reading_it_again_fails(world: World) -> None:
    reads = SlowReads(world)
    reads.may_read.set()
    async with staged_app(reads.of(world), world.runs["failed"]).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "LINE 14:")
        reads.problem = "The disk is away."
        await pilot.press("f5")
        await until_shown(pilot, "The disk is away.")
        assert "LINE 14:" in text_of(pilot)
        reads.problem = ""
        await pilot.press("f5")
        await until(pilot, lambda: "The disk is away." not in text_of(pilot), "the header to be back")


async def test_an_environment_says_that_it_is_read_or_why_not(world: World) -> None:
    reads = SlowReads(world)
    app = staged_app(world)
    async with app.run_test(size=(100, 30)) as pilot:
        services = reads.of(world).services
        app.open_page(EnvironmentScreen(services, Place("flights", "prod")))
        await until_shown(pilot, "Reading the environment …")
        reads.problem = "The disk is away."
        reads.may_read.set()
        await until_shown(pilot, "The disk is away.  F5 tries again.")
        reads.problem = ""
        await pilot.press("f5")
        await until_shown(pilot, "int_delays")
        assert _state_is_away(pilot)


async def test_home_tries_again_what_could_not_be_read(world: World) -> None:
    reads = SlowReads(world)
    reads.may_read.set()
    reads.problem = "The disk is away."
    async with staged_app(reads.of(world), engine=StagedEngine()).run_test(size=(100, 30)) as pilot:
        await until_shown(pilot, "The disk is away.  F5 tries again.")
        reads.problem = ""
        await pilot.press("f5")
        await until_shown(pilot, "#18")
        reads.problem = "The disk is away."
        await pilot.press("4")
        await until_shown(pilot, "The disk is away.  F5 tries again.")
        reads.problem = ""
        await pilot.press("f5")
        await until_shown(pilot, "#18")


async def test_an_error_of_the_database_is_told_as_one_of_the_store(world: World) -> None:
    with pytest.raises(StoreUnreadable, match="no such table"):
        async with world.services.reads() as reader:
            await reader._connection.execute("SELECT 1 FROM nowhere")
    with pytest.raises(StoreUnreadable, match="locked"):
        async with world.services.reads():
            raise sqlite3.OperationalError("database is locked")
