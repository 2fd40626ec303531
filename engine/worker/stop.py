"""The wish that a run should end early."""

import asyncio
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class StopWish:
    """Why a run should stop: a person cancelled it, or its time is up."""

    kind: Literal["cancel", "timeout"]
    reason: str


class StopSignal:
    """Is raised at most once in the life of a run; the first wish counts."""

    def __init__(self) -> None:
        self._wish: StopWish | None = None
        self._raised = asyncio.Event()

    @property
    def wish(self) -> StopWish | None:
        """None until someone wants the run to stop."""
        return self._wish

    def ask(self, wish: StopWish) -> bool:
        """Returns whether this was the first wish."""
        if self._wish is not None:
            return False
        self._wish = wish
        self._raised.set()
        return True

    async def wait(self) -> None:
        """Returns once a stop is wished for."""
        await self._raised.wait()
