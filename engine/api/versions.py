"""What a run, or doing it again, would execute; its files put back; a job that always runs them."""

from http import HTTPStatus

from aiohttp import web
from pydantic import BaseModel

from engine.api.desks import Desks
from engine.api.gate import Endpoint
from engine.api.messages import PinBody, RerunBody, RestoreBody, StartBody, body_of
from engine.api.run_names import run_named
from engine.protocol import PinJob, RerunRun, RestoreRun, StartRun
from store.tokens import Token

_CONFLICT = HTTPStatus.CONFLICT


def version_endpoints(desks: Desks) -> list[Endpoint]:
    """The endpoints that preview, restore and pin."""
    versions = _Versions(desks)
    return [
        Endpoint("POST", "/v1/runs/preview", "read", versions.preview_start),
        Endpoint("POST", "/v1/runs/{run}/rerun/preview", "read", versions.preview_rerun, _CONFLICT),
        Endpoint("POST", "/v1/runs/{run}/restore/preview", "read", versions.preview_restore, _CONFLICT),
        Endpoint("POST", "/v1/runs/{run}/restore", "admin", versions.restore, _CONFLICT),
        Endpoint("POST", "/v1/runs/{run}/job", "admin", versions.pin, _CONFLICT),
    ]


class _Versions:
    def __init__(self, desks: Desks) -> None:
        self._desks = desks
        self._versions = desks.versions

    async def preview_start(self, request: web.Request, token: Token) -> web.Response:
        wanted = await body_of(request, StartBody)
        return _answer(await self._versions.preview_start(StartRun(author=token.name, **wanted.model_dump())))

    async def preview_rerun(self, request: web.Request, _: Token) -> web.Response:
        wanted = await body_of(request, RerunBody)
        run = await run_named(self._desks, request)
        return _answer(await self._versions.preview_rerun(run.id, RerunRun(mode=wanted.mode)))

    async def preview_restore(self, request: web.Request, token: Token) -> web.Response:
        wanted = await body_of(request, RestoreBody)
        run = await run_named(self._desks, request)
        return _answer(await self._versions.preview_restore(run.id, _restoring(wanted, token)))

    async def restore(self, request: web.Request, token: Token) -> web.Response:
        """As its preview said: what that called `present` has to be told here."""
        wanted = await body_of(request, RestoreBody)
        run = await run_named(self._desks, request)
        return _answer(await self._versions.restore(run.id, _restoring(wanted, token)))

    async def pin(self, request: web.Request, token: Token) -> web.Response:
        wanted = await body_of(request, PinBody)
        run = await run_named(self._desks, request)
        pinned = await self._versions.pin(run.id, PinJob(name=wanted.name, author=token.name))
        return _answer(pinned, HTTPStatus.CREATED)


def _restoring(wanted: RestoreBody, token: Token) -> RestoreRun:
    return RestoreRun(author=token.name, **wanted.model_dump())


def _answer(message: BaseModel, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    return web.json_response(message.model_dump(mode="json"), status=status)
