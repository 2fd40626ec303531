"""What can be concluded from runs: why they failed, what feeds what, what a model is, how runs differ."""

from datetime import datetime
from http import HTTPStatus

from aiohttp import web
from pydantic import Field

from engine.api.desks import Desks
from engine.api.formats import format_of
from engine.api.gate import Endpoint
from engine.api.messages import Body
from engine.api.problems import ApiProblem
from engine.api.reading.desk import ReadingDesk
from engine.api.reading.questions import (
    BundleQuestion,
    CausesQuestion,
    ChangesQuestion,
    ComparisonQuestion,
    LineageQuestion,
    ModelQuestion,
)
from engine.api.run_names import run_called, run_named
from engine.api.run_query import RunsQuery, parameters_of
from engine.configuration.durations import moment_ago
from store.causes import cause_json
from store.comparison.compared import MOST
from store.filters import runs_of_job
from store.tokens import Token

_LAST_GOOD = "last-good"
_MOST_LEVELS = 10_000


class FailuresQuery(Body):
    """Of the `last` runs, of a `job`, `since` so long ago: 7d, 12h."""

    last: int | None = Field(default=None, ge=1, lt=2**63)
    job: str | None = None
    since: str | None = None


class LineageQuery(Body):
    """Only what is around a model, `up` and `down` so many levels."""

    model: str | None = Field(default=None, min_length=1)
    up: int | None = Field(default=None, ge=0, le=_MOST_LEVELS)
    down: int | None = Field(default=None, ge=0, le=_MOST_LEVELS)
    format: str | None = None


class ModelQuery(Body):
    """All of the model, or the trace of one of its columns."""

    column: str | None = Field(default=None, min_length=1)


class ChangesQuery(Body):
    """Since which run; `last-good` is the last one that went well."""

    since: str | None = None


class BundleQuery(Body):
    """The archive, or its short form."""

    format: str | None = None


def insight_endpoints(desks: Desks, reading: ReadingDesk) -> list[Endpoint]:
    """The endpoints behind which more than the record of a run is read."""
    insight = _Insight(desks, reading)
    return [
        Endpoint("GET", "/v1/failures", "read", insight.failures),
        Endpoint("GET", "/v1/compare", "read", insight.comparison),
        Endpoint("GET", "/v1/runs/{run}/causes", "read", insight.causes),
        Endpoint("GET", "/v1/runs/{run}/lineage", "read", insight.lineage),
        # A name may have slashes, dots and quotes in it: the whole rest of the path is one.
        Endpoint("GET", "/v1/runs/{run}/models/{model:.+}", "read", insight.model),
        Endpoint("GET", "/v1/runs/{run}/changes", "read", insight.changes),
        Endpoint("GET", "/v1/runs/{run}/bundle", "read", insight.bundle),
    ]


class _Insight:
    def __init__(self, desks: Desks, reading: ReadingDesk) -> None:
        self._desks = desks
        self._reading = reading

    async def failures(self, request: web.Request, _: Token) -> web.Response:
        """Why runs failed: each cause once, what was seen last first."""
        query = parameters_of(request, FailuresQuery)
        since = None if query.since is None else _moment(query.since, self._desks.clock())
        found = await self._desks.reader.causes_among(runs_of_job(query.job), query.last, since)
        return web.json_response({"failures": [cause_json(cause) for cause in found]})

    async def comparison(self, request: web.Request, _: Token) -> web.StreamResponse:
        """Two to four runs, in the order in which they are named."""
        names = parameters_of(request, RunsQuery).run
        runs = [(await run_called(self._desks.reader, name)).id for name in names[: MOST + 1]]
        return await self._reading.answer(request, ComparisonQuestion(runs=tuple(runs)))

    async def causes(self, request: web.Request, _: Token) -> web.StreamResponse:
        """The root causes of a run, with what each took down."""
        return await self._reading.answer(request, CausesQuestion(run=(await run_named(self._desks, request)).id))

    async def lineage(self, request: web.Request, _: Token) -> web.StreamResponse:
        """The graph of a run, or what is around a model of it."""
        query = parameters_of(request, LineageQuery)
        if query.model is None and (query.up is not None or query.down is not None):
            raise ApiProblem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", "up and down count from a model; name one.")
        wanted = format_of(request, query.format, {"json": "application/json", "dot": "text/vnd.graphviz"})
        run = await run_named(self._desks, request)
        around = query.model_dump(exclude={"format"})
        return await self._reading.answer(request, LineageQuestion(run=run.id, as_dot=wanted == "dot", **around))

    async def model(self, request: web.Request, _: Token) -> web.StreamResponse:
        """A model of a run by any of its names, or the trace of a column of it."""
        column = parameters_of(request, ModelQuery).column
        run = await run_named(self._desks, request)
        question = ModelQuestion(run=run.id, model=request.match_info["model"], column=column)
        return await self._reading.answer(request, question)

    async def changes(self, request: web.Request, _: Token) -> web.StreamResponse:
        """What differs since the run before, or since another one."""
        since = parameters_of(request, ChangesQuery).since
        run = await run_named(self._desks, request)
        good = since == _LAST_GOOD
        named = None if since is None or good else (await run_called(self._desks.reader, since)).id
        return await self._reading.answer(request, ChangesQuestion(run=run.id, since=named, last_good=good))

    async def bundle(self, request: web.Request, _: Token) -> web.StreamResponse:
        """What somebody else needs to look into a run, without secrets."""
        kinds = {"archive": "application/gzip", "short": "text/markdown"}
        wanted = format_of(request, parameters_of(request, BundleQuery).format, kinds)
        run = await run_named(self._desks, request)
        return await self._reading.answer(request, BundleQuestion(run=run.id, short=wanted == "short"))


def _moment(since: str, now: datetime) -> datetime:
    try:
        return moment_ago(since, now)
    except ValueError as error:
        raise ApiProblem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", f"since: {error}.") from error
