"""The part of the API by which people look after runs."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from engine.http_messages import answer, body_of, run_of
from engine.protocol import Deed, RunAnswer
from engine.triage.desk import TriageDesk
from store.models import Run


def triage_routes(desk: TriageDesk) -> list[web.RouteDef]:
    """The routes under `/v1/runs/{run}` that take a Deed."""

    def route(name: str, act: Callable[[int, Deed], Awaitable[Run]]) -> web.RouteDef:
        async def handle(request: web.Request) -> web.Response:
            return answer(RunAnswer(run=await act(run_of(request), await body_of(request, Deed))))

        return web.post(f"/v1/runs/{{run}}/{name}", handle)

    async def delete(request: web.Request) -> web.Response:
        await desk.delete(run_of(request), (await body_of(request, Deed)).author)
        return web.json_response({})

    return [
        route("acknowledge", lambda run_id, deed: desk.acknowledge(run_id, deed.author, deed.note)),
        route("unacknowledge", lambda run_id, deed: desk.unacknowledge(run_id, deed.author)),
        route("archive", lambda run_id, deed: desk.archive(run_id, deed.author)),
        route("unarchive", lambda run_id, deed: desk.unarchive(run_id, deed.author)),
        route("undelete", lambda run_id, deed: desk.undelete(run_id, deed.author)),
        web.delete("/v1/runs/{run}", delete),
    ]
