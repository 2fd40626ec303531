"""The jobs page: its table's cells, and what is told of the chosen job. Values in, text out."""

from datetime import datetime, tzinfo

from rich.text import Text

from store import wording
from store.job_glance import JobGlance
from store.models import Job, MissedPolicy
from store.remote_looks import look_text
from store.text import one_line
from tui import formats
from tui.job_starts import starts_text
from tui.widgets.columns import Column

_STRIP = 8
COLUMNS = (
    Column("job", "job", 10, flex=2),
    Column("environment", "environment", 12, flex=2, priority=2),
    Column("starts", "starts", 10, flex=3, priority=3),
    Column("next", "next", 8, align="right"),
    Column("lately", "lately", _STRIP, align="right"),
    Column("usual", "usual", 7, priority=1, align="right"),
    Column("last", "last run", 21, priority=4),
)
_MISSED: dict[MissedPolicy, str] = {
    "skip": "missed fires are skipped",
    "once": "one run for all missed fires",
    "all": "missed fires are all caught up",
}


def job_cells(glance: JobGlance, now: datetime) -> dict[str, Text]:
    """What the table says of a job, by column. What never starts by itself is in the background."""
    job = glance.job
    return {
        "job": Text(one_line(job.name)),
        "environment": Text(f"{job.project}/{job.environment}"),
        "starts": Text(one_line(starts_text(job)), formats.MUTED),
        "next": _next(glance, now),
        "lately": strip(glance),
        "usual": Text(wording.duration(glance.usual_s)),
        "last": _last(glance, now),
    }


def strip(glance: JobGlance) -> Text:
    """How the last runs went, a glyph each, the newest at the right."""
    glyphs = [formats.status_glyph(run.status) for run in reversed(glance.runs[:_STRIP])]
    return Text().join(glyphs) if glyphs else Text(wording.NOTHING, formats.MUTED)


def _next(glance: JobGlance, now: datetime) -> Text:
    if glance.pause is not None:
        return Text("‖ paused", formats.WARNING)
    return Text(wording.relative_time(glance.next_at, now))


def _last(glance: JobGlance, now: datetime) -> Text:
    run = glance.last_run
    if run is None:
        return Text("never ran", formats.MUTED)
    when = wording.relative_time(run.moment, now)
    return formats.status_text(run.status).append(f"  {when}", formats.MUTED)


def job_facts(glance: JobGlance, now: datetime, zone: tzinfo | None) -> list[tuple[str, Text]]:
    """What is told of the chosen job below the table, by name: what it runs, when, and what keeps it from that."""
    job = glance.job
    facts = [
        ("runs", Text(" → ".join(one_line(step) for step in job.steps))),
        ("starts", Text(_starts(glance, now, zone))),
    ]
    if care := _care(job):
        facts.append(("care", Text(care)))
    if (pause := glance.pause) is not None:
        by = f"by {one_line(pause.author)}, " if pause.author else ""
        told = f"{by}{wording.relative_time(pause.paused_at, now)}: {one_line(pause.reason)}"
        facts.insert(0, ("paused", formats.styled(told, formats.WARNING)))
    if (look := glance.remote) is not None and not look.problem:
        # What is wrong with it stands on top, whichever job is chosen.
        facts.append(("pushes", Text(look_text(look, now))))
    if glance.last_run is not None and glance.last_run.status_reason:
        facts.append(("last run", Text(f"#{glance.last_run.id} {one_line(glance.last_run.status_reason)}")))
    return facts


def _starts(glance: JobGlance, now: datetime, zone: tzinfo | None) -> str:
    text = one_line(starts_text(glance.job))
    if glance.next_at is None:
        return text
    return f"{text}, next {wording.short_time(glance.next_at, now, zone)} {wording.zone_name(now, zone)}"


def _care(job: Job) -> str:
    """What becomes of it when something goes wrong."""
    told = []
    if job.schedule or job.every_s:
        told.append(_MISSED[job.missed])
    if job.retries:
        what = "what failed" if job.retry == "failed" else "it"
        told.append(f"tries {what} again up to {wording.counted(job.retries, 'time')}")
    if job.timeout_s is not None:
        told.append(f"stopped after {wording.duration(job.timeout_s)}")
    if job.priority:
        told.append(f"priority {job.priority}")
    return " · ".join(told)
