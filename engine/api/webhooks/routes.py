"""Where forges call: `/v1/webhooks/github` and `/v1/webhooks/gitlab`."""

import logging
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Protocol

from aiohttp import web

from engine.api.problems import ApiProblem
from engine.api.rate import RateLimiter, neighbourhood
from engine.api.settings import Provider, Webhook
from engine.api.webhooks.delivery import Delivery, Forge, News
from engine.api.webhooks.github import GITHUB
from engine.api.webhooks.gitlab import GITLAB
from store.clock import Clock
from store.models import Run
from store.writes import StoreWriter

_logger = logging.getLogger("runroom.engine")
_FORGES: Mapping[Provider, Forge] = {"github": GITHUB, "gitlab": GITLAB}


class NewsDesk(Protocol):
    """Where something comes of what forges tell."""

    async def take(self, webhook: Webhook, news: News) -> Sequence[Run]:
        """The runs that it starts."""


class WebhookDoor:
    """Lets in what is genuine, once; an address that brought too much of what is not waits before the next."""

    def __init__(
        self,
        webhooks: Callable[[], Sequence[Webhook]],
        environ: Mapping[str, str],
        desk: NewsDesk,
        limiter: RateLimiter,
        failures: RateLimiter,
        writer: StoreWriter,
        clock: Clock,
    ) -> None:
        self._webhooks = webhooks
        self._environ = environ
        self._desk = desk
        self._limiter = limiter
        self._failures = failures
        self._writer = writer
        self._clock = clock
        self._without_secret: set[Webhook] = set()

    def routes(self) -> list[web.RouteDef]:
        """One for each kind of forge."""
        return [web.post(f"/v1/webhooks/{provider}", self._handler(provider)) for provider in _FORGES]

    def _handler(self, provider: Provider) -> Callable[[web.Request], Any]:
        async def handle(request: web.Request) -> web.Response:
            address = neighbourhood(request.remote)
            self._failures.check(address)
            headers = {name.lower(): value for name, value in request.headers.items()}
            delivery = Delivery(headers, await request.read())
            callers = self._callers(provider, delivery, address)
            news = _FORGES[provider].news(delivery)
            if news is None:
                return web.json_response({"runs": []})
            answers = [await self._take(webhook, delivery, news) for webhook in callers]
            return web.json_response({"runs": [run.id for runs in answers for run in runs]})

        return handle

    def _callers(self, provider: Provider, delivery: Delivery, address: str) -> list[Webhook]:
        """The webhooks whose secret this delivery proves to know. Raises ApiProblem where there is none."""
        known = [webhook for webhook in self._webhooks() if webhook.provider == provider]
        found = [webhook for webhook in known if self._is_genuine(webhook, delivery)]
        if not found:
            self._failures.take(address)
            raise ApiProblem(
                HTTPStatus.UNAUTHORIZED, "not-genuine", f"This delivery does not prove to be of {provider}'s."
            )
        for webhook in found:
            self._limiter.take(("webhook", webhook.name))
        return found

    def _is_genuine(self, webhook: Webhook, delivery: Delivery) -> bool:
        secret = self._environ.get(webhook.secret_env, "")
        if not secret:
            self._say_once(webhook)
            return False
        return _FORGES[webhook.provider].is_genuine(delivery, secret.encode())

    def _say_once(self, webhook: Webhook) -> None:
        """Anybody may call: they are not to fill the log."""
        if webhook not in self._without_secret:
            self._without_secret.add(webhook)
            _logger.warning("webhook %s: the engine has no variable %s", webhook.name, webhook.secret_env)

    async def _take(self, webhook: Webhook, delivery: Delivery, news: News) -> Sequence[Run]:
        if news.from_fork and not webhook.forks:
            _logger.info(
                "webhook %s: %s comes from a fork, which webhooks.%s.forks does not allow",
                webhook.name,
                news.note,
                webhook.name,
            )
            return ()
        marks = _FORGES[webhook.provider].marks(delivery)
        await self._claim(webhook, marks)
        try:
            return await self._desk.take(webhook, news)
        except Exception:
            # Nothing came of it, so the forge may tell it again.
            await self._release(webhook, marks)
            raise

    async def _claim(self, webhook: Webhook, marks: Sequence[str]) -> None:
        for mark in marks:
            if not await self._writer.api.claim_delivery(webhook.name, mark, self._clock()):
                raise ApiProblem(HTTPStatus.CONFLICT, "replayed", "This delivery was taken before.")

    async def _release(self, webhook: Webhook, marks: Sequence[str]) -> None:
        for mark in marks:
            await self._writer.api.release_delivery(webhook.name, mark)
