"""An API over real HTTP, before an engine whose workers are played."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from engine import supervisor as module
from engine.api.application import api_application
from engine.api.desks import Desks
from engine.api.settings import ApiSettings, Webhook
from engine.api.tokens import TokenDesk
from engine.api.webhooks.delivery import News
from engine.api.webhooks.routes import NewsDesk
from engine.change_stream import ChangeStream
from engine.job_desk import JobDesk
from engine.notifications.notifier import Notifier
from engine.refresh import Refresher
from engine.triage.desk import TriageDesk
from engine.version_desk import VersionDesk
from store.models import Run, Scope
from store.status import RunStatus
from tests.engine.played_engine import JOBS, PlayedEngine, job
from tests.engine.played_worker import PlayedWorkers, finish

SETTINGS = ApiSettings("127.0.0.1", 8470, max_body=10_000)
FORGE_JOBS = (
    *JOBS,
    job("deliver", type="merge"),
    job("deliver_dev", "dev", type="merge"),
    job("try", "test", type="ci"),
)
WEBHOOKS = (
    Webhook("hub", "github", "HUB_SECRET", "flights"),
    Webhook("open_hub", "github", "OPEN_HUB_SECRET", "flights", forks=True),
    Webhook("lab", "gitlab", "LAB_SECRET", "flights"),
)


@dataclass
class HeardNews:
    """Stands before what would start runs, where there is that; breaks while `problem` is set."""

    heard: list[tuple[str, News]] = field(default_factory=list)
    problem: Exception | None = None
    desk: NewsDesk | None = None

    async def take(self, webhook: Webhook, news: News) -> Sequence[Run]:
        """Notes who told what."""
        if self.problem is not None:
            raise self.problem
        self.heard.append((webhook.name, news))
        return await self.desk.take(webhook, news) if self.desk is not None else ()


class HandClock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 14, 4, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The moment that the test wants."""
        return self.now

    def pass_time(self, **amount: float) -> None:
        """Moves it on."""
        self.now += timedelta(**amount)


@dataclass
class Api:
    """The engine, and what somebody says to it over HTTP."""

    engine: PlayedEngine
    tokens: TokenDesk
    desks: Desks
    news: HeardNews
    clock: HandClock
    client: "TestClient[web.Request, web.Application]"
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def token(self, scope: Scope = "admin", name: str = "") -> str:
        """A new token."""
        return await self.tokens.create(name or scope, scope, "anna")

    async def ask(
        self, method: str, path: str, token: str | None = None, body: object = None, **headers: str
    ) -> ClientResponse:
        """Asks, with a token where one is given; underscores in names of headers stand for hyphens."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        return await self.client.request(method, path, headers=sent, json=body)

    async def run_to_end(self, token: str, job: str = "nightly", how: str = "completed") -> int:
        """Starts a run over the API and lets it end."""
        started = await self.ask("POST", "/v1/runs", token, {"job": job})
        assert started.status == 201, await started.text()
        run_id = int((await started.json())["id"])
        finish(self.engine.paths.run(run_id), how)
        await self.engine.when(run_id, RunStatus(how))
        return run_id


OpenApi = Callable[[ApiSettings], Awaitable[Api]]


@pytest.fixture
async def open_api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[OpenApi]:
    """Opens an API with these settings."""
    async with AsyncExitStack() as stack:
        workers = PlayedWorkers()
        stack.callback(workers.end)
        monkeypatch.setattr(module, "start_worker", workers)

        async def make(settings: ApiSettings) -> Api:
            clock, stop = HandClock(), asyncio.Event()
            engine = PlayedEngine(tmp_path, workers, FORGE_JOBS, webhooks=WEBHOOKS, branch="main")
            await engine.start()
            stack.push_async_callback(engine.stop)
            news = HeardNews()
            desks = _desks(engine, clock, stop, news)
            client = TestClient(TestServer(api_application(settings, desks)))
            await client.start_server()
            stack.push_async_callback(client.close)
            return Api(engine, desks.tokens, desks, news, clock, client, stop)

        yield make


@pytest.fixture
async def api(open_api: OpenApi) -> Api:
    """An API with usual settings."""
    return await open_api(SETTINGS)


def _desks(engine: PlayedEngine, clock: HandClock, stop: asyncio.Event, news: HeardNews) -> Desks:
    writer, reader, hub, supervisor = engine.writer, engine.reader, engine.hub, engine.supervisor
    triage = TriageDesk(engine.paths, writer, reader, hub, clock)
    return Desks(
        paths=engine.paths,
        supervisor=supervisor,
        triage=triage,
        jobs=JobDesk(lambda: supervisor.workspace, writer, reader, hub, clock, lambda: None),
        refresher=Refresher(lambda: supervisor.workspace, supervisor.reserve, writer, hub, clock),
        notifier=Notifier(lambda: (), engine.paths, writer, reader, clock),
        tokens=TokenDesk(engine.paths.tokens, writer, reader, clock),
        news=news,
        versions=VersionDesk(lambda: supervisor.workspace, reader, supervisor.reserve, triage.note, clock),
        changes=ChangeStream(reader, hub, stop),
        reader=reader,
        writer=writer,
        clock=clock,
    )
