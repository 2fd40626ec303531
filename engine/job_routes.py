"""The part of the API that is about jobs as a whole."""

from aiohttp import web

from engine.http_messages import answer, body_of
from engine.job_desk import JobDesk
from engine.protocol import PauseAnswer, PauseJob, ResumeJob


def job_routes(desk: JobDesk) -> list[web.RouteDef]:
    """The routes under `/v1/jobs`."""

    async def pause(request: web.Request) -> web.Response:
        return answer(PauseAnswer(pause=await desk.pause(await body_of(request, PauseJob))))

    async def resume(request: web.Request) -> web.Response:
        return answer(PauseAnswer(pause=await desk.resume(await body_of(request, ResumeJob))))

    return [web.post("/v1/jobs/pause", pause), web.post("/v1/jobs/resume", resume)]
