"""The part of the engine's API on its socket by which tokens for the one over TCP are made and revoked."""

from aiohttp import web

from engine.api.tokens import TokenDesk
from engine.http_messages import answer, body_of
from engine.protocol import CreateToken, Deed, ListedToken, TokenCreated, TokenList
from store.tokens import Token


def token_routes(desk: TokenDesk) -> list[web.RouteDef]:
    """The routes under `/v1/tokens`."""

    async def create(request: web.Request) -> web.Response:
        wanted = await body_of(request, CreateToken)
        secret = await desk.create(wanted.name, wanted.scope, wanted.author)
        return answer(TokenCreated(name=wanted.name, scope=wanted.scope, token=secret), 201)

    async def listed(_: web.Request) -> web.Response:
        return answer(TokenList(tokens=tuple(_listed(token) for token in await desk.listed())))

    async def revoke(request: web.Request) -> web.Response:
        author = (await body_of(request, Deed)).author
        return answer(_listed(await desk.revoke(request.match_info["name"], author)))

    return [
        web.post("/v1/tokens", create),
        web.get("/v1/tokens", listed),
        web.delete("/v1/tokens/{name}", revoke),
    ]


def _listed(token: Token) -> ListedToken:
    return ListedToken(
        name=token.name,
        scope=token.scope,
        created_at=token.created_at,
        created_by=token.created_by,
        last_used_at=token.last_used_at,
    )
