"""Where messages go, and which: a table `[notifications.NAME]` as a value."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

from store.models import Run
from store.notifications import Occasion

OCCASIONS: tuple[Occasion, ...] = get_args(Occasion)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hours of every day in which nothing is sent; `zone` None is UTC. They may reach over midnight."""

    start: time
    end: time
    zone: str | None = None

    def end_after(self, now: datetime) -> datetime | None:
        """When the quiet ends that `now` lies in; None when it lies in none."""
        local = now.astimezone(ZoneInfo(self.zone or "UTC"))
        clock = local.time().replace(tzinfo=None)
        over_midnight = self.start > self.end
        in_evening = clock >= self.start and (over_midnight or clock < self.end)
        in_morning = clock < self.end and (over_midnight or clock >= self.start)
        if not (in_evening or in_morning):
            return None
        day = local.date() + timedelta(days=1 if over_midnight and in_evening else 0)
        return datetime.combine(day, self.end, local.tzinfo).astimezone(now.tzinfo)


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to tell people. Exactly one of `url` (Apprise's), `webhook` and `command` is set.

    `url` and `webhook` may name environment variables of the engine as `$NAME`, so that no secret stands in a file.
    Empty `jobs` and `environments` let every run through; they are names, or `project/name`.
    """

    name: str
    url: str | None = None
    webhook: str | None = None
    command: tuple[str, ...] = ()
    occasions: frozenset[Occasion] = frozenset(OCCASIONS)
    jobs: frozenset[str] = frozenset()
    environments: frozenset[str] = frozenset()
    quiet: QuietHours | None = None

    def wants(self, occasion: Occasion, run: Run) -> bool:
        """Whether this channel is told of such a thing about this run."""
        return (
            occasion in self.occasions
            and _is_among(self.jobs, run.project, run.job)
            and _is_among(self.environments, run.project, run.environment)
        )

    def due_at(self, now: datetime) -> datetime:
        """When a message of now goes out."""
        end = self.quiet.end_after(now) if self.quiet is not None else None
        return end or now


def _is_among(names: frozenset[str], project: str, name: str | None) -> bool:
    return not names or name in names or f"{project}/{name}" in names
