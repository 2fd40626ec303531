"""Who may do what: every endpoint stands behind this."""

import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from engine.api.problems import ApiProblem, as_problem
from engine.api.rate import RateLimiter, neighbourhood
from engine.api.tokens import TokenDesk, digest
from engine.errors import RunroomError
from store.clock import Clock
from store.errors import StoreError
from store.models import Scope
from store.tokens import SCOPES, KeptAnswer, Token
from store.writes import StoreWriter

_LONGEST_KEY = 255
_MOST_LET_IN = 1000

Handle = Callable[[web.Request, Token], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Something that may be asked; `refused` is the status of an answer to what cannot be."""

    method: str
    path: str
    scope: Scope
    handle: Handle
    refused: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY


class Gate:
    """Lets in who shows a token with the right scope, not too often, and carries out no request twice.

    An address that showed too many wrong ones waits before the next is looked at; tokens that were right before pass,
    so that nobody locks out who comes from the same address, as all do behind a reverse proxy.
    """

    def __init__(
        self, tokens: TokenDesk, limiter: RateLimiter, failures: RateLimiter, writer: StoreWriter, clock: Clock
    ) -> None:
        self._tokens = tokens
        self._limiter = limiter
        self._failures = failures
        self._writer = writer
        self._clock = clock
        self._let_in: OrderedDict[bytes, None] = OrderedDict()

    def route(self, endpoint: Endpoint) -> web.RouteDef:
        """The endpoint behind the gate."""

        async def handle(request: web.Request) -> web.StreamResponse:
            token = await self._token(request)
            _require(token, endpoint.scope)
            self._limiter.take(token.id)
            key = request.headers.get("Idempotency-Key")
            if key is not None and request.method == "POST":
                return await self._once(endpoint, request, token, key)
            return await _carry_out(endpoint, request, token)

        return web.route(endpoint.method, endpoint.path, handle)

    async def _token(self, request: web.Request) -> Token:
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        address, hashed = neighbourhood(request.remote), digest(secret.strip())
        if hashed not in self._let_in:
            self._failures.check(address)
        token = await self._tokens.recognise(secret.strip()) if kind.lower() == "bearer" else None
        self._remember(hashed, token is not None)
        if token is None:
            self._failures.take(address)
            shown = "This token is none, or was revoked" if secret else "A token is needed"
            raise ApiProblem(
                HTTPStatus.UNAUTHORIZED,
                "unauthorized",
                f'{shown}; "runroom tokens create NAME" makes one, sent as "Authorization: Bearer TOKEN".',
                {"WWW-Authenticate": 'Bearer realm="runroom"'},
            )
        return token

    def _remember(self, hashed: bytes, is_right: bool) -> None:
        self._let_in.pop(hashed, None)
        if is_right:
            self._let_in[hashed] = None
            if len(self._let_in) > _MOST_LET_IN:
                self._let_in.popitem(last=False)

    async def _once(self, endpoint: Endpoint, request: web.Request, token: Token, key: str) -> web.StreamResponse:
        if not 0 < len(key) <= _LONGEST_KEY:
            raise ApiProblem(
                HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", f"Idempotency-Key has 1 to {_LONGEST_KEY} characters."
            )
        asked = await _digest(request)
        if (kept := await self._writer.api.claim_key(token.id, key, asked, self._clock())) is not None:
            return _again(kept, asked)
        try:
            answer = await _carry_out(endpoint, request, token)
        except ApiProblem as problem:
            # Whoever is refused may mend the request and ask again; after all else nobody knows what was done.
            if problem.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                await self._writer.api.release_key(token.id, key)
            raise
        body = answer.text if isinstance(answer, web.Response) else None
        await self._writer.api.keep_answer(token.id, key, answer.status, answer.headers.get("Location"), body or "")
        return answer


async def _carry_out(endpoint: Endpoint, request: web.Request, token: Token) -> web.StreamResponse:
    try:
        return await endpoint.handle(request, token)
    except (RunroomError, StoreError) as error:
        raise as_problem(error, endpoint.refused) from error


def _require(token: Token, scope: Scope) -> None:
    if SCOPES.index(token.scope) < SCOPES.index(scope):
        raise ApiProblem(
            HTTPStatus.FORBIDDEN,
            "scope-too-small",
            f'The token {token.name} is of scope "{token.scope}"; this needs "{scope}".',
        )


async def _digest(request: web.Request) -> bytes:
    said = f"{request.method} {request.path_qs}\n".encode() + await request.read()
    return hashlib.sha256(said).digest()


def _again(kept: KeptAnswer, asked: bytes) -> web.Response:
    """The answer of the first time. Raises ApiProblem where there is none, or for another request."""
    if kept.request != asked:
        raise ApiProblem(
            HTTPStatus.UNPROCESSABLE_ENTITY, "key-of-another", "This Idempotency-Key was used for another request."
        )
    if kept.status is None:
        raise ApiProblem(
            HTTPStatus.CONFLICT,
            "not-answered",
            "The first request with this Idempotency-Key was not answered yet, or the engine ended in the midst of it.",
        )
    headers = {"Idempotency-Replayed": "true", **({"Location": kept.location} if kept.location else {})}
    return web.Response(text=kept.body, status=kept.status, content_type="application/json", headers=headers)
