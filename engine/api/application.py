"""All endpoints of the API over TCP, behind one gate."""

import os
from functools import partial

from aiohttp import web

from engine.api.desks import Desks
from engine.api.files import file_endpoints
from engine.api.gate import Endpoint, Gate
from engine.api.insight import insight_endpoints
from engine.api.log_lines import line_endpoints
from engine.api.notifications import notification_endpoints
from engine.api.problems import answer_problems
from engine.api.rate import FAILURES_PER_MINUTE, RateLimiter
from engine.api.reading.desk import ReadingDesk
from engine.api.runs import run_endpoints
from engine.api.settings import ApiSettings
from engine.api.version_files import version_file_endpoints
from engine.api.versions import version_endpoints
from engine.api.webhooks.routes import WebhookDoor
from engine.api.workspace import workspace_endpoints
from store.tokens import Token

_READ_AT_ONCE = 4


def api_application(settings: ApiSettings, desks: Desks) -> web.Application:
    """The application as these settings want it."""
    limiter = RateLimiter(settings.rate_limit, desks.clock)
    failures = RateLimiter(FAILURES_PER_MINUTE, desks.clock, "failures to prove who asks")
    gate = Gate(desks.tokens, limiter, failures, desks.writer, desks.clock)
    door = WebhookDoor(
        lambda: desks.supervisor.workspace.webhooks,
        os.environ,
        desks.news,
        limiter,
        failures,
        desks.writer,
        desks.clock,
    )
    application = web.Application(middlewares=[answer_problems], client_max_size=settings.max_body)
    application.add_routes([gate.route(endpoint) for endpoint in _endpoints(desks)])
    application.add_routes(door.routes())
    return application


def _endpoints(desks: Desks) -> list[Endpoint]:
    async def changes(request: web.Request, token: Token) -> web.StreamResponse:
        return await desks.changes.serve(request, partial(desks.tokens.opens, token))

    reading = ReadingDesk(desks.paths.folder, desks.clock, _READ_AT_ONCE)
    return [
        *run_endpoints(desks, reading),
        *file_endpoints(desks),
        *insight_endpoints(desks, reading),
        *line_endpoints(desks),
        *version_endpoints(desks),
        *version_file_endpoints(desks),
        *notification_endpoints(desks),
        *workspace_endpoints(desks),
        Endpoint("GET", "/v1/changes", "read", changes),
    ]
