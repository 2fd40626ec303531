"""The stream of changes, one JSON object a line: what a client is to look at again."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from aiohttp import web

from engine.http_messages import number_of
from engine.hub import Hub, Subscription
from engine.protocol import Change
from store.reads import StoreReader

_HEARTBEAT_S = 15.0


class ChangeStream:
    """Goes on until the client, its permission or the engine goes."""

    def __init__(self, reader: StoreReader, hub: Hub, stop: asyncio.Event) -> None:
        self._reader = reader
        self._hub = hub
        self._stop = stop

    async def serve(
        self, request: web.Request, allowed: Callable[[], Awaitable[bool]] | None = None
    ) -> web.StreamResponse:
        """First what changed since `since`, then every change as it comes; an empty line now and then.

        `allowed` is asked before each line. Raises UsageError for a `since` that is no number.
        """
        since = number_of(request.query.get("since", "0"), "since")
        response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        # A client that goes away ends its stream; that is no error of the engine.
        with contextlib.suppress(ConnectionResetError):
            async with self._hub.subscribe() as subscription:
                await response.prepare(request)
                await _send(response, await self._since(since))
                await self._send_news(response, subscription, allowed)
        return response

    async def _since(self, since: int) -> Change:
        past = await self._reader.changes_since(since)
        return Change(change=past.change, runs=(*past.runs, *past.deleted), workspace=past.workspace)

    async def _send_news(
        self,
        response: web.StreamResponse,
        subscription: Subscription,
        allowed: Callable[[], Awaitable[bool]] | None,
    ) -> None:
        """Until the engine stops, so that the stream has an end and is not broken off."""
        stopping = asyncio.create_task(self._stop.wait())
        try:
            while not stopping.done():
                news = asyncio.create_task(subscription.next())
                await asyncio.wait({news, stopping}, timeout=_HEARTBEAT_S, return_when=asyncio.FIRST_COMPLETED)
                if allowed is not None and not await allowed():
                    news.cancel()
                    return
                if news.done():
                    await _send(response, news.result())
                elif news.cancel() and not stopping.done():
                    await response.write(b"\n")
        finally:
            stopping.cancel()


async def _send(response: web.StreamResponse, change: Change) -> None:
    await response.write(change.model_dump_json().encode() + b"\n")
