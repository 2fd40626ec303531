"""The files of runs: logs, whole, in part or their last lines, and artifacts."""

import asyncio
import os
from collections import deque
from http import HTTPStatus
from pathlib import Path
from typing import Any

from aiohttp import web

from engine.api.desks import Desks
from engine.api.formats import downloaded
from engine.api.gate import Endpoint
from engine.api.problems import ApiProblem
from engine.api.run_names import run_named
from store.models import Run, Step
from store.run_file import RunFileError, run_file
from store.tokens import Token

_MOST_LINES = 10_000
_BLOCK = 65_536
_PLAIN = {"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff"}


def file_endpoints(desks: Desks) -> list[Endpoint]:
    """The endpoints under `/v1/runs/{run}/logs` and `/artifacts`."""
    files = _Files(desks)
    return [
        Endpoint("GET", "/v1/runs/{run}/logs", "read", files.logs),
        Endpoint("GET", "/v1/runs/{run}/logs/{step}", "read", files.log),
        Endpoint("GET", "/v1/runs/{run}/artifacts", "read", files.artifacts),
        Endpoint("GET", "/v1/runs/{run}/artifacts/{path:.+}", "read", files.artifact),
    ]


class _Files:
    def __init__(self, desks: Desks) -> None:
        self._desks = desks

    async def logs(self, request: web.Request, _: Token) -> web.Response:
        """The steps that have a log, in their order, with the log's size in bytes."""
        run = await run_named(self._desks, request)
        folder = self._desks.paths.run(run.id).folder
        steps = [step for step in await self._desks.reader.steps(run.id) if step.log]
        return web.json_response({"logs": await asyncio.to_thread(_listed, folder, steps)})

    async def log(self, request: web.Request, _: Token) -> web.StreamResponse:
        """The log of a step, named as `build` or by its number; `tail` are how many of its last lines."""
        run = await run_named(self._desks, request)
        step = _step(await self._desks.reader.steps(run.id), request.match_info["step"])
        file = await self._file(run, step.log or "")
        if "tail" not in request.query:
            return web.FileResponse(file, headers=_PLAIN)
        lines = _number_of_lines(request.query["tail"])
        return web.Response(body=await asyncio.to_thread(last_lines, file, lines), headers=_PLAIN)

    async def artifacts(self, request: web.Request, _: Token) -> web.Response:
        """The files that the run left."""
        run = await run_named(self._desks, request)
        found = await self._desks.reader.artifacts(run.id)
        return web.json_response({"artifacts": [artifact.model_dump() for artifact in found]})

    async def artifact(self, request: web.Request, _: Token) -> web.StreamResponse:
        """One of those, as it lies there: a path that is none of them is refused, wherever it leads."""
        run = await run_named(self._desks, request)
        wanted = request.match_info["path"]
        if all(artifact.path != wanted for artifact in await self._desks.reader.artifacts(run.id)):
            raise ApiProblem(HTTPStatus.NOT_FOUND, "not-found", f"Run #{run.id} left no such artifact.")
        file = await self._file(run, wanted)
        return web.FileResponse(file, headers=downloaded(file.name))

    async def _file(self, run: Run, relative: str) -> Path:
        """Raises ApiProblem where the file is gone, is none, or lies outside of the run's folder."""
        try:
            file = await asyncio.to_thread(run_file, self._desks.paths.run(run.id).folder, relative)
        except RunFileError as error:
            raise ApiProblem(HTTPStatus.NOT_FOUND, "not-found", str(error)) from error
        if not await asyncio.to_thread(file.is_file):
            raise ApiProblem(HTTPStatus.NOT_FOUND, "not-found", f"{relative} is no file.")
        return file


def last_lines(file: Path, number: int) -> bytes:
    """The last lines of a file, read from its end. Raises OSError."""
    blocks: deque[bytes] = deque()
    ends = 0
    with file.open("rb") as stream:
        left = stream.seek(0, os.SEEK_END)
        # One end more than lines: that of the line before them.
        while left and ends <= number:
            size = min(_BLOCK, left)
            left -= size
            stream.seek(left)
            blocks.appendleft(stream.read(size))
            ends += blocks[0].count(b"\n")
    content = b"".join(blocks)
    lines = content.removesuffix(b"\n").split(b"\n")[-number:]
    return b"\n".join(lines) + content[-1:] if content.endswith(b"\n") else b"\n".join(lines)


def _listed(folder: Path, steps: list[Step]) -> list[dict[str, Any]]:
    return [
        {"step": step.name, "position": step.position, "status": step.status.value, "size": _size(folder, step.log)}
        for step in steps
    ]


def _size(folder: Path, log: str | None) -> int:
    try:
        return run_file(folder, log or "").stat().st_size
    except (RunFileError, OSError):
        return 0


def _step(steps: list[Step], wanted: str) -> Step:
    """Of several with the same name, the last one. Raises ApiProblem."""
    found = [step for step in steps if step.log and wanted in (step.name, str(step.position), Path(step.log).stem)]
    if not found:
        names = ", ".join(step.name for step in steps if step.log) or "none"
        raise ApiProblem(HTTPStatus.NOT_FOUND, "not-found", f'There is no log of a step "{wanted}"; there are {names}.')
    return found[-1]


def _number_of_lines(text: str) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
    if not 0 < number <= _MOST_LINES:
        raise ApiProblem(
            HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", f"tail is a number of lines from 1 to {_MOST_LINES}."
        )
    return number
