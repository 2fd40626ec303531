"""The part of the API that is about messages to people."""

from aiohttp import web

from engine.http_messages import answer, body_of
from engine.notifications.notifier import Notifier
from engine.protocol import TestedNotifications, TestNotifications


def notification_routes(notifier: Notifier) -> list[web.RouteDef]:
    """The routes under `/v1/notifications`."""

    async def test(request: web.Request) -> web.Response:
        wanted = await body_of(request, TestNotifications)
        return answer(TestedNotifications(problems=await notifier.test(wanted.channel)))

    return [web.post("/v1/notifications/test", test)]
