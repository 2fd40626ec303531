"""The engine's API: HTTP with JSON on the Unix socket (engine/protocol.py says what is spoken)."""

import logging
import os
from collections.abc import Awaitable, Callable
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from aiohttp import web

from engine.api.settings import ApiState
from engine.api.token_routes import token_routes
from engine.api.tokens import TokenDesk
from engine.change_stream import ChangeStream
from engine.departure import Departure
from engine.errors import RunroomError, UsageError
from engine.http_messages import answer, body_of, run_of
from engine.hub import Hub
from engine.job_desk import JobDesk
from engine.job_routes import job_routes
from engine.notifications.notifier import Notifier
from engine.notifications.routes import notification_routes
from engine.protocol import (
    API_VERSION,
    CancelRun,
    Hello,
    Problem,
    Rebuilt,
    RefreshEnvironments,
    RenameRun,
    RepairRun,
    RerunRun,
    RunAnswer,
    StartRun,
)
from engine.refresh import Refresher
from engine.refusals import reason
from engine.supervisor import Supervisor
from engine.triage.desk import TriageDesk
from engine.triage.routes import triage_routes
from engine.version_desk import VersionDesk
from engine.version_routes import version_routes
from store.clock import system_clock
from store.errors import RunNotFound, StoreError
from store.migrate import LATEST
from store.paths import WorkspacePaths
from store.reads import StoreReader

_logger = logging.getLogger("runroom.engine")


class Server:
    """Routes requests to the supervisor. `departure` is asked for when a client wants the engine to go."""

    def __init__(
        self,
        supervisor: Supervisor,
        refresher: Refresher,
        job_desk: JobDesk,
        notifier: Notifier,
        triage: TriageDesk,
        tokens: TokenDesk,
        reader: StoreReader,
        hub: Hub,
        workspace: str,
        started_at: datetime,
        rebuilt: Rebuilt | None,
        tcp: Callable[[], ApiState],
    ) -> None:
        self._supervisor = supervisor
        self._refresher = refresher
        self._job_desk = job_desk
        self._notifier = notifier
        self._triage = triage
        self._tokens = tokens
        self.versions = VersionDesk(lambda: supervisor.workspace, reader, supervisor.reserve, triage.note, system_clock)
        self._reader = reader
        self._workspace = workspace
        self._started_at = started_at
        self._rebuilt = rebuilt
        self._tcp = tcp
        self.departure = Departure(WorkspacePaths(Path(workspace)))
        self.changes = ChangeStream(reader, hub, self.departure.asked)
        self.requests = 0

    def application(self) -> web.Application:
        """The routes."""
        application = web.Application(middlewares=[self._answer_errors], client_max_size=16 * 1024 * 1024)
        application.add_routes(
            [
                web.get("/v1/hello", self._hello),
                web.get("/v1/changes", self.changes.serve),
                web.post("/v1/runs", self._start),
                web.post("/v1/runs/{run}/cancel", self._cancel),
                web.post("/v1/runs/{run}/rerun", self._rerun),
                web.patch("/v1/runs/{run}", self._rename),
                web.post("/v1/runs/{run}/repair", self._repair),
                web.post("/v1/environments/refresh", self._refresh),
                *triage_routes(self._triage),
                *job_routes(self._job_desk),
                *notification_routes(self._notifier),
                *token_routes(self._tokens),
                *version_routes(self.versions),
                web.post("/v1/reload", self._reload),
                web.post("/v1/stop", self._stop),
            ]
        )
        return application

    @web.middleware
    async def _answer_errors(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        self.requests += 1
        try:
            return await handler(request)
        except RunNotFound as error:
            return answer(Problem(error=str(error), exit_code=2), 404)
        except UsageError as error:
            return answer(Problem(error=str(error), exit_code=2), 400)
        except (RunroomError, StoreError) as error:
            return answer(Problem(error=str(error)), 500)
        except web.HTTPException as error:
            return answer(Problem(error=error.reason, exit_code=2), error.status)
        except OSError as error:
            _logger.exception("%s %s failed", request.method, request.path)
            return answer(Problem(error=f"It could not be done: {reason(error)}"), 500)
        except Exception as error:
            _logger.exception("%s %s failed", request.method, request.path)
            return answer(Problem(error=f"The engine failed: {type(error).__name__}: {error}"), 500)

    async def _hello(self, _: web.Request) -> web.Response:
        return answer(await self._greeting())

    async def _greeting(self) -> Hello:
        return Hello(
            api=API_VERSION,
            version=version("runroom"),
            pid=os.getpid(),
            workspace=self._workspace,
            started_at=self._started_at,
            active_runs=len(await self._reader.active_runs()),
            store_schema=LATEST,
            configuration_problem=self._supervisor.configuration_problem,
            listens_on=self._tcp().address,
            listening_problem=self._tcp().problem,
            rebuilt=self._rebuilt,
        )

    async def _start(self, request: web.Request) -> web.Response:
        wanted = await body_of(request, StartRun)
        run = await self._supervisor.request_run(wanted)
        await self._triage.note("start", run.id, wanted.author)
        return answer(RunAnswer(run=run), 201)

    async def _cancel(self, request: web.Request) -> web.Response:
        wanted = await body_of(request, CancelRun)
        run = await self._supervisor.cancel(run_of(request), wanted)
        await self._triage.note("cancel", run.id, wanted.author)
        return answer(RunAnswer(run=run))

    async def _rerun(self, request: web.Request) -> web.Response:
        wanted = await body_of(request, RerunRun)
        run = await self._supervisor.rerun(run_of(request), wanted)
        await self._triage.note("rerun", run_of(request), wanted.author, f"#{run.id}")
        return answer(RunAnswer(run=run), 201)

    async def _repair(self, request: web.Request) -> web.Response:
        wanted = await body_of(request, RepairRun)
        run = await self._supervisor.repair(run_of(request), wanted)
        await self._triage.note("repair", run_of(request), wanted.author, f"#{run.id}")
        return answer(RunAnswer(run=run), 201)

    async def _refresh(self, request: web.Request) -> web.Response:
        return answer(await self._refresher.refresh((await body_of(request, RefreshEnvironments)).project))

    async def _rename(self, request: web.Request) -> web.Response:
        wanted = await body_of(request, RenameRun)
        run = await self._supervisor.rename(run_of(request), wanted.name)
        await self._triage.note("rename", run.id, wanted.author, wanted.name)
        return answer(RunAnswer(run=run))

    async def _reload(self, _: web.Request) -> web.Response:
        await self._supervisor.reload()
        return answer(await self._greeting())

    async def _stop(self, _: web.Request) -> web.Response:
        self.departure.ask()
        return web.json_response({})
