"""Has questions answered by processes of their own, and passes on what they say as they say it."""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path

from aiohttp import web

from engine.api.formats import downloaded
from engine.api.problems import ApiProblem
from engine.api.reading.questions import HEAD, Asked, Begun, Question, Refused
from engine.errors import RunroomError, UsageError
from store.clock import Clock
from store.errors import NotInRecord

_LIMIT_S = 120.0
_LOOK_S = 0.5
_PIECE = 65_536


class ReadingDesk:
    """So many processes at once; whoever asks beyond that waits. With `limit_s`, none takes more seconds than that."""

    def __init__(self, workspace: Path, clock: Clock, at_once: int, limit_s: float | None = _LIMIT_S) -> None:
        self._workspace = workspace
        self._clock = clock
        self._free = asyncio.Semaphore(at_once)
        self._limit_s = limit_s

    async def answer(
        self, request: web.Request, question: Question, allowed: Callable[[], Awaitable[bool]] | None = None
    ) -> web.StreamResponse:
        """What the process says, for as long as that is `allowed`.

        Raises NotInRecord, UsageError, RunroomError, ApiProblem for what takes too long.
        """
        asked = Asked(workspace=self._workspace, now=self._clock(), question=question)
        async with self._free:
            if request.transport is None:
                return _for_nobody()
            async with _process(request, allowed) as process:
                try:
                    async with asyncio.timeout(self._limit_s):
                        return await _answered(request, process, asked)
                except ConnectionError:
                    if request.transport is not None:
                        raise
                    return _for_nobody()
                except TimeoutError as error:
                    raise ApiProblem(
                        HTTPStatus.SERVICE_UNAVAILABLE,
                        "took-too-long",
                        f"This took longer than {self._limit_s:g} s and was given up; ask for less.",
                    ) from error


@asynccontextmanager
async def _process(request: web.Request, allowed: Callable[[], Awaitable[bool]] | None) -> AsyncIterator[Process]:
    """A process that ends with this, and as soon as nobody waits for its answer any more, or may have it."""
    # -I: as for the engine itself, no folder of a user's may put its modules in the place of ours.
    command = (sys.executable, "-I", "-m", "engine.api.reading")
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, cwd="/", start_new_session=True)
    watching = asyncio.create_task(_end_when_gone(request, process, allowed))
    try:
        yield process
    finally:
        watching.cancel()
        _kill(process)
        # Reads what is left, too: a pipe that nobody empties would be kept.
        await process.communicate()


async def _end_when_gone(request: web.Request, process: Process, allowed: Callable[[], Awaitable[bool]] | None) -> None:
    ended = asyncio.create_task(process.wait())
    try:
        while not ended.done() and request.transport is not None and (allowed is None or await allowed()):
            await asyncio.wait({ended}, timeout=_LOOK_S)
        _kill(process)
    finally:
        ended.cancel()


def _kill(process: Process) -> None:
    """With what it started: git, where it looks into versions. One that has ended is left alone."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


async def _answered(request: web.Request, process: Process, asked: Asked) -> web.StreamResponse:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(asked.model_dump_json().encode())
    process.stdin.close()
    begun = _begun(await process.stdout.readline())
    response = web.StreamResponse(headers=_headers(begun))
    whole = False
    try:
        await response.prepare(request)
        while piece := await process.stdout.read(_PIECE):
            await response.write(piece)
        whole = await process.wait() == 0
    finally:
        if not whole and request.transport is not None:
            # What is broken off must not look like an end.
            request.transport.abort()
    return response


def _begun(line: bytes) -> Begun:
    if not line:
        raise RunroomError("The process that was to answer this ended too early; the engine's log may say why.")
    match HEAD.validate_json(line):
        case Begun() as begun:
            return begun
        case Refused(why="not_there", sentence=sentence):
            raise NotInRecord(sentence)
        case Refused(why="wrong", sentence=sentence):
            raise UsageError(sentence)
        case Refused(sentence=sentence):
            raise RunroomError(sentence)


def _headers(begun: Begun) -> dict[str, str]:
    is_text = begun.content_type.startswith("text/") or begun.content_type == "application/json"
    kept = {} if begun.file_name is None else downloaded(begun.file_name)
    return {**kept, "Content-Type": f"{begun.content_type}; charset=utf-8" if is_text else begun.content_type}


def _for_nobody() -> web.Response:
    """Whoever asked has gone."""
    return web.Response()
