"""Waiting for a condition, never for time."""

import asyncio
import time
from collections.abc import Awaitable, Callable

_LOOK_S = 0.01


async def until(holds: Callable[[], bool] | Callable[[], Awaitable[bool]], what: str, limit_s: float = 120.0) -> float:
    """Returns the seconds that it took until the condition held; fails when it never does."""
    begun = time.monotonic()
    while True:
        answer = holds()
        if answer if isinstance(answer, bool) else await answer:
            return time.monotonic() - begun
        assert time.monotonic() - begun < limit_s, f"waited {limit_s:g} s in vain until {what}"
        await asyncio.sleep(_LOOK_S)
