"""Nudges: everyone gets all of them, in as few messages as they can take."""

import asyncio

import pytest

from engine.hub import Hub
from engine.protocol import Change


async def test_changes_that_nobody_took_yet_become_one() -> None:
    hub = Hub()
    async with hub.subscribe() as subscription:
        hub.publish(3, [1])
        hub.publish(5, [2, 1])
        hub.publish(4, workspace=True)

        assert await subscription.next() == Change(change=5, runs=(1, 2), workspace=True)

        hub.publish(6, [7])
        assert await subscription.next() == Change(change=6, runs=(7,))


async def test_everyone_hears_at_their_own_pace() -> None:
    hub = Hub()
    async with hub.subscribe() as quick, hub.subscribe() as slow:
        hub.publish(1, [1])
        assert await quick.next() == Change(change=1, runs=(1,))
        hub.publish(2, [2])

        assert await quick.next() == Change(change=2, runs=(2,))
        assert await slow.next() == Change(change=2, runs=(1, 2))


async def test_who_waits_is_woken() -> None:
    hub = Hub()
    async with hub.subscribe() as subscription:
        waiting = asyncio.create_task(subscription.next())
        await asyncio.sleep(0)
        assert not waiting.done()

        hub.publish(1, [1])

        assert await waiting == Change(change=1, runs=(1,))


async def test_a_wait_that_was_given_up_loses_nothing() -> None:
    hub = Hub()
    async with hub.subscribe() as subscription:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(subscription.next(), 0.001)
        hub.publish(1, [1])

        assert await subscription.next() == Change(change=1, runs=(1,))


async def test_who_left_is_not_counted_and_not_told() -> None:
    hub = Hub()
    async with hub.subscribe() as subscription:
        assert hub.listeners == 1
    hub.publish(1, [1])

    assert hub.listeners == 0
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(subscription.next(), 0.001)
