"""Keeps the API open where `runroom.toml` says, and nowhere else."""

import asyncio
import contextlib
import logging
from collections.abc import Callable

from aiohttp import web

from engine.api.application import api_application
from engine.api.certificates import Certificates
from engine.api.desks import Desks
from engine.api.settings import ApiSettings, ApiState
from engine.hub import Hub, Subscription

_logger = logging.getLogger("runroom.engine")
_AGAIN_S = 10.0
_SHUTDOWN_S = 1.0


class ApiSite:
    """Follows the configuration: opened, moved and closed as that changes."""

    def __init__(self, desks: Desks, settings: Callable[[], ApiSettings | None]) -> None:
        self._desks = desks
        self._settings = settings
        self._open: ApiSettings | None = None
        self._runner: web.AppRunner | None = None
        self._certificates: Certificates | None = None
        self._problem: str | None = None

    @property
    def wanted(self) -> bool:
        """Whether somebody may call at any time: then the engine does not leave."""
        return self._settings() is not None

    @property
    def state(self) -> ApiState:
        """How it stands."""
        return ApiState(self._open.address if self._open else None, self._problem)

    async def run(self, hub: Hub) -> None:
        """Goes on for as long as the engine does."""
        try:
            async with hub.subscribe(client=False) as news:
                while True:
                    await self.settle()
                    await self._rest(news)
        finally:
            await self._close()

    async def settle(self) -> None:
        """Opens it where it should be open now. What stands against that is logged, and tried again."""
        wanted = self._settings()
        if wanted == self._open:
            await self._renew()
            return
        await self._close()
        if wanted is None:
            self._problem = None
            return
        try:
            await self._listen(wanted)
        except OSError as error:
            self._say(f"The API cannot listen on {wanted.address}: {error.strerror or error}.")
            await self._close()
        else:
            self._open, self._problem = wanted, None
            _logger.info("the API listens on %s", wanted.address)

    async def _listen(self, wanted: ApiSettings) -> None:
        if wanted.certificate is not None:
            self._certificates = await asyncio.to_thread(Certificates, wanted.certificate, wanted.key)
        context = self._certificates.context if self._certificates else None
        self._runner = web.AppRunner(
            api_application(wanted, self._desks), access_log=None, shutdown_timeout=_SHUTDOWN_S
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, wanted.host, wanted.port, ssl_context=context).start()

    async def _renew(self) -> None:
        """Files that are no good leave those in force that were loaded before."""
        if self._certificates is None:
            return
        try:
            if await asyncio.to_thread(self._certificates.renew):
                _logger.info("the API has a new certificate")
                self._problem = None
        except OSError as error:
            self._say(f"The API keeps its former certificate: {error.strerror or error}.")

    async def _close(self) -> None:
        runner, self._runner, self._open, self._certificates = self._runner, None, None, None
        if runner is not None:
            await runner.cleanup()

    async def _rest(self, news: Subscription) -> None:
        """Until the workspace changes, or it is time to try again, or to look whether certificates were renewed."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_AGAIN_S if self._problem or self._certificates else None):
                while not (await news.next()).workspace:
                    continue

    def _say(self, problem: str) -> None:
        if problem != self._problem:
            _logger.warning("%s", problem)
        self._problem = problem
