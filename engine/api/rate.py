"""How many requests somebody may make."""

import math
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from engine.api.problems import ApiProblem
from store.clock import Clock

_MINUTE_S = 60.0


@dataclass(slots=True)
class _Bucket:
    left: float
    at: datetime


class RateLimiter:
    """A bucket for each: it holds a minute's requests, and fills evenly."""

    def __init__(self, per_minute: int, clock: Clock) -> None:
        self._most = float(per_minute)
        self._clock = clock
        self._buckets: dict[Hashable, _Bucket] = {}

    def take(self, who: Hashable) -> None:
        """Counts a request. Raises ApiProblem, with the seconds to wait, when there were too many."""
        now = self._clock()
        bucket = self._buckets.setdefault(who, _Bucket(self._most, now))
        passed_s = max(0.0, (now - bucket.at).total_seconds())
        bucket.left = min(self._most, bucket.left + passed_s * self._most / _MINUTE_S)
        bucket.at = now
        if bucket.left < 1:
            wait_s = math.ceil((1 - bucket.left) * _MINUTE_S / self._most)
            raise ApiProblem(
                HTTPStatus.TOO_MANY_REQUESTS,
                "too-many-requests",
                f"More than {self._most:g} requests a minute; go on in {wait_s} s.",
                {"Retry-After": str(wait_s)},
            )
        bucket.left -= 1
