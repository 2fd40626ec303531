"""The rows of the recent-activity table: which columns there are, and what a run says in each."""

from datetime import datetime, tzinfo

from rich.text import Text

from store import wording
from store.models import Run
from store.status import EXECUTING, RunStatus
from store.text import one_line
from tui import formats
from tui.listed_runs import OUTCOMES, ListedRun
from tui.overview import Place
from tui.widgets.columns import Column

_MODELS_WIDTH = 13
_VERSION_LENGTH = 7
_COLUMNS = (
    Column("status", "status", formats.STATUS_WIDTH),
    Column("job", "job", 8, flex=2),
    Column("environment", "environment", 12, flex=2, priority=3),
    Column("kind", "kind", 4, priority=7),
    Column("started", "started", 7, priority=1, align="right"),
    Column("duration", "took", 7, priority=2, align="right"),
    Column("models", "models", _MODELS_WIDTH),
    Column("outcomes", "lately", max(OUTCOMES, len("lately")), priority=4),
    Column("trigger", "trigger", 12, priority=6),
    Column("author", "author", 8, flex=1, priority=5),
    Column("version", "version", 14, flex=1, priority=8),
    Column("host", "host", 10, priority=9),
    Column("at", "at", 12, priority=10),
)
_HANDLED = "✓"
_TRIGGER_WORDS = {"pull_request": "pull request", "rerun": "re-run"}


def columns_for(place: Place, last_id: int = 0) -> tuple[Column, ...]:
    """Columns wide enough for run numbers up to `last_id`; not the environment's where every row has the same."""
    run = Column("id", "run", max(4, len(f"#{last_id}")))
    return (run, *(column for column in _COLUMNS if column.key != "environment" or place.environment is None))


def run_cells(listed: ListedRun, now: datetime, zone: tzinfo | None, marked: bool = False) -> dict[str, Text]:
    """What the table says of a run, by column; a marked one has its number reversed."""
    run = listed.run
    moment = run.moment
    return {
        "id": formats.styled(f"#{run.id}", "reverse" if marked else ""),
        "status": _status(run),
        "job": Text(one_line(run.name)),
        "environment": Text(f"{run.project}/{run.environment}"),
        "kind": Text(run.kind, formats.MUTED),
        "started": Text(wording.relative_time(moment, now)),
        "duration": _duration(run, now),
        "models": _models(run),
        "outcomes": Text().join(map(formats.status_glyph, listed.outcomes)),
        "trigger": Text(_TRIGGER_WORDS.get(run.trigger, run.trigger), formats.MUTED),
        "author": Text(one_line(run.author or wording.NOTHING)),
        "version": _version(run),
        "host": Text(run.host if run.host and run.is_active else ""),
        "at": Text(wording.short_time(moment, now, zone), formats.MUTED),
    }


def _status(run: Run) -> Text:
    """A failure that somebody looks after, or that was made good, has a tick behind it."""
    text = formats.run_text(run)
    if run.handling in ("acknowledged", "superseded"):
        text.append(f" {_HANDLED}", formats.MUTED)
    return text


def _duration(run: Run, now: datetime) -> Text:
    seconds = run.duration_s(now)
    return Text(wording.whole_duration(seconds) if run.is_active else wording.duration(seconds))


def _models(run: Run) -> Text:
    if run.status in EXECUTING:
        return formats.progress_bar(run.counts.models_done, run.counts.models_total, _MODELS_WIDTH, _bar_style(run))
    if run.waits_for is not None and run.is_active:
        return Text(f"waits for #{run.waits_for}", formats.MUTED)
    if run.status == RunStatus.SKIPPED and run.collided_with is not None:
        return Text(f"#{run.collided_with} ran", formats.MUTED)
    return formats.model_counts(run.counts, gap=" ")


def _bar_style(run: Run) -> str:
    return formats.BAD if run.counts.models_failed else formats.status_look(run.status).style


def _version(run: Run) -> Text:
    """The commit; of a project without git, the name that its content has."""
    known = (run.commit or run.version or "")[:_VERSION_LENGTH]
    return Text("@".join(filter(None, (one_line(run.branch or ""), one_line(known)))), formats.MUTED)
