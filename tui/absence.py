"""What happened while nobody looked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from store import wording
from store.filters import RunFilter
from store.models import Run
from store.reads import StoreReader
from store.status import BAD, TERMINAL

WORTH_TELLING = timedelta(minutes=5)
"""Who was away for less has seen it."""

_LOOKED_AT = 200
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Absence:
    """The runs that ended since `left_at`, the newest first; `more` when there were more than are listed."""

    left_at: datetime
    ended: tuple[Run, ...]
    more: bool = False

    @property
    def failed(self) -> tuple[Run, ...]:
        """Those that went wrong."""
        return tuple(run for run in self.ended if run.status in BAD)

    def sentence(self, now: datetime) -> str:
        """All of it in one line or two."""
        at_least = "at least " if self.more else ""
        told = f"Since you left {wording.relative_time(self.left_at, now)}: "
        told += f"{at_least}{wording.counted(len(self.ended), 'run')} ended"
        if not self.failed:
            return f"{told}, none failed."
        names = ", ".join(f"#{run.id} {run.name}" for run in self.failed[:_NAMED])
        rest = len(self.failed) - _NAMED
        return f"{told}, {len(self.failed)} failed: {names}{f' and {rest} more' if rest > 0 else ''}."


async def read_absence(reader: StoreReader, left_at: datetime, now: datetime) -> Absence | None:
    """None when there is nothing worth telling. Raises StoreError."""
    if now - left_at < WORTH_TELLING:
        return None
    runs = await reader.runs(RunFilter(statuses=TERMINAL), limit=_LOOKED_AT)
    ended = tuple(run for run in runs if run.finished_at is not None and run.finished_at > left_at)
    return Absence(left_at, ended, more=len(ended) == _LOOKED_AT) if ended else None
