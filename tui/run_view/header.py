"""The lines at the top of the run page: what the run is, how it stands, how far it is. Values in, text out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from rich.text import Text

from store import wording
from store.changes import CHANGE_KINDS, WORDS
from store.models import Run
from store.run_failures import Headline
from store.run_record import RunRecord
from store.status import EXECUTING, RunStatus
from store.text import one_line
from tui import formats
from tui.note_text import note_line
from tui.run_view.code import code_of
from tui.run_view.links import links_of
from tui.run_view.plan import summary_texts

_GAP = "   "
_LEAST_NOTE = 12


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a line; where there is no room, the pieces with the highest `rank` leave first."""

    rank: int
    text: Text


def title_line(record: RunRecord, now: datetime, width: int, watched: bool = False) -> Text:
    """Number, name and place at the left, status and duration at the right: `#127 nightly · flights/prod  ✗ failed`."""
    run = record.run
    right = formats.styled("watched  " if watched and run.is_active else "", formats.MUTED)
    right.append_text(formats.run_text(run)).append(f"  {_duration(run, now)}".rstrip())
    left = Text().append(f"#{run.id} {one_line(run.name)}", "bold")
    if run.job is not None and run.job != run.name:
        left.append(f" ({one_line(run.job)})")
    left.append(f" · {one_line(run.project)}/{one_line(run.environment)}")
    left.truncate(max(0, width - right.cell_len - 2), overflow="ellipsis")
    left.append(" " * max(2, width - left.cell_len - right.cell_len))
    return left.append_text(right)


def origin_line(
    record: RunRecord, now: datetime, zone: tzinfo | None, width: int, standing: Text | None = None
) -> Text:
    """When, why, who and of which code: `13:02:11 → 13:06:23   schedule   main@a1b2c3d   dbt 1.11.2`.

    `standing` says how its files and those of now differ, where that is known.
    """
    run = record.run
    parts = [Part(0, _span(run, now, zone)), Part(1, Text(reason_of(run)))]
    if (code := code_of(run)) is not None:
        parts.append(Part(2, code))
    if standing:
        parts.append(Part(3, standing))
    parts.append(Part(4, Text(f"{run.tool} {one_line(run.tool_version or '')}".rstrip())))
    if run.kind != "run":
        parts.append(Part(1, Text(run.kind if run.options.apply else f"{run.kind}, shown only")))
    if run.attempt > 1:
        parts.append(Part(3, Text(f"try {run.attempt}")))
    if run.job_type is not None:
        parts.append(Part(5, Text(f"{run.job_type} job")))
    if run.host is not None:
        parts.append(Part(6, Text(f"on {one_line(run.host)}", formats.MUTED)))
    return fitted(parts, width)


def handling_text(run: Run) -> Text | None:
    """Who looks after a failure, and what is known of it: `anna knows: upstream renamed it`; None for other runs."""
    if run.archived:
        return formats.styled("in the archive", formats.MUTED)
    if run.handling != "acknowledged":
        return None
    who = one_line(run.acknowledged_by or "somebody")
    note = note_line(run.acknowledgement or "")
    return formats.styled(f"{who} knows{f': {note}' if note else ''}", formats.MUTED)


def counts_line(record: RunRecord, width: int) -> Text:
    """How the models and audits stand, and what is new since the run before."""
    run = record.run
    parts = []
    if run.counts.models_total:
        parts.append(Part(0, _counted("models", formats.model_counts(run.counts), run.counts.models_total)))
    if run.counts.audits_total:
        parts.append(Part(1, _counted("audits", formats.audit_counts(run.counts), run.counts.audits_total)))
    if record.details and not run.options.apply:
        parts.extend(Part(0, Text(words)) for words in summary_texts(record.details) or ["nothing to do"])
    elif record.changes:
        parts.append(Part(3, Text(changed_text(record))))
    parts.extend(Part(2, link.text) for link in links_of(record) if not link.told)
    if not parts:
        parts.append(Part(0, Text(_before_the_first_model(run.status), formats.MUTED)))
    return _with_handling(fitted(parts, width), run, width)


def _with_handling(line: Text, run: Run, width: int) -> Text:
    """A note may be long: it gets the room that the numbers leave, and takes none of theirs."""
    room = width - line.cell_len - len(_GAP)
    if (handled := handling_text(run)) is None or room < _LEAST_NOTE:
        return line
    handled.truncate(room, overflow="ellipsis")
    return line.append(_GAP).append_text(handled)


def changed_text(record: RunRecord) -> str:
    """How many models differ from the version of the run before, by how: `2 models modified, 1 added since #126`."""
    kinds = Counter(change.change for change in record.changes)
    known = [kind for kind in CHANGE_KINDS if kinds[kind]]
    numbers = [(kinds[kind], WORDS.get(kind, kind)) for kind in (*known, *sorted(set(kinds) - set(known)))]
    (first, word), *others = numbers
    said = ", ".join([f"{wording.counted(first, 'model')} {word}", *(f"{number:,} {kind}" for number, kind in others)])
    compared = record.change_details.previous
    since = compared.run if compared is not None else record.previous
    return f"{said} since #{since}" if since is not None else said


def headline_line(headline: Headline | None) -> Text:
    """The sentence in front of a run that did not go well; empty for one that did."""
    if headline is None:
        return Text()
    look = formats.status_look(headline.status)
    text = Text().append(f"{look.glyph} {headline.what}", f"bold {look.style}")
    return text.append(f":  {headline.why}") if headline.why else text


def progress_line(record: RunRecord, remaining_s: float | None, width: int) -> Text:
    """Bar, done/total and the time that is left where it is known; empty for a run that does not execute."""
    counts = record.run.counts
    if record.run.status not in EXECUTING:
        return Text()
    notes = [f"{counts.audits_done:,}/{counts.audits_total:,} audits"] if counts.audits_total else []
    if remaining_s is not None:
        notes.append(f"about {_rough(remaining_s)} left")
    tail = Text("".join(_GAP + note for note in notes))
    done, total = counts.models_done, counts.models_total
    if not total:
        done, total, tail = counts.audits_done, counts.audits_total, Text("".join(_GAP + note for note in notes[1:]))
    if not total:
        return Text("preparing: the models are known once the tool has read the project", formats.MUTED)
    room = max(10, width - tail.cell_len)
    bar = formats.progress_bar(done, total, room, formats.status_look(record.run.status).style)
    return Text().append_text(bar).append_text(tail)


def notice_lines(record: RunRecord, limit: int = 2) -> list[Text]:
    """The last notices of a run, warnings and errors only: the rest is in the log."""
    styles = {"warning": formats.WARNING, "error": formats.BAD}
    told = [notice for notice in record.notices if notice.level in styles]
    return [Text(f"▲ {one_line(notice.text)}", styles[notice.level]) for notice in told[-limit:]]


def engine_line(problem: str, run: Run) -> Text:
    """Why a run that goes on may have gone further than the page shows; empty while the engine answers."""
    if not problem or not run.is_active:
        return Text()
    return formats.styled(f"▲ what is shown may be old: {one_line(problem)}", formats.WARNING)


def fitted(parts: Sequence[Part], width: int) -> Text:
    """The parts in their order in one line of at most `width` cells, the least important left out."""
    kept = list(parts)
    while len(kept) > 1 and sum(part.text.cell_len for part in kept) + len(_GAP) * (len(kept) - 1) > width:
        kept.remove(max(kept, key=lambda part: part.rank))
    line = Text(_GAP).join([part.text for part in kept])
    line.truncate(width, overflow="ellipsis")
    return line


def _duration(run: Run, now: datetime) -> str:
    seconds = run.duration_s(now)
    if seconds is None:
        return ""
    return wording.whole_duration(seconds) if run.is_active else wording.duration(seconds)


def _span(run: Run, now: datetime, zone: tzinfo | None) -> Text:
    if run.started_at is None:
        waits = run.status is RunStatus.SCHEDULED and run.starts_at is not None
        return Text(f"{'starts' if waits else 'asked for'} {wording.relative_time(run.moment, now)}")
    same_day = run.started_at.astimezone(zone).date() == now.astimezone(zone).date()
    start = (wording.time_of_day if same_day else wording.date_and_time)(run.started_at, zone)
    if run.finished_at is None:
        return Text(f"since {start}")
    return Text(f"{start} → {wording.time_of_day(run.finished_at, zone)}")


def reason_of(run: Run) -> str:
    """Why it began, and who wanted it: `pull request by ben`, `pipeline, after #12 ingest: completed`."""
    trigger = run.trigger.replace("_", " ")
    wanted = f"{trigger} by {one_line(run.author)}" if run.author else trigger
    return f"{wanted}, {one_line(run.trigger_note)}" if run.trigger_note else wanted


def _counted(noun: str, tally: Text, total: int) -> Text:
    return Text().append(f"{noun} ", formats.MUTED).append_text(tally if tally.cell_len else Text(f"0/{total:,}"))


def _before_the_first_model(status: RunStatus) -> str:
    return "no models or audits yet" if status not in EXECUTING else "no models yet: the steps before them are running"


def _rough(seconds: float) -> str:
    step = 1 if seconds < 10 else 5 if seconds < 120 else 60
    return wording.whole_duration(max(step, round(seconds / step) * step))
