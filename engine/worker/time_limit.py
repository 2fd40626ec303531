"""Limits on how long something may take."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from engine.worker.stop import StopSignal, StopWish


@contextmanager
def time_limit(stop: StopSignal, limit_s: float | None, what: str = "") -> Iterator[None]:
    """Wishes for a stop when the context lasts longer than this; without a limit it may take for ever.

    `what` has timed out: the run as a whole where nothing is said.
    """
    if limit_s is None:
        yield
        return
    reason = f"{what} timed out after {limit_s:g} s".lstrip()
    timer = asyncio.get_running_loop().call_later(limit_s, stop.ask, StopWish("timeout", reason))
    try:
        yield
    finally:
        timer.cancel()
