"""Tells every connected client that something changed. A nudge, never the facts: those are in the store."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from engine.protocol import Change


class Subscription:
    """What one client has not heard yet; many changes become one."""

    def __init__(self) -> None:
        self._pending: Change | None = None
        self._news = asyncio.Event()

    def push(self, change: Change) -> None:
        """Adds a change to what is pending."""
        before = self._pending or Change(change=0)
        self._pending = Change(
            change=max(before.change, change.change),
            runs=tuple(dict.fromkeys((*before.runs, *change.runs))),
            workspace=before.workspace or change.workspace,
        )
        self._news.set()

    async def next(self) -> Change:
        """Waits for the next change, and takes all that is pending."""
        await self._news.wait()
        self._news.clear()
        assert self._pending is not None
        change, self._pending = self._pending, None
        return change


class Hub:
    """All subscriptions."""

    def __init__(self) -> None:
        self._subscriptions: set[Subscription] = set()
        self._own: set[Subscription] = set()

    @property
    def listeners(self) -> int:
        """How many clients listen."""
        return len(self._subscriptions - self._own)

    def publish(self, change: int, runs: Iterable[int] = (), workspace: bool = False) -> None:
        """Nudges everyone; never waits."""
        news = Change(change=change, runs=tuple(runs), workspace=workspace)
        for subscription in self._subscriptions:
            subscription.push(news)

    @asynccontextmanager
    async def subscribe(self, client: bool = True) -> AsyncIterator[Subscription]:
        """A subscription for as long as the context lasts; one that is no `client`'s is the engine's own."""
        subscription = Subscription()
        self._subscriptions.add(subscription)
        if not client:
            self._own.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)
            self._own.discard(subscription)
