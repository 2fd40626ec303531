"""The list of runs behind the recent-activity table: any length, read by key, active runs pinned at its end.

A table shows the end of a list on top. Positions therefore count from the oldest run, and the active runs, which stand
on top, come last; everything else keeps its position when a run is added.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from store.errors import RunNotFound
from store.filters import RunFilter
from store.models import Run
from store.readers import Reads
from store.reads import StoreReader
from store.status import ACTIVE, EXECUTING
from tui.listed_runs import JobOutcomes, ListedRun
from tui.widgets.row_table import TableRow

Counted = Callable[[int], None]

_ACTIVE_LIMIT = 500
"""More active runs than this are not pinned, but listed where they are."""


def _nobody(_count: int) -> None:
    """Does not want to know."""


@dataclass(frozen=True, slots=True)
class _Pinned:
    """An active run with its place in the whole list, counted from the oldest."""

    run: Run
    rank: int


class ActivitySource:
    """The runs that a filter lets through. Raises StoreError from every method."""

    def __init__(self, reads: Reads, wanted: RunFilter, counted: Counted = _nobody) -> None:
        """`counted` is told each time how many runs there are."""
        self._reads = reads
        self._counted = counted
        self._newest = replace(wanted, order="newest")
        self._oldest = replace(wanted, order="oldest")
        self._total = 0
        self._pinned: list[_Pinned] = []
        self._outcomes = JobOutcomes()

    @property
    def active(self) -> frozenset[int]:
        """The numbers of the runs that were pinned when the list was last counted."""
        return frozenset(pinned.run.id for pinned in self._pinned)

    async def count(self) -> int:
        """How many runs there are."""
        self._outcomes.forget()
        async with self._reads() as reader:
            active = await _active_runs(reader, self._newest)
            total = await reader.count_runs(self._newest)
            self._total = total
            pinned = [_Pinned(run, rank) for run in active if (rank := await self._rank(reader, run.id)) is not None]
        self._pinned = sorted(pinned, key=lambda item: (item.run.status in EXECUTING, item.run.id))
        self._counted(total)
        return total

    async def page(self, first: int, size: int) -> Sequence[TableRow[ListedRun]]:
        """Runs from the position `first`, at most `size` of them."""
        others = self._total - len(self._pinned)
        found: list[Run] = []
        async with self._reads() as reader:
            if first < others:
                found = await self._unpinned(reader, first, min(size, others - first))
            for pinned in self._pinned[max(0, first - others) : max(0, first + size - others)]:
                found.append(await reader.run(pinned.run.id))
            return await self._outcomes.rows(reader, found)

    async def row(self, key: str) -> TableRow[ListedRun] | None:
        """A run as it is now; None when it is gone, or belongs to another place since it became or ceased active."""
        async with self._reads() as reader:
            try:
                run = await reader.run(int(key))
            except RunNotFound:
                return None
            if run.is_active != (run.id in self.active):
                return None
            return (await self._outcomes.rows(reader, [run]))[0]

    async def position(self, key: str) -> int | None:
        """Where a run is; None when the filter does not let it through."""
        for number, pinned in enumerate(self._pinned):
            if pinned.run.id == int(key):
                return self._total - len(self._pinned) + number
        async with self._reads() as reader:
            rank = await self._rank(reader, int(key))
        return None if rank is None else rank - sum(pinned.rank < rank for pinned in self._pinned)

    async def _unpinned(self, reader: StoreReader, first: int, size: int) -> list[Run]:
        """Runs by their position among those that are not pinned."""
        ranks = sorted(pinned.rank for pinned in self._pinned)
        begin, end = _with_pinned(first, ranks), _with_pinned(first + size - 1, ranks)
        runs = await reader.runs_at(self._oldest, begin, end - begin + 1)
        active = self.active
        return [run for run in runs if run.id not in active]

    async def _rank(self, reader: StoreReader, run_id: int) -> int | None:
        """The place of a run in the whole list, counted from the oldest."""
        return await reader.position_of(self._oldest, run_id)


class OldestFirst:
    """The same runs the other way around: the oldest on top, nothing pinned. New runs change every position."""

    def __init__(self, reads: Reads, wanted: RunFilter, counted: Counted = _nobody) -> None:
        """`counted` is told each time how many runs there are."""
        self._reads = reads
        self._counted = counted
        self._newest = replace(wanted, order="newest")
        self._outcomes = JobOutcomes()

    @property
    def active(self) -> frozenset[int]:
        """None is pinned."""
        return frozenset()

    async def count(self) -> int:
        """How many runs there are."""
        self._outcomes.forget()
        async with self._reads() as reader:
            count = await reader.count_runs(self._newest)
        self._counted(count)
        return count

    async def page(self, first: int, size: int) -> Sequence[TableRow[ListedRun]]:
        """Runs from the position `first`, counted from the newest."""
        async with self._reads() as reader:
            return await self._outcomes.rows(reader, await reader.runs_at(self._newest, first, size))

    async def row(self, key: str) -> TableRow[ListedRun] | None:
        """A run as it is now; None when it is gone."""
        async with self._reads() as reader:
            try:
                run = await reader.run(int(key))
            except RunNotFound:
                return None
            return (await self._outcomes.rows(reader, [run]))[0]

    async def position(self, key: str) -> int | None:
        """Where a run is; None when the filter does not let it through."""
        async with self._reads() as reader:
            return await reader.position_of(self._newest, int(key))


async def _active_runs(reader: StoreReader, wanted: RunFilter) -> list[Run]:
    """The active ones, newest first."""
    statuses = (wanted.statuses or ACTIVE) & ACTIVE
    return await reader.runs(replace(wanted, statuses=statuses), _ACTIVE_LIMIT) if statuses else []


def _with_pinned(position: int, ranks: Sequence[int]) -> int:
    """The place in the whole list of what stands at a position among those that are not pinned."""
    for rank in ranks:
        if rank > position:
            break
        position += 1
    return position
