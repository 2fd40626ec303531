"""The facts of the run page as plain lines, for screen readers, pipes and CI: words instead of glyphs and colours."""

from collections.abc import Iterator

from store import wording
from store.forge import commit_url
from store.models import Audit, ModelExecution, Phase, Run, Step
from store.run_failures import headline
from store.run_record import RunRecord
from store.status import AuditStatus, ModelStatus, StepStatus
from store.text import one_line, plain
from store.wording import count, counted, duration
from tui.run_view.code import code_of
from tui.run_view.header import changed_text, reason_of
from tui.run_view.links import links_of
from tui.run_view.models import elapsed_s
from tui.run_view.steps import command_line
from tui.run_view.timeline import bars_of, most_at_once, path_chain
from tui.run_view.torn import unrepaired
from tui.run_view.view import RunView

Fact = tuple[object, str]
"""What tells a fact from all others, and its text: one line, those of an error indented below it."""

_INDENT = "    "
_ENDED = frozenset(ModelStatus) - {ModelStatus.QUEUED, ModelStatus.RUNNING}


class LinearRun:
    """Turns views of one run into lines: each fact once, when it is known, the result last."""

    def __init__(self) -> None:
        self._said: set[object] = set()

    def lines(self, view: RunView, remaining_s: float | None) -> list[str]:
        """What this view adds; `remaining_s` is how long the run still takes, where that is known."""
        told: list[str] = []
        for key, text in _facts(view, remaining_s):
            if key not in self._said:
                self._said.add(key)
                told += text.splitlines()
        return told


def _facts(view: RunView, remaining_s: float | None) -> Iterator[Fact]:
    record = view.record
    yield from ((fact, fact) for fact in _origin(view))
    for step in record.steps:
        yield from _of_step(step)
    for phase in record.phases:
        yield ("phase", phase.phase, phase.state), _of_phase(phase)
    for model in sorted(record.models.values(), key=_moment):
        yield from _of_model(model, view)
    for audit in record.audits.values():
        yield ("audit", audit.audit, audit.finished_at), _of_audit(audit, record)
    for notice in record.notices:
        yield ("notice", notice.at, notice.text), f"{notice.level}: {one_line(notice.text)}"
    if record.run.is_active:
        yield from _progress(record.run, remaining_s)
    else:
        yield from ((fact, fact) for fact in _outcome(view))


def _origin(view: RunView) -> Iterator[str]:
    record, run = view.record, view.record.run
    yield f"run #{run.id} {one_line(run.name)} in {one_line(run.project)}/{one_line(run.environment)}"
    yield f"trigger: {reason_of(run)}"
    facts = (
        ("job", ", ".join(part for part in (one_line(run.job or ""), run.job_type) if part)),
        ("code", code.plain if (code := code_of(run)) is not None else ""),
        ("web", commit_url(run.remote, run.commit) or ""),
        ("tool", f"{run.tool} {one_line(run.tool_version)}" if run.tool_version else ""),
        ("host", one_line(run.host or "")),
        ("changes", changed_text(record) if record.changes else ""),
        ("usually takes", duration(view.usual.run_s) if view.usual.run_s is not None else ""),
    )
    yield from (f"{label}: {said}" for label, said in facts if said)
    yield from (link.text.plain for link in links_of(record))
    if run.started_at is not None:
        yield f"started: {wording.date_and_time(run.started_at, view.zone)}"
    if run.is_active:
        yield f"status: {run.status}" + (f", {one_line(run.status_reason)}" if run.status_reason else "")


def _of_step(step: Step) -> Iterator[Fact]:
    name = f"step {step.position} {one_line(step.name)}"
    command = command_line(step)
    yield ("step", step.position), f"{name}: {command or 'begins'}"
    if step.status is not StepStatus.RUNNING and step.finished_at is not None:
        took = duration((step.finished_at - step.started_at).total_seconds())
        code = f", exit code {step.exit_code}" if step.exit_code else ""
        yield ("step", step.position, step.status), f"{name}: {step.status} after {took}{code}"


def _of_phase(phase: Phase) -> str:
    return f"phase {phase.phase}: {phase.state}, {phase.done:,} of {phase.total:,}"


def _of_model(model: ModelExecution, view: RunView) -> Iterator[Fact]:
    name = f"model {one_line(model.name)}"
    if model.status is ModelStatus.RUNNING:
        yield ("model", model.model, ModelStatus.RUNNING), f"{name}: running"
    if model.status is ModelStatus.RUNNING and model.batches and model.batch:
        yield ("batch", model.model, model.batch), f"{name}: batch {model.batch:,} of {model.batches:,}"
    if model.status in _ENDED:
        yield ("model", model.model, model.status), f"{name}: {_model_end(model, view)}{_indented(model.error)}"


def _model_end(model: ModelExecution, view: RunView) -> str:
    parts: list[str] = [model.status]
    seconds, usual_s = elapsed_s(model, view.now), view.usual.of(model)
    if seconds is not None:
        parts[0] += f" after {duration(seconds)}"
    if seconds is not None and usual_s and model.status is ModelStatus.SUCCEEDED:
        parts.append(f"{seconds / usual_s:.1f} times the usual")
    if model.rows is not None:
        parts.append(f"{count(model.rows)} rows")
    if model.cause:
        parts.append(f"because {one_line(view.record.name_of(model.cause))} did not succeed")
    if model.interrupted:
        parts.append("may be half-updated")
    return ", ".join(parts)


def _of_audit(audit: Audit, record: RunRecord) -> str:
    on = f" on {one_line(record.name_of(audit.model))}" if audit.model else ""
    parts = [f"audit {one_line(audit.name)}{on}: {audit.status}"]
    if audit.failures:
        parts.append(counted(audit.failures, "failing row"))
    if audit.cause:
        parts.append(f"because {one_line(record.name_of(audit.cause))} did not succeed")
    if audit.status in (AuditStatus.FAILED, AuditStatus.ERROR):
        parts.append("fails the run" if audit.blocking else "only warns")
    return ", ".join(parts) + _indented(audit.error)


def _progress(run: Run, remaining_s: float | None) -> Iterator[Fact]:
    """A line for each tenth of the models, or of the audits where there are no models."""
    counts = run.counts
    done, total = counts.models_done, counts.models_total
    if not total:
        done, total = counts.audits_done, counts.audits_total
    if done:
        said = [f"{counts.models_done:,} of {counted(counts.models_total, 'model')}"] if counts.models_total else []
        said += [f"{counts.audits_done:,} of {counted(counts.audits_total, 'audit')}"] if counts.audits_total else []
        said += [f"about {duration(remaining_s)} left"] if remaining_s is not None else []
        yield ("progress", done * 10 // total), f"progress: {', '.join(said)}"


def _outcome(view: RunView) -> Iterator[str]:
    record, run = view.record, view.record.run
    for each in unrepaired(record):
        stretch = f"{wording.date_and_time(each.start, view.zone)} to {wording.date_and_time(each.end, view.zone)}"
        yield f"half-written: {one_line(record.name_of(each.model))}, {stretch}; runroom repair {run.id} loads it again"
    if chain := path_chain(bars := bars_of(record, view.now)):
        took = duration(sum(bar.duration_s for bar in chain))
        yield f"critical path: {took}, {', '.join(one_line(bar.name) for bar in chain)}"
        yield f"at once: {most_at_once(bars)} at most"
    if (problem := headline(record)) is not None:
        yield f"cause: {problem.what}" + (f": {problem.why}" if problem.why else "")
    seconds = run.duration_s(view.now)
    yield f"result: {run.status}" + (f" after {duration(seconds)}" if seconds is not None else "") + _sums(run)


def _sums(run: Run) -> str:
    numbers = run.counts.model_dump()
    sums = []
    for kind in ("models", "audits"):
        words = (name.removeprefix(f"{kind}_") for name in numbers if name.startswith(f"{kind}_"))
        ended = [f"{numbers[f'{kind}_{word}']:,} {word}" for word in words if word not in ("total", "running")]
        said = [text for text in ended if not text.startswith("0 ")]
        sums += [f"{kind}: {', '.join(said)}"] if said else []
    return "".join(f"; {text}" for text in sums)


def _indented(error: str | None) -> str:
    return "".join(f"\n{_INDENT}{line}" for line in plain(error or "").splitlines() if line.strip())


def _moment(model: ModelExecution) -> tuple[bool, float, str]:
    known = model.finished_at or model.started_at
    return known is None, known.timestamp() if known else 0.0, model.name
