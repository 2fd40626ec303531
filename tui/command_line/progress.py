"""What is said of a run while it goes on: one plain line for each thing that happened. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from store.audit_text import distinction
from store.models import Audit, Counts, ModelExecution, NoticeRecord, Run, Step
from store.status import AuditStatus, ModelStatus, RunStatus
from store.text import one_line
from store.wording import count, counted, duration
from tui.formats import run_look, status_look

_ENDED = frozenset(ModelStatus) - {ModelStatus.QUEUED, ModelStatus.RUNNING}
# What passed is in the sum at the end; a line of its own is for what somebody should look at.
_WORTH_A_LINE = frozenset({AuditStatus.WARNED, AuditStatus.FAILED, AuditStatus.ERROR})
_LONGEST_ERROR = 300
_LONGEST_DISTINCTION = 80


@dataclass(frozen=True, slots=True)
class Look:
    """What the record said of a run at one moment: all of it, or only what changed since the look before."""

    run: Run
    steps: Sequence[Step] = ()
    models: Sequence[ModelExecution] = ()
    audits: Sequence[Audit] = ()
    notices: Sequence[NoticeRecord] = ()


class Progress:
    """Turns looks at a run into lines: each thing once, however often it is looked at."""

    def __init__(self) -> None:
        self._said: set[tuple[object, ...]] = set()
        self._names: dict[str, str] = {}

    def lines(self, look: Look) -> list[str]:
        """The lines that this look adds; the last one, once the run is over, is its result."""
        self._names |= {model.model: model.name for model in look.models}
        self._names |= audit_names(look.audits, self._names)
        return [line for key, line in self._facts(look) if self._is_new(key)]

    def _is_new(self, key: tuple[object, ...]) -> bool:
        if key in self._said:
            return False
        self._said.add(key)
        return True

    def _facts(self, look: Look) -> Iterable[tuple[tuple[object, ...], str]]:
        """Every line that could be said of this look, in order, with what tells it from the others."""
        run = look.run
        if run.is_active:
            yield ("run", run.status, run.status_reason), run_line(run)
        for step in look.steps:
            yield ("step", step.position), f"▸ {' '.join(step.command) or step.name}"
        for model in sorted((model for model in look.models if model.status in _ENDED), key=_end):
            yield ("model", model.model, model.status), model_line(model, self._names)
        for audit in look.audits:
            if audit.status in _WORTH_A_LINE:
                yield ("audit", audit.audit, audit.status, audit.finished_at), audit_line(audit, self._names)
        for notice in look.notices:
            yield ("notice", notice.at, notice.text), f"· {notice.level}: {one_line(notice.text)}"
        if not run.is_active:
            yield ("end",), result_line(run)


def run_line(run: Run) -> str:
    """Which run it is and how it stands: `#12 build · flights/dev  ○ queued: waits for #11`."""
    look = run_look(run)
    reason = f": {one_line(run.status_reason)}" if run.status_reason else ""
    return f"#{run.id} {run.name} · {run.project}/{run.environment}  {look.glyph} {look.word}{reason}"


def model_line(model: ModelExecution, names: dict[str, str]) -> str:
    """`✓ stg_flights 12.3s  336,776 rows`, `✗ int_delays 0.4s  Binder Error: …`, `↷ mart_carriers  ← int_delays`."""
    parts = [f"{status_look(model.status).glyph} {model.name}"]
    if model.duration_s is not None and model.status is not ModelStatus.SKIPPED:
        parts[0] += f" {duration(model.duration_s)}"
    if model.rows is not None:
        parts.append(f"{count(model.rows)} rows")
    if model.cause:
        parts.append(f"← {names.get(model.cause, model.cause)}")
    if model.interrupted:
        parts.append("interrupted: may be half-updated")
    if model.error:
        parts.append(_shortened(model.error))
    return "  ".join(parts)


def audit_line(audit: Audit, names: Mapping[str, str]) -> str:
    """`▲ warned accepted_range on core.flights  distance, max_v 1000  12 failures`; `names` are those of the models."""
    look = status_look(audit.status)
    parts = [f"{look.glyph} {look.word} {_audit_name(audit, names)}"]
    if told := distinction(audit):
        parts.append(told if len(told) <= _LONGEST_DISTINCTION else f"{told[: _LONGEST_DISTINCTION - 1]}…")
    if audit.failures:
        parts.append(counted(audit.failures, "failure"))
    elif audit.error:
        parts.append(_shortened(audit.error))
    return "  ".join(parts)


def audit_names(audits: Iterable[Audit], names: Mapping[str, str]) -> dict[str, str]:
    """What people call each audit, by its unique name: models name the one that took them down."""
    return {audit.audit: _audit_name(audit, names) for audit in audits}


def _audit_name(audit: Audit, names: Mapping[str, str]) -> str:
    return f"{audit.name} on {names.get(audit.model, audit.model)}" if audit.model else audit.name


def result_line(run: Run) -> str:
    """How it ended: `#12 ✗ failed in 4m 12s: 18 models succeeded, 2 failed; 30 audits passed. Why it did.`"""
    look = run_look(run)
    head = f"#{run.id} {look.glyph} {look.word}"
    if run.started_at is not None and run.finished_at is not None:
        head += f" in {duration(run.duration_s(run.finished_at))}: {counts_text(run.counts)}"
    return f"{head} — {one_line(run.status_reason)}" if run.status_reason else head


def counts_text(counts: Counts) -> str:
    """The models and audits of a run by how they ended, what is none left out."""
    models = {
        "succeeded": counts.models_succeeded,
        "failed": counts.models_failed,
        "skipped": counts.models_skipped,
        "cancelled": counts.models_cancelled,
    }
    audits = {
        "passed": counts.audits_passed,
        "warned": counts.audits_warned,
        "failed": counts.audits_failed,
        "with an error": counts.audits_error,
        "skipped": counts.audits_skipped,
    }
    sums = [_sum("model", models), _sum("audit", audits)]
    return "; ".join(text for text in sums if text) or "nothing was built"


def _sum(noun: str, numbers: dict[str, int]) -> str:
    parts = [f"{number:,} {word}" for word, number in numbers.items() if number]
    return f"{noun}s: {', '.join(parts)}" if parts else ""


def _shortened(error: str) -> str:
    text = one_line(error)
    return text if len(text) <= _LONGEST_ERROR else f"{text[: _LONGEST_ERROR - 1]}…"


def _end(model: ModelExecution) -> tuple[bool, object, str]:
    # What never started has no end of its own; it comes after what did.
    return (model.finished_at is None, model.finished_at or model.queued_at, model.name)


EXIT_CODES = {
    RunStatus.COMPLETED: 0,
    RunStatus.PARTIAL: 0,
    RunStatus.REVIEW: 0,
    RunStatus.FAILED: 1,
    RunStatus.SKIPPED: 1,
    RunStatus.ERROR: 3,
    RunStatus.CANCELLED: 130,
}
"""What a command that waited for a run answers, by how it ended."""


def exit_code(run: Run) -> int:
    """What a command that waited for this run answers; 1 as well where it was to build what is not there."""
    return 1 if run.missed_its_selection else EXIT_CODES[run.status]
