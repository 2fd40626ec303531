"""Jobs and environments: how they stand, and which jobs shall not start by themselves for now."""

from http import HTTPStatus
from typing import Any

from aiohttp import web

from engine.api.desks import Desks
from engine.api.gate import Endpoint
from engine.api.messages import NoBody, PauseBody, body_of
from engine.api.problems import ApiProblem
from engine.protocol import PauseJob, ResumeJob
from store.job_glance import read_jobs
from store.models import Job
from store.tokens import Token
from store.workspace_json import environment_json, job_json, pause_json


def workspace_endpoints(desks: Desks) -> list[Endpoint]:
    """The endpoints under `/v1/jobs` and `/v1/environments`."""
    jobs, environments = _Jobs(desks), _Environments(desks)
    conflict = HTTPStatus.CONFLICT
    return [
        Endpoint("GET", "/v1/jobs", "read", jobs.listed),
        Endpoint("GET", "/v1/jobs/{project}/{job}", "read", jobs.shown),
        Endpoint("POST", "/v1/jobs/{project}/{job}/pause", "run", jobs.pause, conflict),
        Endpoint("POST", "/v1/jobs/{project}/{job}/resume", "run", jobs.resume, conflict),
        Endpoint("GET", "/v1/environments", "read", environments.listed),
        Endpoint("GET", "/v1/environments/{project}/{environment}", "read", environments.shown),
        Endpoint("POST", "/v1/environments/refresh", "run", environments.refresh, conflict),
    ]


class _Jobs:
    def __init__(self, desks: Desks) -> None:
        self._desks = desks

    async def listed(self, _: web.Request, __: Token) -> web.Response:
        now = self._desks.clock()
        glances = await read_jobs(self._desks.reader, self._desks.supervisor.workspace.jobs, now)
        return web.json_response({"jobs": [job_json(glance, now) for glance in glances]})

    async def shown(self, request: web.Request, _: Token) -> web.Response:
        now = self._desks.clock()
        (glance,) = await read_jobs(self._desks.reader, [self._job(request)], now)
        return web.json_response(job_json(glance, now))

    async def pause(self, request: web.Request, token: Token) -> web.Response:
        job = self._job(request)
        reason = (await body_of(request, PauseBody)).reason
        wanted = PauseJob(job=f"{job.project}/{job.name}", reason=reason, author=token.name)
        return web.json_response(pause_json(await self._desks.jobs.pause(wanted)))

    async def resume(self, request: web.Request, token: Token) -> web.Response:
        """Gives the pause that ended."""
        job = self._job(request)
        await body_of(request, NoBody)
        wanted = ResumeJob(job=f"{job.project}/{job.name}", author=token.name)
        return web.json_response({**pause_json(await self._desks.jobs.resume(wanted)), "resumed": True})

    def _job(self, request: web.Request) -> Job:
        project, name = request.match_info["project"], request.match_info["job"]
        for job in self._desks.supervisor.workspace.jobs:
            if (job.project, job.name) == (project, name):
                return job
        raise ApiProblem(HTTPStatus.NOT_FOUND, "not-found", f'There is no job "{project}/{name}".')


class _Environments:
    def __init__(self, desks: Desks) -> None:
        self._desks = desks

    async def listed(self, _: web.Request, __: Token) -> web.Response:
        return web.json_response({"environments": await self._all()})

    async def shown(self, request: web.Request, _: Token) -> web.Response:
        """One of them, with each of its models where its tool told of them."""
        project, name = request.match_info["project"], request.match_info["environment"]
        for found in await self._all():
            if (found["project"], found["name"]) == (project, name):
                return web.json_response(found)
        raise ApiProblem(HTTPStatus.NOT_FOUND, "not-found", f'There is no environment "{project}/{name}".')

    async def _all(self) -> list[dict[str, Any]]:
        now = self._desks.clock()
        return [environment_json(each, now) for each in await self._desks.reader.health()]

    async def refresh(self, request: web.Request, _: Token) -> web.Response:
        """Has the tools asked again; takes seconds."""
        await body_of(request, NoBody)
        refreshed = await self._desks.refresher.refresh(None)
        return web.json_response(refreshed.model_dump(mode="json"))
