"""Brings the engine's nudges to the screens: follows its stream of changes, and comes back when it breaks off."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from enum import StrEnum, auto
from typing import Protocol

from textual.message import Message

from engine.errors import EngineStopped, EngineTooNew, RunroomError
from engine.protocol import Change
from store.errors import StoreError, StoreTooNew

_COALESCE_S = 0.1
"""Screens hear of changes at most this often; what comes meanwhile is told together."""

_FIRST_PAUSE_S = 0.25
_LONGEST_PAUSE_S = 5.0
_CALM_PAUSE_S = 1.0
"""Between two looks for an engine that is not missed: where there is one again, somebody acts and wants to see it."""


class EngineAbsent(RunroomError):
    """No engine runs, and this app is to start none."""


class Standing(StrEnum):
    """How the app stands with the engine."""

    CONNECTED = auto()
    LOST = auto()
    """It is missed, and comes back by itself."""
    STOPPED = auto()
    """Somebody stopped it; it comes back when somebody acts."""
    ABSENT = auto()
    """There is none, and this app starts none."""
    OUTGROWN = auto()
    """It, or the store, is of a newer Runroom than this app."""


class ChangeSource(Protocol):
    """A connected engine."""

    async def problem(self) -> str | None:
        """What is wrong with the configuration; the engine goes on with an older one. Raises RunroomError."""

    def changes(self) -> AsyncIterator[Change]:
        """Says what changes from now on. Raises RunroomError when the engine goes away."""


Connect = Callable[[], AbstractAsyncContextManager[ChangeSource]]
"""Connects to the engine, starting it where it died. Raises RunroomError and StoreError on entry."""


class RunsChanged(Message, bubble=False):
    """These runs changed, or the workspace itself; with `everything`, nobody knows what did."""

    def __init__(self, runs: frozenset[int] = frozenset(), workspace: bool = False, everything: bool = False) -> None:
        super().__init__()
        self.runs = runs
        self.workspace = workspace or everything
        self.everything = everything

    def concerns(self, run_id: int) -> bool:
        """Whether this run may have changed."""
        return self.everything or run_id in self.runs


class EngineState(Message, bubble=False):
    """How it stands with the engine; `sentence` says what is the matter: with it, or with the configuration."""

    def __init__(self, standing: Standing, sentence: str = "") -> None:
        super().__init__()
        self.standing = standing
        self.sentence = sentence

    @property
    def connected(self) -> bool:
        """Whether the engine answers."""
        return self.standing is Standing.CONNECTED


class Feed:
    """Follows the engine for as long as the app runs. All that it finds goes to `post`."""

    def __init__(self, connect: Connect, post: Callable[[Message], object], pause_s: float = _FIRST_PAUSE_S) -> None:
        """`pause_s` is how long it waits before it connects again; each time that fails, twice as long."""
        self._connect = connect
        self._post = post
        self._pause_s = pause_s
        self._runs: set[int] = set()
        self._workspace = False
        self._standing: Standing | None = None
        self._flush_timer: asyncio.TimerHandle | None = None
        self._flushed_at = 0.0

    async def run(self) -> None:
        """Never returns; ends by cancellation."""
        pause_s = self._pause_s
        try:
            while True:
                try:
                    async with self._connect() as source:
                        pause_s = self._pause_s
                        await self._follow(source)
                except (RunroomError, StoreError) as error:
                    self._say(_standing_after(error), str(error))
                else:
                    self._say(Standing.LOST, "The engine has ended its connection.")
                await asyncio.sleep(pause_s)
                calm = self._standing in (Standing.STOPPED, Standing.ABSENT)
                pause_s = min(pause_s * 2, _CALM_PAUSE_S if calm else _LONGEST_PAUSE_S)
        finally:
            self._forget_flush()

    def _say(self, standing: Standing, sentence: str) -> None:
        before, self._standing = self._standing, standing
        self._post(EngineState(standing, sentence))
        if standing is Standing.OUTGROWN and before is not standing:
            # Every screen looks, and says itself what it cannot read any more.
            self._post(RunsChanged(everything=True))

    async def _follow(self, source: ChangeSource) -> None:
        self._say(Standing.CONNECTED, await source.problem() or "")
        # Whatever happened while nobody listened: the screens look at all of it again.
        self._post(RunsChanged(everything=True))
        async for change in source.changes():
            self._runs.update(change.runs)
            self._workspace = self._workspace or change.workspace
            if change.workspace:
                self._say(Standing.CONNECTED, await source.problem() or "")
            self._flush_soon()

    def _flush_soon(self) -> None:
        """Tells the first change at once and those that follow closely together."""
        if self._flush_timer is not None:
            return
        loop = asyncio.get_running_loop()
        wait = self._flushed_at + _COALESCE_S - loop.time()
        if wait <= 0:
            self._flush()
        else:
            self._flush_timer = loop.call_later(wait, self._flush)

    def _flush(self) -> None:
        self._flush_timer = None
        self._flushed_at = asyncio.get_running_loop().time()
        if self._runs or self._workspace:
            self._post(RunsChanged(frozenset(self._runs), self._workspace))
        self._runs.clear()
        self._workspace = False

    def _forget_flush(self) -> None:
        if self._flush_timer is not None:
            self._flush_timer.cancel()
            self._flush_timer = None


def _standing_after(error: RunroomError | StoreError) -> Standing:
    match error:
        case EngineStopped():
            return Standing.STOPPED
        case EngineAbsent():
            return Standing.ABSENT
        case EngineTooNew() | StoreTooNew():
            return Standing.OUTGROWN
        case _:
            return Standing.LOST
