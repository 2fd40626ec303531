"""The part of the API that is about the version of a run."""

from aiohttp import web

from engine.http_messages import answer, body_of, run_of
from engine.protocol import PinJob, RerunRun, RestoreRun, StartRun
from engine.version_desk import VersionDesk


def version_routes(desk: VersionDesk) -> list[web.RouteDef]:
    """The routes below `/v1/runs/{run}` that preview, restore and pin."""

    async def preview_start(request: web.Request) -> web.Response:
        return answer(await desk.preview_start(await body_of(request, StartRun)))

    async def preview_rerun(request: web.Request) -> web.Response:
        return answer(await desk.preview_rerun(run_of(request), await body_of(request, RerunRun)))

    async def preview_restore(request: web.Request) -> web.Response:
        return answer(await desk.preview_restore(run_of(request), await body_of(request, RestoreRun)))

    async def restore(request: web.Request) -> web.Response:
        return answer(await desk.restore(run_of(request), await body_of(request, RestoreRun)))

    async def pin(request: web.Request) -> web.Response:
        return answer(await desk.pin(run_of(request), await body_of(request, PinJob)), 201)

    return [
        web.post("/v1/runs/preview", preview_start),
        web.post("/v1/runs/{run}/rerun/preview", preview_rerun),
        web.post("/v1/runs/{run}/restore/preview", preview_restore),
        web.post("/v1/runs/{run}/restore", restore),
        web.post("/v1/runs/{run}/job", pin),
    ]
