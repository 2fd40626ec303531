"""All that a pane of the run page needs to draw itself."""

from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from store.history import UsualDurations
from store.run_record import RunRecord


@dataclass(frozen=True, slots=True)
class RunView:
    """The run's record with what is usual for it, and when and in which zone (None: the machine's) it is looked at."""

    record: RunRecord
    usual: UsualDurations
    now: datetime
    zone: tzinfo | None = None

    def at(self, now: datetime) -> "RunView":
        """The same, looked at later."""
        return replace(self, now=now)
