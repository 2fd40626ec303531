"""What a message says: what failed and why, what it took down, since when, and the command that shows it."""

import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from store.causes import Cause
from store.lineage.causes import RootCause
from store.models import Run
from store.notifications import Occasion
from store.status import RunStatus
from store.text import one_line
from store.wording import counted

_NAMED = 5


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the run that a message is about. `usual_s` is how long its job takes as a rule.

    `causes` are the fingerprints of what failed, `roots` the nodes that failed by themselves.
    """

    run: Run
    workspace: Path
    roots: Sequence[RootCause] = ()
    causes: Sequence[Cause] = ()
    usual_s: float | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A title of one line, and a body of a few."""

    title: str
    body: str


def compose(occasion: Occasion, facts: Facts, now: datetime) -> Message:
    """The message about a run."""
    match occasion:
        case "failure":
            return _message(facts, f"✗ {_name(facts.run)} failed{_first_root(facts)}", _failure_lines(facts))
        case "recovery":
            return _message(facts, f"✓ {_name(facts.run)} is well again", ())
        case "long_running":
            return _message(facts, f"▲ {_name(facts.run)} runs long", _long_lines(facts, now))
        case "missed":
            return _message(facts, f"▲ {_name(facts.run)} missed its schedule", _missed_lines(facts.run))


def _name(run: Run) -> str:
    return one_line(f"{run.name} in {run.project}/{run.environment}")


def _message(facts: Facts, title: str, lines: Iterable[str]) -> Message:
    return Message(title, "\n".join([*lines, *_origin_lines(facts)]))


def _first_root(facts: Facts) -> str:
    names = [root.name for root in facts.roots]
    return f": {one_line(names[0])}" + (f" and {len(names) - 1} more" if len(names) > 1 else "") if names else ""


def _failure_lines(facts: Facts) -> Iterator[str]:
    for root in facts.roots[:_NAMED]:
        yield f"{one_line(root.name)}: {one_line(root.why) or 'failed'}"
        yield from (f"  {line}" for line in (*_fallen_lines(root), *_since_lines(root, facts.run)))
    if len(facts.roots) > _NAMED:
        yield f"and {counted(len(facts.roots) - _NAMED, 'more root cause')}"
    if not facts.roots:
        yield from _reason_lines(facts.run)
        yield from _seen_lines(facts)


def _fallen_lines(root: RootCause) -> Iterator[str]:
    for noun, fallen in (("model", root.skipped), ("audit", root.audits), ("exposure", root.exposures)):
        if fallen:
            yield f"took down {counted(len(fallen), noun)}: {_names([each.name for each in fallen])}"


def _since_lines(root: RootCause, run: Run) -> Iterator[str]:
    since = root.since
    if since is None:
        return
    good = f"it last went well in #{since.last_good}" if since.last_good else "it never went well here before"
    if since.run_id == run.id:
        yield f"failed for the first time: {good}"
    else:
        yield f"fails since #{since.run_id}, {_moment(since.at)}, in {counted(since.runs, 'run')}; {good}"


def _seen_lines(facts: Facts) -> Iterator[str]:
    for cause in facts.causes[:1]:
        if cause.first.run_id == facts.run.id:
            yield "It never failed like this before."
        else:
            since = f"#{cause.first.run_id}, {_moment(cause.first.at)}"
            yield f"Failed like this before: {counted(cause.runs, 'run')}, first {since}."


def _long_lines(facts: Facts, now: datetime) -> Iterator[str]:
    took, usual = facts.run.duration_s(now), facts.usual_s
    if took is not None and usual:
        yield f"It runs for {_duration(took)}; as a rule it takes {_duration(usual)}."


def _reason_lines(run: Run) -> Iterator[str]:
    if run.status_reason:
        yield one_line(run.status_reason)


def _missed_lines(run: Run) -> Iterator[str]:
    if run.status is RunStatus.SKIPPED:
        yield from _reason_lines(run)
        return
    due = f"It was due {_moment(run.scheduled_for)}" if run.scheduled_for else "It was due earlier"
    yield f"{due} and began {_moment(run.started_at or run.created_at)}."
    if run.trigger_note:
        yield f"{one_line(run.trigger_note[:1].upper() + run.trigger_note[1:])}."


def _origin_lines(facts: Facts) -> Iterator[str]:
    run = facts.run
    commit = f", {run.branch or ''}@{run.commit[:7]}" if run.commit else ""
    by = f" by {one_line(run.author)}" if run.author else ""
    started = f", started {_moment(run.started_at)}" if run.started_at else ""
    yield f"#{run.id}, {run.trigger}{by}{commit}{started}"
    yield f"runroom watch {run.id} -w {shlex.quote(str(facts.workspace))}"


def _names(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(map(one_line, names[:_NAMED])) + (f" and {more} more" if more > 0 else "")


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h {minutes:02d}m" if hours else f"{minutes}m {rest:02d}s" if minutes else f"{rest}s"
