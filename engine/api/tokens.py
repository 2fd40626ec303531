"""Bearer tokens: made once, shown once, known by their hash alone."""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from engine.api.token_trail import TokenEntry, note_token
from engine.configuration.names import check_name, suggestion
from engine.errors import RunroomError, UsageError
from store.clock import Clock
from store.models import Scope
from store.reads import StoreReader
from store.tokens import Token
from store.triage import Action, ActionName
from store.writes import StoreWriter

_BYTES = 32
_PREFIX = "rr_"  # So that scanners for leaked secrets can know one when they see it.
_USE_NOTED = timedelta(minutes=1)


def digest(secret: str) -> bytes:
    """What is kept of a token. Of 32 random bytes, a plain hash gives nothing away."""
    return hashlib.sha256(secret.encode()).digest()


class TokenDesk:
    """Makes, lists and revokes tokens, and knows them again."""

    def __init__(
        self,
        file: Path,
        writer: StoreWriter,
        reader: StoreReader,
        clock: Clock,
        changed: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._file = file
        self._writer = writer
        self._reader = reader
        self._clock = clock
        self._changed = changed

    async def create(self, name: str, scope: Scope, author: str | None) -> str:
        """Gives the new token, which nobody can be told again. Raises UsageError where the name cannot be."""
        try:
            check_name(name)
        except ValueError as error:
            raise UsageError(f"{error}.") from error
        if any(token.name == name for token in await self._reader.api.tokens()):
            raise UsageError(f'There is a token "{name}" already; revoke it first, or choose another name.')
        secret, now = _PREFIX + secrets.token_urlsafe(_BYTES), self._clock()
        hashed = digest(secret)
        await self._write(TokenEntry(ts=now, name=name, digest=hashed.hex(), scope=scope, author=author))
        await self._writer.api.add_token(name, hashed, scope, now, author)
        await self._note("create_token", f"{name} ({scope})", author)
        return secret

    async def revoke(self, name: str, author: str | None) -> Token:
        """The token opens nothing from now on. Raises UsageError where there is none of this name."""
        tokens = {token.name: token for token in await self._reader.api.tokens()}
        if name not in tokens:
            raise UsageError(f'There is no token "{name}"; {suggestion(name, tokens)}')
        now = self._clock()
        await self._writer.api.revoke_token(tokens[name].id, now, author)
        await self._write(TokenEntry(ts=now, name=name, author=author))
        await self._note("revoke_token", name, author)
        return tokens[name]

    async def listed(self) -> list[Token]:
        """Those that open something."""
        return await self._reader.api.tokens()

    async def opens(self, token: Token) -> bool:
        """Whether it was not revoked since."""
        return any(each.id == token.id for each in await self.listed())

    async def recognise(self, secret: str) -> Token | None:
        """The token that this is, if it is one; that it was used is noted once a minute at most."""
        shown, found = digest(secret), None
        for token in await self._reader.api.tokens():
            if hmac.compare_digest(token.digest, shown):
                found = token
        if found is not None:
            await self._note_use(found)
        return found

    async def _write(self, entry: TokenEntry) -> None:
        try:
            await asyncio.to_thread(note_token, self._file, entry)
        except OSError as error:
            raise RunroomError(f"{self._file} cannot be written: {error.strerror}.") from error

    async def _note_use(self, token: Token) -> None:
        now = self._clock()
        if token.last_used_at is None or now - token.last_used_at >= _USE_NOTED:
            await self._writer.api.note_use(token.id, now)

    async def _note(self, name: ActionName, detail: str, author: str | None) -> None:
        action = Action(at=self._clock(), author=author, action=name, detail=detail)
        self._changed(await self._writer.record_action(action))
