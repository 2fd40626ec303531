"""A run as plain text: a row of a list, or a page of its own."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from store.forge import commit_url
from store.models import InterruptedInterval, ModelExecution, Run, Step
from store.reads import StoreReader
from store.run_json import names_of
from store.status import AuditStatus
from store.text import one_line, plain
from store.wording import NOTHING, date_and_time, duration, relative_time
from tui.command_line.progress import audit_line, audit_names, counts_text, model_line
from tui.formats import model_counts, run_look, status_look
from tui.note_text import note_line
from tui.plan_text import plan_lines
from tui.run_view.header import reason_of
from tui.version_text import change_text, in_order


def run_row(run: Run, now: datetime) -> list[str]:
    """The cells of a run in a list."""
    look = run_look(run)
    return [
        f"#{run.id}",
        f"{look.glyph} {look.word}",
        run.name,
        f"{run.project}/{run.environment}",
        run.trigger,
        date_and_time(run.moment),
        duration(run.duration_s(now)),
        run.author or NOTHING,
        model_counts(run.counts).plain or NOTHING,
    ]


async def describe_run(reader: StoreReader, run: Run, now: datetime) -> list[str]:
    """The lines that tell all of a run that matters: what failed in full, what went well in one line each."""
    models = await reader.models(run.id)
    names = dict(names_of(await reader.graph(run.id), models))
    executed = await reader.audits(run.id)
    names |= audit_names(executed, names)
    audits = [audit for audit in executed if audit.status is not AuditStatus.PASSED]
    notices = [f"{notice.level}: {one_line(notice.text)}" for notice in await reader.notices(run.id)]
    lines = list(_head(run, now))
    lines += _section("Steps", [_step_line(step) for step in await reader.steps(run.id)])
    lines += _section("Models", [line for model in models for line in _model_lines(model, names)])
    lines += _section(*await _changes(reader, run, names))
    lines += _section("Audits that did not pass", [audit_line(audit, names) for audit in audits])
    lines += _section(
        "Half-written intervals", _interrupted_lines(run, await reader.interrupted_intervals(run.id), names)
    )
    lines += _section(
        "Plan", [line.text for line in plan_lines(details)] if (details := await reader.details(run.id)) else []
    )
    return lines + _section("Notices", notices)


async def _changes(reader: StoreReader, run: Run, names: dict[str, str]) -> tuple[str, list[str]]:
    """The models that differ from the run before, under a title that names it."""
    compared = (await reader.change_details(run.id)).previous
    found = in_order(await reader.changes(run.id))
    title = f"Changes since #{compared.run}" if compared is not None else "Changes"
    return title, [f"{change_text(each.change).plain:<14}{names.get(each.model, each.model)}" for each in found]


def _interrupted_lines(run: Run, broken: Sequence[InterruptedInterval], names: dict[str, str]) -> list[str]:
    """The intervals that count as loaded though they are not, and the command that repairs them."""
    lines = [
        f"{names.get(each.model, each.model)}  {date_and_time(each.start)} → {date_and_time(each.end)}"
        + (f"  repaired by #{each.repaired_by}" if each.repaired_by else "")
        for each in broken
    ]
    if any(each.repaired_by is None for each in broken):
        lines.append(f"Load them again with: runroom repair {run.id}")
    return lines


def _head(run: Run, now: datetime) -> Iterator[str]:
    look = run_look(run)
    yield f"#{run.id} {run.name} · {run.project}/{run.environment}  {look.glyph} {look.word}"
    if run.status_reason:
        yield f"  {one_line(run.status_reason)}"
    if run.acknowledged_at is not None:
        yield f"  {_acknowledged(run, now)}"
    facts = [
        ("started", f"{date_and_time(run.started_at)}, took {duration(run.duration_s(now))}"),
        ("trigger", reason_of(run)),
        ("tool", f"{run.tool} {run.tool_version or ''}".strip()),
        ("commit", _commit(run)),
        ("web", commit_url(run.remote, run.commit) or ""),
        ("result", counts_text(run.counts)),
    ]
    yield from (f"  {name:<8} {text}" for name, text in facts if text)


def _acknowledged(run: Run, now: datetime) -> str:
    who = one_line(run.acknowledged_by or "somebody")
    told = f"acknowledged by {who} {relative_time(run.acknowledged_at, now)}"
    return f"{told}: {note}" if (note := note_line(run.acknowledgement or "")) else told


def _commit(run: Run) -> str:
    if run.commit is None:
        return ""
    named = f"{run.branch or NOTHING}@{run.commit[:10]}"
    told = f"{named} by {run.commit_author}" if run.commit_author else named
    return one_line(f"{told}: {run.commit_message}" if run.commit_message else told)


def _model_lines(model: ModelExecution, names: dict[str, str]) -> Iterator[str]:
    """The model in one line, and the whole of its error below."""
    yield model_line(model.model_copy(update={"error": None}), names)
    if model.error:
        yield from (f"    {line}" for line in plain(model.error).splitlines())


def _step_line(step: Step) -> str:
    look = status_look(step.status)
    took = f" {duration((step.finished_at - step.started_at).total_seconds())}" if step.finished_at else ""
    code = f"  exit code {step.exit_code}" if step.exit_code else ""
    return f"{look.glyph} {step.name}{took}{code}"


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return ["", title, *(f"  {line}" for line in lines)] if lines else []


def last_run_text(run: Run | None, now: datetime) -> str:
    """How a place fared last: `✗ #12 failed 5m ago`; a dash where nothing ran yet."""
    if run is None:
        return NOTHING
    look = run_look(run)
    return f"{look.glyph} #{run.id} {look.word} {relative_time(run.moment, now)}"
