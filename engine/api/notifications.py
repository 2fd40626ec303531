"""What people were told, and whether it would reach them."""

from aiohttp import web
from pydantic import Field

from engine.api.desks import Desks
from engine.api.gate import Endpoint
from engine.api.messages import Body, body_of
from engine.api.run_query import parameters_of
from store.notifications import notification_json
from store.tokens import Token


class NotificationQuery(Body):
    """How many of the last messages."""

    limit: int = Field(default=50, ge=1, le=500)


class ChannelBody(Body):
    """Which channel is tried; all of them where none is named."""

    channel: str | None = None


def notification_endpoints(desks: Desks) -> list[Endpoint]:
    """The endpoints under `/v1/notifications`."""

    async def listed(request: web.Request, _: Token) -> web.Response:
        found = await desks.reader.notifications.latest(parameters_of(request, NotificationQuery).limit)
        return web.json_response({"notifications": [notification_json(each) for each in found]})

    async def test(request: web.Request, _: Token) -> web.Response:
        """By channel why the message did not arrive; null where it did."""
        wanted = await body_of(request, ChannelBody)
        return web.json_response(await desks.notifier.test(wanted.channel))

    return [
        Endpoint("GET", "/v1/notifications", "read", listed),
        Endpoint("POST", "/v1/notifications/test", "run", test),
    ]
