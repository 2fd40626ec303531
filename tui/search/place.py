"""A place in the log of a step."""

from dataclasses import dataclass

from store.logs.matching import Matcher


@dataclass(frozen=True, slots=True)
class LogPlace:
    """The line at the byte `offset` of a log, named within the run's folder; `wanted` is what was searched for."""

    log: str
    offset: int
    wanted: Matcher | None = None
