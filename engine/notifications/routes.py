"""The part of the API that is about messages to people."""

from aiohttp import web

from engine.errors import UsageError
from engine.http_messages import answer, body_of
from engine.notifications.notifier import Notifier
from engine.protocol import TestedNotifications, TestNotifications


def notification_routes(notifier: Notifier) -> list[web.RouteDef]:
    """The routes under `/v1/notifications`."""

    async def test(request: web.Request) -> web.Response:
        wanted = await body_of(request, TestNotifications)
        problems = await notifier.test(wanted.channel)
        if not problems:
            named = f"no channel {wanted.channel}" if wanted.channel else "no channel"
            raise UsageError(f"There is {named}: runroom.toml describes them as [notifications.NAME].")
        return answer(TestedNotifications(problems=problems))

    return [web.post("/v1/notifications/test", test)]
