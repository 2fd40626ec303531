"""Where one searches: in one run, in the last runs of a job, in the whole workspace."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from store.filters import RunFilter
from store.models import Run
from store.readers import Reads

_RUNS_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class SearchScope:
    """One run by its number, else those that a filter lets through: the newest first, `last` of them at most."""

    run_id: int | None = None
    runs: RunFilter = field(default_factory=RunFilter)
    last: int | None = None


async def count_runs(reads: Reads, scope: SearchScope) -> int:
    """How many runs are going to be searched. Raises StoreError."""
    if scope.run_id is not None:
        return 1
    async with reads() as reader:
        found = await reader.count_runs(scope.runs)
    return found if scope.last is None else min(found, scope.last)


async def runs_in(reads: Reads, scope: SearchScope) -> AsyncGenerator[Run, None]:
    """The runs to search, read a few at a time, so that no list of them is ever whole in memory. Raises StoreError."""
    if scope.run_id is not None:
        async with reads() as reader:
            run = await reader.run(scope.run_id)
        yield run
        return
    left, after = scope.last, None
    while left is None or left > 0:
        wanted = _RUNS_AT_ONCE if left is None else min(left, _RUNS_AT_ONCE)
        async with reads() as reader:
            found = await reader.runs(scope.runs, wanted, after)
        for run in found:
            yield run
        if len(found) < wanted:
            return
        left, after = None if left is None else left - wanted, found[-1].id
