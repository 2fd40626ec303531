"""How values look on every screen: statuses, durations, times, counts. One look a status, never colour alone.

Colours are the sixteen names of a terminal: a theme says what they are on screens with more.
"""

from dataclasses import dataclass

from rich.text import Text

from store.models import Counts, Run
from store.status import TERMINAL, RunStatus
from store.wording import GLYPHS, Status, Tally, audit_tally, model_tally, said_tally

MUTED = "dim"
GOOD = "green"
WARNING = "yellow"
BAD = "red"
LIVE = "cyan"


@dataclass(frozen=True, slots=True)
class StatusLook:
    """How one status is shown: always the glyph, the word where there is room, the colour where there are colours."""

    glyph: str
    word: str
    style: str


_STYLES = {
    "scheduled": "blue",
    "queued": "blue",
    "running": LIVE,
    "stopping": "magenta",
    "completed": GOOD,
    "partial": WARNING,
    "failed": BAD,
    "cancelled": "magenta",
    "skipped": MUTED,
    "error": "bold red",
    "review": "blue",
    "succeeded": GOOD,
    "passed": GOOD,
    "warned": WARNING,
}
_LOOKS = {word: StatusLook(glyph, word, _STYLES[word]) for word, glyph in GLYPHS.items()}
STATUS_WIDTH = 2 + max(len(word) for word in _LOOKS)
"""Cells that glyph and word of any status fit in."""


def styled(text: str, style: str) -> Text:
    """The text in a style. Unlike a base style, one of a span keeps the terminal's own colours in every widget."""
    return Text().append(text, style)


def status_look(status: Status) -> StatusLook:
    """The one look of a status. The same word looks the same, whether a run, a model, an audit or a step has it."""
    return _LOOKS[status.value]


_SHOWN = StatusLook("◌", "shown", MUTED)
_EMPTY = StatusLook("∅", "empty", WARNING)


def run_look(run: Run) -> StatusLook:
    """The look of a run's status; a plan that was only shown and a dbt run that found nothing to build are no success.

    A plan that could not be shown failed, and that says nothing of its environment.
    """
    if run.preview and run.status in TERMINAL:
        look = status_look(run.status)
        return _SHOWN if run.status is RunStatus.COMPLETED else StatusLook(look.glyph, look.word, MUTED)
    return _EMPTY if run.built_nothing and run.tool == "dbt" else status_look(run.status)


def run_text(run: Run) -> Text:
    """Glyph and word of how a run stands."""
    look = run_look(run)
    return Text(f"{look.glyph} {look.word}", look.style)


def status_glyph(status: Status) -> Text:
    """The glyph alone, for the narrowest places: where the word cannot be, it must be near."""
    look = status_look(status)
    return Text(look.glyph, look.style)


def status_text(status: Status) -> Text:
    """Glyph and word."""
    look = status_look(status)
    return Text(f"{look.glyph} {look.word}", look.style)


def model_counts(counts: Counts, gap: str = "  ") -> Text:
    """How a run's models ended, what is none left out: `18 ✓  2 ✗  3 ↷`."""
    return _tally(model_tally(counts), gap)


def audit_counts(counts: Counts) -> Text:
    """How a run's audits ended, what is none left out: `30 ✓  1 ▲`."""
    return _tally(audit_tally(counts))


def _tally(tally: Tally, gap: str = "  ") -> Text:
    parts = (Text(said, status_look(status).style) for status, said in said_tally(tally))
    return Text(gap).join(parts)


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
