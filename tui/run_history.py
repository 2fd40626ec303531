"""The plans and runs of two weeks by day: what the history chart shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from store.filters import RunFilter
from store.models import Run
from store.reads import StoreReader
from store.status import BAD, EXECUTING, GOOD, RunStatus
from tui.overview import Place

DAYS = 14
RUNS_AT_MOST = 640
LIVE_STEP_S = 10
"""A plot is dear to draw: a run that goes on grows in it by steps of these seconds."""

_PAGE = 128


@dataclass(frozen=True, slots=True)
class HistoryBar:
    """A run as the chart knows it; `seconds` is how long it took, or, in whole tens, takes so far."""

    run_id: int
    kind: str
    status: RunStatus
    seconds: float


@dataclass(frozen=True, slots=True)
class HistoryDay:
    """The runs of one day in the shown zone, the first one first."""

    date: date
    bars: tuple[HistoryBar, ...] = ()

    @property
    def seconds(self) -> float:
        """All of its runs together."""
        return sum(bar.seconds for bar in self.bars)

    @property
    def worst(self) -> RunStatus | None:
        """The status that says most about the day: a failure, else what goes on, else how its last run ended."""
        for statuses in (BAD, EXECUTING, frozenset({RunStatus.CANCELLED}), GOOD):
            found = [bar.status for bar in self.bars if bar.status in statuses]
            if found:
                return found[-1]
        return None


@dataclass(frozen=True, slots=True)
class History:
    """Two weeks, the oldest day first; `complete` unless there were more runs than are shown."""

    days: tuple[HistoryDay, ...]
    complete: bool = True

    @property
    def unread(self) -> int:
        """How many days, from the oldest on, hold runs that are not shown; their neighbour may hold some too."""
        if self.complete:
            return 0
        return next((number for number, day in enumerate(self.days) if day.bars), len(self.days))

    @property
    def longest(self) -> HistoryBar | None:
        """The run that took longest."""
        return max((bar for day in self.days for bar in day.bars), key=lambda bar: bar.seconds, default=None)


async def read_history(reader: StoreReader, place: Place, now: datetime, zone: tzinfo | None) -> History:
    """The last two weeks of a place, of the newest runs as many as a chart can tell apart. Raises StoreError."""
    first = now.astimezone(zone).date() - timedelta(days=DAYS - 1)
    runs: list[Run] = []
    wanted = place.narrowed(RunFilter())
    after: int | None = None
    while len(runs) < RUNS_AT_MOST:
        page = await reader.runs(wanted, limit=_PAGE, after=after)
        runs += [run for run in page if _day(run, zone) >= first and not run.preview]
        if len(page) < _PAGE or _day(page[-1], zone) < first:
            return History(_by_day(runs, first, now, zone))
        after = page[-1].id
    return History(_by_day(runs, first, now, zone), complete=False)


def _by_day(runs: Sequence[Run], first: date, now: datetime, zone: tzinfo | None) -> tuple[HistoryDay, ...]:
    bars: dict[date, list[HistoryBar]] = {first + timedelta(days=number): [] for number in range(DAYS)}
    for run in sorted(runs, key=lambda run: run.id):
        seconds = run.duration_s(now)
        if seconds is not None and run.is_active:
            seconds -= seconds % LIVE_STEP_S
        if seconds is not None and (day := _day(run, zone)) in bars:
            bars[day].append(HistoryBar(run.id, run.kind, run.status, seconds))
    return tuple(HistoryDay(day, tuple(found)) for day, found in bars.items())


def _day(run: Run, zone: tzinfo | None) -> date:
    return (run.started_at or run.created_at).astimezone(zone).date()
