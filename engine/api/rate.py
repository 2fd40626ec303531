"""How many requests somebody may make."""

import ipaddress
import math
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from engine.api.problems import ApiProblem
from store.clock import Clock

FAILURES_PER_MINUTE = 30
"""How often an address may fail to prove who it is, with tokens and deliveries together."""

_MINUTE_S = 60.0
_MOST_KEPT = 10_000
_NETWORK_BITS = 64


@dataclass(slots=True)
class _Bucket:
    left: float
    at: datetime


class RateLimiter:
    """A bucket for each: it holds a minute's requests, and fills evenly. `what` is counted, in the plural.

    The buckets of those who asked last are kept, 10,000 at most.
    """

    def __init__(self, per_minute: int, clock: Clock, what: str = "requests") -> None:
        self._most = float(per_minute)
        self._clock = clock
        self._what = what
        self._buckets: OrderedDict[Hashable, _Bucket] = OrderedDict()

    @property
    def kept(self) -> int:
        """Of how many it is known how often they asked."""
        return len(self._buckets)

    def check(self, who: Hashable) -> None:
        """Counts nothing. Raises ApiProblem, with the seconds to wait, when there were too many."""
        if (bucket := self._buckets.get(who)) is not None:
            self._fill(bucket)
            self._require(bucket)

    def take(self, who: Hashable) -> None:
        """Counts a request. Raises ApiProblem, with the seconds to wait, when there were too many."""
        bucket = self._buckets.setdefault(who, _Bucket(self._most, self._clock()))
        self._buckets.move_to_end(who)
        if len(self._buckets) > _MOST_KEPT:
            self._buckets.popitem(last=False)
        self._fill(bucket)
        self._require(bucket)
        bucket.left -= 1

    def _fill(self, bucket: _Bucket) -> None:
        now = self._clock()
        passed_s = max(0.0, (now - bucket.at).total_seconds())
        bucket.left = min(self._most, bucket.left + passed_s * self._most / _MINUTE_S)
        bucket.at = now

    def _require(self, bucket: _Bucket) -> None:
        if bucket.left < 1:
            wait_s = math.ceil((1 - bucket.left) * _MINUTE_S / self._most)
            raise ApiProblem(
                HTTPStatus.TOO_MANY_REQUESTS,
                "too-many-requests",
                f"More than {self._most:g} {self._what} a minute; go on in {wait_s} s.",
                {"Retry-After": str(wait_s)},
            )


def neighbourhood(address: str | None) -> str:
    """Whose failures are counted together: an IPv4 address, or the /64 that a holder of IPv6 addresses has whole."""
    try:
        known = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return ""
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(ipaddress.ip_network((known, _NETWORK_BITS), strict=False))
