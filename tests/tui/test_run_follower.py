"""Following the record of one run."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from store.errors import StoreMissing
from store.reads import StoreReader
from tests.tui.conftest import WorldMaker
from tests.worlds import World
from tui.run_follower import RunFollower


class CountedReads:
    """The readers of a world, counted; they wait while `may_read` is not set."""

    def __init__(self, world: World) -> None:
        self._reads = world.services.reads
        self.count = 0
        self.begun = asyncio.Event()
        self.may_read = asyncio.Event()
        self.problem: StoreMissing | None = None

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[StoreReader]:
        self.count += 1
        self.begun.set()
        await self.may_read.wait()
        if self.problem is not None:
            raise self.problem
        async with self._reads() as reader:
            yield reader


@pytest.fixture
def world(make_world: WorldMaker) -> World:
    return make_world("failed")


async def test_nudges_that_come_while_it_reads_are_served_by_one_more_read(world: World) -> None:
    reads = CountedReads(world)
    follower = RunFollower(reads, world.runs["failed"])
    changes: asyncio.Queue[int] = asyncio.Queue()
    following = asyncio.create_task(follower.follow(lambda: changes.put_nowait(reads.count), pytest.fail))
    await reads.begun.wait()
    for _ in range(5):
        follower.nudge()
    reads.may_read.set()
    async with asyncio.timeout(10):
        assert [await changes.get(), await changes.get()] == [1, 2]
    assert changes.empty()
    await ended(following)


async def test_a_record_that_cannot_be_read_is_said_and_tried_again(world: World) -> None:
    reads = CountedReads(world)
    reads.may_read.set()
    reads.problem = StoreMissing("there is no store")
    follower = RunFollower(reads, world.runs["failed"])
    said: asyncio.Queue[str] = asyncio.Queue()
    following = asyncio.create_task(follower.follow(lambda: said.put_nowait("changed"), said.put_nowait))
    async with asyncio.timeout(10):
        assert await said.get() == f"#{world.runs['failed']} cannot be read: there is no store  F5 tries again."
        reads.problem = None
        follower.nudge()
        assert await said.get() == "changed"
    assert follower.record is not None
    await ended(following)


async def ended(following: asyncio.Task[None]) -> None:
    following.cancel()
    with pytest.raises(asyncio.CancelledError):
        await following
