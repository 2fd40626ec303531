"""What becomes of the fires of a schedule, those included that nobody was there for: pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from store.models import MissedPolicy

REASON = "missed while the engine was down"
MOST_AT_ONCE = 20
"""So many missed fires of a job are caught up, or recorded one by one; of older ones only the number is kept."""
LATEST = timedelta(minutes=5)
"""A fire that is answered later than this is missed even if the engine was there: the machine slept, say."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A run for the fire at `at`: started with a note on what else it stands for, or, with `skipped`, recorded only.

    With `in_line` it waits behind other runs of its job.
    """

    at: datetime
    note: str | None = None
    skipped: str | None = None
    in_line: bool = False


def answers(fires: Sequence[datetime], policy: MissedPolicy, there_since: datetime, now: datetime) -> list[Answer]:
    """How to answer fires up to `now`, soonest first, by an engine that is there since a moment."""
    if not fires:
        return []
    last = fires[-1]
    on_time = last > there_since and now - last <= LATEST
    missed = fires[:-1] if on_time else fires
    present = [Answer(last)] if on_time else []
    match policy:
        case "skip":
            return [*_recorded(missed), *present]
        case "once":
            return _once(missed, last, on_time)
        case "all":
            return [*_caught_up(missed), *(Answer(last, in_line=bool(missed)) for _ in present)]


def _once(missed: Sequence[datetime], last: datetime, on_time: bool) -> list[Answer]:
    if not missed:
        return [Answer(last)]
    number = _counted(len(missed))
    return [Answer(last, note=f"stands also for {number} {REASON}" if on_time else f"stands for {number} {REASON}")]


def _recorded(missed: Sequence[datetime]) -> list[Answer]:
    shown = missed[-MOST_AT_ONCE:]
    reasons = [_with_others(missed), *([REASON] * (len(shown) - 1))]
    return [Answer(at, skipped=reason) for at, reason in zip(shown, reasons, strict=False)]


def _caught_up(missed: Sequence[datetime]) -> list[Answer]:
    shown, older = missed[-MOST_AT_ONCE:], missed[:-MOST_AT_ONCE]
    notes = [REASON if older else _with_others(missed), *([REASON] * (len(shown) - 1))]
    run = [Answer(at, note=note, in_line=True) for at, note in zip(shown, notes, strict=False)]
    return [*([Answer(older[-1], skipped=_with_others(missed))] if older else []), *run]


def _with_others(missed: Sequence[datetime]) -> str:
    """What the first that is recorded of them says: people are told of that one alone."""
    if len(missed) < 2:
        return REASON
    first, last = (f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}" for moment in (missed[0], missed[-1]))
    return f"{REASON}, one of {_counted(len(missed))} from {first} to {last} UTC"


def _counted(fires: int) -> str:
    return f"{fires:,} {'fire' if fires == 1 else 'fires'}"
