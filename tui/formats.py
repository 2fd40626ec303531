"""How values look on every screen: statuses, durations, times, counts. One look a status, never colour alone.

Colours are the sixteen names of a terminal: a theme says what they are on screens with more.
"""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from rich.text import Text

from store.models import Counts
from store.status import AuditStatus, ModelStatus, RunStatus, StepStatus

Status = RunStatus | ModelStatus | AuditStatus | StepStatus

MUTED = "dim"
GOOD = "green"
WARNING = "yellow"
BAD = "red"
LIVE = "cyan"
NOTHING = "–"
"""Stands where there is no value (yet)."""


@dataclass(frozen=True, slots=True)
class StatusLook:
    """How one status is shown: always the glyph, the word where there is room, the colour where there are colours."""

    glyph: str
    word: str
    style: str


_LOOKS = {
    look.word: look
    for look in (
        StatusLook("◷", "scheduled", "blue"),
        StatusLook("○", "queued", "blue"),
        StatusLook("●", "running", LIVE),
        StatusLook("◍", "stopping", "magenta"),
        StatusLook("✓", "completed", GOOD),
        StatusLook("◐", "partial", WARNING),
        StatusLook("✗", "failed", BAD),
        StatusLook("■", "cancelled", "magenta"),
        StatusLook("↷", "skipped", MUTED),
        StatusLook("!", "error", "bold red"),
        StatusLook("◇", "review", "blue"),
        StatusLook("✓", "succeeded", GOOD),
        StatusLook("✓", "passed", GOOD),
        StatusLook("▲", "warned", WARNING),
    )
}
STATUS_WIDTH = 2 + max(len(word) for word in _LOOKS)
"""Cells that glyph and word of any status fit in."""


def styled(text: str, style: str) -> Text:
    """The text in a style. Unlike a base style, one of a span keeps the terminal's own colours in every widget."""
    return Text().append(text, style)


def status_look(status: Status) -> StatusLook:
    """The one look of a status. The same word looks the same, whether a run, a model, an audit or a step has it."""
    return _LOOKS[status.value]


def status_glyph(status: Status) -> Text:
    """The glyph alone, for the narrowest places: where the word cannot be, it must be near."""
    look = status_look(status)
    return Text(look.glyph, look.style)


def status_text(status: Status) -> Text:
    """Glyph and word."""
    look = status_look(status)
    return Text(f"{look.glyph} {look.word}", look.style)


def duration(seconds: float | None) -> str:
    """Seconds as people say them: `0.4s`, `12.3s`, `4m 12s`, `1h 05m`, `2d 03h`."""
    if seconds is None:
        return NOTHING
    if seconds < 59.95:
        return f"{seconds:.1f}s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes}m {rest:02d}s"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours}h {minutes:02d}m"
    return f"{hours // 24}d {hours % 24:02d}h"


def whole_duration(seconds: float | None) -> str:
    """`duration` for a clock that ticks once a second: no tenths."""
    return f"{int(seconds)}s" if seconds is not None and seconds < 60 else duration(seconds and int(seconds))


def count(number: int | None) -> str:
    """A number with its thousands apart: `336,776`."""
    return NOTHING if number is None else f"{number:,}"


def counted(number: int, noun: str) -> str:
    """`1 model`, `2 models`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def byte_size(size: int) -> str:
    """Bytes as `812 B`, `3.4 kB`, `1.1 GB` (powers of a thousand)."""
    if size < 1000:
        return f"{size} B"
    value = float(size)
    for unit in ("kB", "MB", "GB"):
        value /= 1000
        if value < 999.95:
            return f"{value:.1f} {unit}"
    return f"{value / 1000:.1f} TB"


def relative_time(moment: datetime | None, now: datetime) -> str:
    """How long ago, or how soon: `now`, `42s ago`, `58m ago`, `3h ago`, `12d ago`, `in 5m`."""
    if moment is None:
        return NOTHING
    seconds = (now - moment).total_seconds()
    size = _rough(abs(seconds))
    if size == "0s":
        return "now"
    return f"{size} ago" if seconds > 0 else f"in {size}"


def _rough(seconds: float) -> str:
    for unit, length in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds >= length:
            return f"{int(seconds // length)}{unit}"
    return f"{int(seconds)}s"


def time_of_day(moment: datetime | None, zone: tzinfo | None = None) -> str:
    """`13:02:11` in `zone`; None is the machine's own."""
    return NOTHING if moment is None else moment.astimezone(zone).strftime("%H:%M:%S")


def date_and_time(moment: datetime | None, zone: tzinfo | None = None) -> str:
    """`2026-11-21 13:02:11` in `zone`; None is the machine's own."""
    return NOTHING if moment is None else moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def short_time(moment: datetime | None, now: datetime, zone: tzinfo | None = None) -> str:
    """`13:02` today, `20 Nov 13:02` this year, `2025-11-20` before: enough to place a run, in at most 12 cells."""
    if moment is None:
        return NOTHING
    there, here = moment.astimezone(zone), now.astimezone(zone)
    if there.date() == here.date():
        return there.strftime("%H:%M")
    return there.strftime("%d %b %H:%M") if there.year == here.year else there.strftime("%Y-%m-%d")


def zone_name(now: datetime, zone: tzinfo | None = None) -> str:
    """What the zone of the shown times is called: `UTC`, `CET`."""
    return now.astimezone(zone).tzname() or "local"


def model_counts(counts: Counts, gap: str = "  ") -> Text:
    """How a run's models ended, what is none left out: `18 ✓  2 ✗  3 ↷`."""
    shown = (
        (counts.models_succeeded, ModelStatus.SUCCEEDED),
        (counts.models_failed, ModelStatus.FAILED),
        (counts.models_skipped, ModelStatus.SKIPPED),
        (counts.models_cancelled, ModelStatus.CANCELLED),
    )
    return _tally(shown, gap)


def audit_counts(counts: Counts) -> Text:
    """How a run's audits ended, what is none left out: `30 ✓  1 ▲`."""
    shown = (
        (counts.audits_passed, AuditStatus.PASSED),
        (counts.audits_warned, AuditStatus.WARNED),
        (counts.audits_failed, AuditStatus.FAILED),
        (counts.audits_error, AuditStatus.ERROR),
        (counts.audits_skipped, AuditStatus.SKIPPED),
    )
    return _tally(shown)


def _tally(shown: tuple[tuple[int, Status], ...], gap: str = "  ") -> Text:
    text = Text()
    for number, status in shown:
        if number:
            look = status_look(status)
            text.append(gap if text else "").append(f"{number:,} {look.glyph}", look.style)
    return text


_EIGHTHS = " ▏▎▍▌▋▊▉"


def bar(part: float, width: int, style: str = LIVE) -> Text:
    """A bar of `width` cells of which the fraction `part` (0 to 1) is filled, to an eighth of a cell."""
    eighths = round(min(max(part, 0.0), 1.0) * width * 8)
    full, rest = divmod(eighths, 8)
    filled = "█" * full + (_EIGHTHS[rest] if rest else "")
    return Text(filled.ljust(width), style)


def progress_bar(done: int, total: int, width: int, style: str = LIVE) -> Text:
    """The bar of a live run with `done/total` behind it, both of fixed width so that nothing jumps."""
    numbers = f"{done:,}/{total:,}"
    size = max(0, width - len(numbers) - 1)
    text = Text("━" * (filled := round(size * done / total) if total else 0), style)
    text.append("─" * (size - filled), MUTED)
    return text.append(f" {numbers}", "")
