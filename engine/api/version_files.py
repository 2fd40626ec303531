"""The project's files as a run saw them."""

from http import HTTPStatus
from pathlib import PurePosixPath

from aiohttp import web

from engine.api.desks import Desks
from engine.api.formats import downloaded
from engine.api.gate import Endpoint
from engine.api.problems import ApiProblem
from engine.api.run_names import run_named
from engine.client.versions import file_json, read_version_file, version_files
from store.tokens import Token


def version_file_endpoints(desks: Desks) -> list[Endpoint]:
    """The endpoints under `/v1/runs/{run}/files`."""
    files = _Files(desks)
    return [
        Endpoint("GET", "/v1/runs/{run}/files", "read", files.listed),
        Endpoint("GET", "/v1/runs/{run}/files/{path:.+}", "read", files.content),
    ]


class _Files:
    def __init__(self, desks: Desks) -> None:
        self._desks = desks

    async def listed(self, request: web.Request, _: Token) -> web.Response:
        """All of them, by path."""
        found = await version_files(self._desks.paths, await run_named(self._desks, request))
        return web.json_response({"files": [file_json(file) for file in found]})

    async def content(self, request: web.Request, _: Token) -> web.Response:
        """One of them, as it was."""
        run, wanted = await run_named(self._desks, request), request.match_info["path"]
        for file in await version_files(self._desks.paths, run):
            if file.path == wanted:
                content = await read_version_file(self._desks.paths, file)
                return web.Response(body=content, headers=downloaded(PurePosixPath(wanted).name))
        raise ApiProblem(HTTPStatus.NOT_FOUND, "not-found", f"Run #{run.id} saw no such file.")
