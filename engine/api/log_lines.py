"""Lines of logs: those of a run, sieved, and those with a pattern in all runs."""

from http import HTTPStatus
from typing import Literal

from aiohttp import web
from pydantic import Field

from engine.api.desks import Desks
from engine.api.gate import Endpoint
from engine.api.messages import Body
from engine.api.problems import ApiProblem
from engine.api.reading.desk import ReadingDesk
from engine.api.reading.questions import LinesQuestion, SearchQuestion
from engine.api.run_names import run_called, run_named
from engine.api.run_query import parameters_of
from store.tokens import Token

_AT_ONCE = 2
_MOST_LINES = 100_000


class SearchQuery(Body):
    """A text (without capital letters it matches them too) or regular expression; in a run, or the last of a job."""

    pattern: str = Field(min_length=1, max_length=1_000)
    regex: bool = False
    run: str | None = None
    job: str | None = None
    last: int | None = Field(default=None, ge=1, lt=2**63)
    limit: int = Field(default=10_000, ge=1, le=_MOST_LINES)


class LinesQuery(Body):
    """The lines of a step, about a model, of a level or a worse one, that match a regular expression."""

    step: str | None = None
    model: str | None = None
    level: Literal["debug", "info", "warn", "error"] = "debug"
    grep: str | None = Field(default=None, max_length=1_000)
    limit: int = Field(default=10_000, ge=1, le=_MOST_LINES)


def line_endpoints(desks: Desks) -> list[Endpoint]:
    """The endpoints `/v1/search` and `/v1/runs/{run}/lines`."""
    lines = _Lines(desks, ReadingDesk(desks.paths.folder, desks.clock, _AT_ONCE))
    return [
        Endpoint("GET", "/v1/search", "read", lines.search),
        Endpoint("GET", "/v1/runs/{run}/lines", "read", lines.sieved),
    ]


class _Lines:
    def __init__(self, desks: Desks, reading: ReadingDesk) -> None:
        self._desks = desks
        self._reading = reading

    async def search(self, request: web.Request, _: Token) -> web.StreamResponse:
        """One object that comes as it grows, the newest run first; `complete` at its end says whether that is all."""
        query = parameters_of(request, SearchQuery)
        if query.run is not None and (query.job is not None or query.last is not None):
            says = "run names one run; leave job and last out, or run."
            raise ApiProblem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", says)
        run = None if query.run is None else (await run_called(self._desks.reader, query.run)).id
        return await self._reading.answer(request, SearchQuestion(**{**query.model_dump(), "run": run}))

    async def sieved(self, request: web.Request, _: Token) -> web.StreamResponse:
        """The lines in their order; `complete` says whether these are all."""
        query = parameters_of(request, LinesQuery)
        run = await run_named(self._desks, request)
        wanted = {**query.model_dump(), "level": query.level.upper()}
        return await self._reading.answer(request, LinesQuestion(run=run.id, **wanted))
