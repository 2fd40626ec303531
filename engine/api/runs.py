"""Runs: listed, shown, started, stopped, done again, looked after."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

from engine.api.desks import Desks
from engine.api.gate import Endpoint
from engine.api.messages import NoBody, NoteBody, RenameBody, RerunBody, StartBody, body_of
from engine.api.reading.desk import ReadingDesk
from engine.api.reading.questions import RunQuestion
from engine.api.run_names import number_in, run_called, run_named
from engine.api.run_query import ActionQuery, RunQuery, RunsQuery, parameters_of
from engine.protocol import CancelRun, RepairRun, RerunRun, StartRun
from store.hosts import hosts_json, hosts_of
from store.models import Run
from store.run_json import run_summary, whole_run
from store.tokens import Token
from store.triage import action_json

MOST_HERE = 500
"""Of a run with more models and audits nobody is told in the engine itself: that would hold it up."""

_CONFLICT = HTTPStatus.CONFLICT


def run_endpoints(desks: Desks, reading: ReadingDesk) -> list[Endpoint]:
    """The endpoints under `/v1/runs`."""
    asks, acts = _Asking(desks, reading), _Acting(desks)
    deeds = _Deeds(desks)
    return [
        Endpoint("GET", "/v1/runs", "read", asks.listed),
        Endpoint("GET", "/v1/runs/{run}", "read", asks.shown),
        Endpoint("GET", "/v1/runs/{run}/hosts", "read", asks.hosts),
        Endpoint("GET", "/v1/hosts", "read", asks.hosts_of_all),
        Endpoint("GET", "/v1/actions", "read", asks.actions),
        Endpoint("POST", "/v1/runs", "run", acts.start),
        Endpoint("POST", "/v1/runs/{run}/cancel", "run", acts.cancel, _CONFLICT),
        Endpoint("POST", "/v1/runs/{run}/rerun", "run", acts.rerun, _CONFLICT),
        Endpoint("POST", "/v1/runs/{run}/repair", "run", acts.repair, _CONFLICT),
        Endpoint("PATCH", "/v1/runs/{run}", "run", acts.rename),
        Endpoint("POST", "/v1/runs/{run}/acknowledge", "run", deeds.acknowledge, _CONFLICT),
        Endpoint("POST", "/v1/runs/{run}/unacknowledge", "run", deeds.unacknowledge, _CONFLICT),
        Endpoint("POST", "/v1/runs/{run}/archive", "run", deeds.archive, _CONFLICT),
        Endpoint("POST", "/v1/runs/{run}/unarchive", "run", deeds.unarchive, _CONFLICT),
        Endpoint("DELETE", "/v1/runs/{run}", "admin", deeds.delete, _CONFLICT),
        Endpoint("POST", "/v1/runs/{run}/undelete", "admin", deeds.undelete, _CONFLICT),
    ]


class _Asking:
    def __init__(self, desks: Desks, reading: ReadingDesk) -> None:
        self._desks = desks
        self._reading = reading

    async def listed(self, request: web.Request, _: Token) -> web.Response:
        """A page, and the `next` one's `after` where there may be one."""
        query = parameters_of(request, RunQuery)
        found = await self._desks.reader.runs(query.filter(), query.limit, query.after)
        now = self._desks.clock()
        following = found[-1].id if len(found) == query.limit else None
        return web.json_response({"runs": [run_summary(run, now) for run in found], "next": following})

    async def shown(self, request: web.Request, _: Token) -> web.StreamResponse:
        """All of it."""
        run = await run_named(self._desks, request)
        if run.counts.models_total + run.counts.audits_total > MOST_HERE:
            return await self._reading.answer(request, RunQuestion(run=run.id))
        return web.json_response(await whole_run(self._desks.reader, self._desks.paths, run.id, self._desks.clock()))

    async def hosts(self, request: web.Request, _: Token) -> web.Response:
        """On which host it ran."""
        return web.json_response({"hosts": hosts_json(hosts_of([await run_named(self._desks, request)]))})

    async def hosts_of_all(self, request: web.Request, _: Token) -> web.Response:
        """On which hosts several runs ran, each host once."""
        names = parameters_of(request, RunsQuery).run
        runs = [await run_called(self._desks.reader, name) for name in names]
        return web.json_response({"hosts": hosts_json(hosts_of(runs))})

    async def actions(self, request: web.Request, _: Token) -> web.Response:
        """Who did what to runs, newest first."""
        query = parameters_of(request, ActionQuery)
        found = await self._desks.reader.triage.actions(query.limit, query.run)
        return web.json_response({"actions": [action_json(action) for action in found]})


class _Acting:
    def __init__(self, desks: Desks) -> None:
        self._desks = desks

    async def start(self, request: web.Request, token: Token) -> web.Response:
        wanted = await body_of(request, StartBody)
        run = await self._desks.supervisor.request_run(StartRun(author=token.name, **wanted.model_dump()))
        await self._desks.triage.note("start", run.id, token.name)
        return self._made(run)

    async def cancel(self, request: web.Request, token: Token) -> web.Response:
        await body_of(request, NoBody)
        former = await run_named(self._desks, request)
        run = await self._desks.supervisor.cancel(former.id, CancelRun(author=token.name))
        await self._desks.triage.note("cancel", run.id, token.name)
        return answer_run(self._desks, run)

    async def rerun(self, request: web.Request, token: Token) -> web.Response:
        wanted = await body_of(request, RerunBody)
        former = await run_named(self._desks, request)
        run = await self._desks.supervisor.rerun(former.id, RerunRun(author=token.name, mode=wanted.mode))
        await self._desks.triage.note("rerun", former.id, token.name, f"#{run.id}")
        return self._made(run)

    async def repair(self, request: web.Request, token: Token) -> web.Response:
        await body_of(request, NoBody)
        former = await run_named(self._desks, request)
        run = await self._desks.supervisor.repair(former.id, RepairRun(author=token.name))
        await self._desks.triage.note("repair", former.id, token.name, f"#{run.id}")
        return self._made(run)

    async def rename(self, request: web.Request, token: Token) -> web.Response:
        wanted = await body_of(request, RenameBody)
        former = await run_named(self._desks, request)
        run = await self._desks.supervisor.rename(former.id, wanted.name)
        await self._desks.triage.note("rename", run.id, token.name, wanted.name)
        return answer_run(self._desks, run)

    def _made(self, run: Run) -> web.Response:
        answer = answer_run(self._desks, run, HTTPStatus.CREATED)
        answer.headers["Location"] = f"/v1/runs/{run.id}"
        return answer


class _Deeds:
    def __init__(self, desks: Desks) -> None:
        self._desks = desks
        self._triage = desks.triage

    async def acknowledge(self, request: web.Request, token: Token) -> web.Response:
        note = (await body_of(request, NoteBody)).note
        return await self._done(request, lambda run_id: self._triage.acknowledge(run_id, token.name, note))

    async def unacknowledge(self, request: web.Request, token: Token) -> web.Response:
        return await self._done(request, lambda run_id: self._triage.unacknowledge(run_id, token.name))

    async def archive(self, request: web.Request, token: Token) -> web.Response:
        return await self._done(request, lambda run_id: self._triage.archive(run_id, token.name))

    async def unarchive(self, request: web.Request, token: Token) -> web.Response:
        return await self._done(request, lambda run_id: self._triage.unarchive(run_id, token.name))

    async def delete(self, request: web.Request, token: Token) -> web.Response:
        run = await run_named(self._desks, request)
        await self._triage.delete(run.id, token.name)
        return web.Response(status=HTTPStatus.NO_CONTENT)

    async def undelete(self, request: web.Request, token: Token) -> web.Response:
        run = await self._triage.undelete(number_in(request.match_info["run"]), token.name)
        return answer_run(self._desks, run)

    async def _done(self, request: web.Request, act: Callable[[int], Awaitable[Run]]) -> web.Response:
        run = await run_named(self._desks, request)
        return answer_run(self._desks, await act(run.id))


def answer_run(desks: Desks, run: Run, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    """The run as lists have it."""
    return web.json_response(run_summary(run, desks.clock()), status=status)
