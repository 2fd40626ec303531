"""Lines of logs: those of a run, sieved, and those with a pattern in all runs."""

from functools import partial
from http import HTTPStatus
from typing import Any, Literal

from aiohttp import web
from pydantic import Field

from engine.api.desks import Desks
from engine.api.formats import format_of
from engine.api.gate import Endpoint
from engine.api.messages import Body
from engine.api.problems import ApiProblem
from engine.api.reading.desk import ReadingDesk
from engine.api.reading.questions import LinesQuestion, SearchQuestion
from engine.api.run_names import run_called, run_named
from engine.api.run_query import parameters_of
from store.tokens import Token

_AT_ONCE = 2
_MOST_FOLLOWERS = 8
_FORMATS = {"json": "application/json", "text": "text/plain"}
_MOST_LINES = 100_000
_USUAL_LINES = 10_000


class SearchQuery(Body):
    """A text (without capital letters it matches them too) or regular expression; in a run, or the last of a job."""

    pattern: str = Field(min_length=1, max_length=1_000)
    regex: bool = False
    run: str | None = None
    job: str | None = None
    last: int | None = Field(default=None, ge=1, lt=2**63)
    limit: int = Field(default=_USUAL_LINES, ge=1, le=_MOST_LINES)


class LinesQuery(Body):
    """The lines of a step, about a model, of a level or a worse one, that match a regular expression.

    As JSON with a limit; as they stand, without one; or as they stand and come, until the run is over.
    """

    step: str | None = None
    model: str | None = None
    level: Literal["debug", "info", "warn", "error"] = "debug"
    grep: str | None = Field(default=None, max_length=1_000)
    limit: int | None = Field(default=None, ge=1, le=_MOST_LINES)
    format: str | None = None
    follow: bool = False


def line_endpoints(desks: Desks) -> list[Endpoint]:
    """The endpoints `/v1/search` and `/v1/runs/{run}/lines`."""
    lines = _Lines(desks)
    return [
        Endpoint("GET", "/v1/search", "read", lines.search),
        Endpoint("GET", "/v1/runs/{run}/lines", "read", lines.sieved),
    ]


class _Lines:
    def __init__(self, desks: Desks) -> None:
        self._desks = desks
        self._reading = ReadingDesk(desks.paths.folder, desks.clock, _AT_ONCE)
        self._following = ReadingDesk(desks.paths.folder, desks.clock, _MOST_FOLLOWERS, limit_s=None)

    async def search(self, request: web.Request, token: Token) -> web.StreamResponse:
        """One object that comes as it grows, the newest run first; `complete` at its end says whether that is all."""
        query = parameters_of(request, SearchQuery)
        if query.run is not None and (query.job is not None or query.last is not None):
            says = "run names one run; leave job and last out, or run."
            raise ApiProblem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", says)
        run = None if query.run is None else (await run_called(self._desks.reader, query.run)).id
        question = SearchQuestion(**{**query.model_dump(), "run": run})
        return await self._reading.answer(request, question, partial(self._desks.tokens.opens, token))

    async def sieved(self, request: web.Request, token: Token) -> web.StreamResponse:
        """The lines in their order; in JSON, `complete` says whether these are all."""
        query = parameters_of(request, LinesQuery)
        sieve = {**query.model_dump(include={"step", "model", "grep"}), "level": query.level.upper()}
        if query.follow:
            return await self._follow(request, token, query, sieve)
        as_text = format_of(request, query.format, _FORMATS) == "text"
        limit = query.limit if as_text else query.limit or _USUAL_LINES
        run = await run_named(self._desks, request)
        return await self._reading.answer(request, LinesQuestion(run=run.id, as_text=as_text, limit=limit, **sieve))

    async def _follow(
        self, request: web.Request, token: Token, query: LinesQuery, sieve: dict[str, Any]
    ) -> web.StreamResponse:
        if query.limit is not None or query.format not in (None, "text"):
            says = "follow gives all lines as text; leave limit and format out."
            raise ApiProblem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", says)
        run = await run_named(self._desks, request)
        question = LinesQuestion(run=run.id, as_text=True, follow=True, **sieve)
        return await self._following.answer(request, question, partial(self._desks.tokens.opens, token))
