"""What a message says: what failed and why, what it took down, since when, and the command that shows it."""

import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from store.causes import Cause
from store.error_text import error_line
from store.models import Audit, ModelExecution, Run
from store.notifications import Occasion
from store.status import AuditStatus, ModelStatus
from store.text import one_line

_NAMED = 5


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the run that a message is about. `usual_s` is how long its job takes as a rule."""

    run: Run
    workspace: Path
    models: Sequence[ModelExecution] = ()
    audits: Sequence[Audit] = ()
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
            return _message(facts, f"▲ {_name(facts.run)} missed its schedule", _reason_lines(facts.run))


def _name(run: Run) -> str:
    return one_line(f"{run.name} in {run.project}/{run.environment}")


def _message(facts: Facts, title: str, lines: Iterable[str]) -> Message:
    return Message(title, "\n".join([*lines, *_origin_lines(facts)]))


def _roots(facts: Facts) -> list[ModelExecution]:
    return [model for model in facts.models if model.status is ModelStatus.FAILED]


def _broken_audits(facts: Facts) -> list[Audit]:
    bad = (AuditStatus.FAILED, AuditStatus.ERROR)
    return [audit for audit in facts.audits if audit.blocking and audit.status in bad]


def _first_root(facts: Facts) -> str:
    names = [*(model.name for model in _roots(facts)), *(audit.name for audit in _broken_audits(facts))]
    return f": {one_line(names[0])}" + (f" and {len(names) - 1} more" if len(names) > 1 else "") if names else ""


def _failure_lines(facts: Facts) -> Iterator[str]:
    roots, audits = _roots(facts), _broken_audits(facts)
    for model in roots[:_NAMED]:
        yield f"{one_line(model.name)}: {error_line(model.error or 'failed')}"
        skipped = [each.name for each in facts.models if each.cause == model.model]
        if skipped:
            yield f"  took down {_counted(len(skipped), 'model')}: {_names(skipped)}"
    for audit in audits[:_NAMED]:
        rows = f", {_counted(audit.failures, 'row')}" if audit.failures else ""
        yield f"{one_line(audit.name)}: {audit.status.value}{rows}"
    if not roots and not audits:
        yield from _reason_lines(facts.run)
    yield from _since_lines(facts)


def _since_lines(facts: Facts) -> Iterator[str]:
    for cause in facts.causes[:1]:
        if cause.first.run_id == facts.run.id:
            yield "It never failed like this before."
        else:
            since = f"#{cause.first.run_id}, {_moment(cause.first.at)}"
            yield f"Failed like this before: {_counted(cause.runs, 'run')}, first {since}."


def _long_lines(facts: Facts, now: datetime) -> Iterator[str]:
    took, usual = facts.run.duration_s(now), facts.usual_s
    if took is not None and usual:
        yield f"It runs for {_duration(took)}; as a rule it takes {_duration(usual)}."


def _reason_lines(run: Run) -> Iterator[str]:
    if run.status_reason:
        yield one_line(run.status_reason)


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


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h {minutes:02d}m" if hours else f"{minutes}m {rest:02d}s" if minutes else f"{rest}s"
