"""The plan page: what a plan would do, how far its phases are, whether it can be applied. Values in, text out."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from rich.text import Text

from store import wording
from store.models import Phase
from store.run_record import RunRecord
from store.status import GOOD, RunStatus
from store.text import one_line, visible
from store.wording import counted
from tui import formats
from tui.plan_text import CHANGE_WORDS, Look, PlanLine, is_idle, plan_lines, warning_lines
from tui.text import plain

_STYLES: Mapping[Look, str] = {
    "title": "bold",
    "text": "",
    "added": formats.GOOD,
    "removed": formats.BAD,
    "changed": formats.WARNING,
    "muted": formats.MUTED,
    "warning": formats.WARNING,
    "bad": f"bold {formats.BAD}",
}
_PHASES = {
    "physical": "tables are created",
    "evaluation": "models are loaded",
    "promotion": "views are switched",
}
_PHASE_LOOKS = {
    "running": RunStatus.RUNNING,
    "succeeded": RunStatus.COMPLETED,
    "failed": RunStatus.FAILED,
    "cancelled": RunStatus.CANCELLED,
}


def is_plan(record: RunRecord) -> bool:
    """Whether this run is a plan, shown or applied."""
    return record.run.kind == "plan"


def is_preview(record: RunRecord) -> bool:
    """Whether it is a plan that changes nothing."""
    return is_plan(record) and not record.run.options.apply


def page_lines(record: RunRecord) -> list[Text]:
    """Everything that the plan says; while there is no plan yet, why."""
    if not record.details:
        return [Text(line, formats.MUTED) for line in _why_no_plan(record).split("\n")]
    warnings = [_line(line) for line in warning_lines(record.notices)]
    lines = [_line(line) for line in plan_lines(record.details, record.run.options.apply)]
    return [*_outlook(record), *warnings, *([Text()] if warnings else []), *lines]


def _line(line: PlanLine) -> Text:
    return Text().append(visible(plain(line.text)), _STYLES[line.look])


def _outlook(record: RunRecord) -> list[Text]:
    """What can be done with the plan, in front of it."""
    if not is_preview(record) or record.run.is_active or is_idle(record.details):
        return []
    if models := uncategorised(record):
        told = (("▲ Breaking or not? ", formats.WARNING), ("p", "bold"), (" says it for ", formats.MUTED))
        return [Text.assemble(*told, (", ".join(models), formats.MUTED)), Text()]
    if (obstacle := why_not_applied(record)) is not None:
        return [formats.styled(f"✗ {obstacle}", formats.BAD), Text()]
    told = (("Nothing was changed so far: ", formats.MUTED), ("p", "bold"), (" applies this plan.", formats.MUTED))
    return [Text.assemble(*told), Text()]


def _why_no_plan(record: RunRecord) -> str:
    if record.run.is_active:
        told = "the project is loaded, its unit tests run, and it is compared with the environment"
        if record.run.tool == "dbt":
            told = "dbt is asked which models and audits it would execute"
        return f"The plan is being made: {told}.\nNothing is changed meanwhile."
    return "This run came to an end before there was a plan.\n\nIts steps tell why; r makes the plan again."


def why_not_applied(record: RunRecord) -> str | None:
    """Why this plan cannot be applied, in a sentence; None when it can."""
    run, details = record.run, record.details
    if not is_preview(record):
        return f"#{run.id} is no plan that waits to be applied."
    if run.is_active:
        return "The plan is still being made."
    tests = details.get("tests") or {}
    if failed := (tests.get("failed") or 0) + (tests.get("errors") or 0):
        return f"{counted(failed, 'unit test')} failed: the plan cannot be applied."
    if run.status is not RunStatus.COMPLETED or not details:
        return f"#{run.id} {run.status}: there is no plan to apply."
    if models := uncategorised(record):
        return f"Breaking or not? {', '.join(models)} {'needs' if len(models) == 1 else 'need'} a category first."
    if is_idle(details) or not _has_work(details):
        return f"{run.environment} is up to date: there is nothing to apply."
    return None


def uncategorised(record: RunRecord) -> tuple[str, ...]:
    """The models of a plan whose changes SQLMesh cannot call breaking or not: somebody has to say it."""
    if not is_preview(record) or record.run.status is not RunStatus.COMPLETED:
        return ()
    return tuple(one_line(str(model).replace('"', "")) for model in record.details.get("uncategorised") or ())


def _has_work(details: Mapping[str, Any]) -> bool:
    return "steps" not in details or any(step.get("models") or step.get("audits") for step in details["steps"])


def change_counts(details: Mapping[str, Any]) -> list[tuple[int, str]]:
    """How many models change how: `(2, 'directly modified')`; what only was reformatted is told apart."""
    tally = Counter(
        "formatting only" if change.get("formatting_only") else CHANGE_WORDS.get(change["change"], change["change"])
        for change in details.get("changes") or ()
    )
    return [(tally[word], word) for word in (*CHANGE_WORDS.values(), "formatting only") if tally[word]]


def summary_texts(details: Mapping[str, Any]) -> list[str]:
    """The plan in a few words, the most important first: `4 models change`, `3 models to load in 24 batches`."""
    if "steps" in details:
        models = sum(len(step.get("models") or ()) for step in details["steps"])
        audits = sum(len(step.get("audits") or ()) for step in details["steps"])
        return [f"would execute {counted(models, 'model')} and {counted(audits, 'audit')}"]
    number = len(details.get("changes") or ())
    changes = f"{counted(number, 'model')} {'changes' if number == 1 else 'change'}" if number else ""
    return [part for part in (changes, _load_text(details)) if part]


def _load_text(details: Mapping[str, Any]) -> str:
    backfills = details.get("backfills") or ()
    batches = sum(backfill.get("batches") or 0 for backfill in backfills)
    if not backfills:
        return ""
    number = f"{batches:,} {'batch' if batches == 1 else 'batches'}"
    return f"{counted(len(backfills), 'model')} to load in {number}"


def facts_text(record: RunRecord) -> Text:
    """What applying the plan will do, for the question before it."""
    details, run = record.details, record.run
    if "steps" in details:
        commands = "; ".join(one_line(" ".join(map(str, step["command"]))) for step in details["steps"])
        return Text("It runs: ").append(commands, "bold").append(f"\nThe plan {summary_texts(details)[0]}.")
    lines = [f"{number:>4,}  {'model' if number == 1 else 'models'} {word}" for number, word in change_counts(details)]
    if load := _load_text(details):
        lines.append(f"      {load}{_span(details)}")
    if details.get("forward_only"):
        lines.append("      forward-only: existing tables are kept")
    if run.options.restate:
        lines.append(f"      loads again: {', '.join(one_line(model) for model in run.options.restate)}")
    if details.get("new_environment"):
        origin = f" from {one_line(str(details['created_from']))}" if details.get("created_from") else ""
        lines.insert(0, f"      makes the environment{origin}")
    lines.append(f"      then switches the views of {one_line(run.environment)}")
    return Text("\n".join(lines))


def _span(details: Mapping[str, Any]) -> str:
    spans = [span for each in details.get("backfills") or () for span in each.get("intervals") or ()]
    starts = [str(span["start"])[:10] for span in spans if span.get("start")]
    ends = [str(span["end"])[:10] for span in spans if span.get("end")]
    return f", {min(starts)} → {max(ends)}" if starts and ends else ""


def phase_lines(record: RunRecord, width: int) -> list[Text]:
    """The stages of a plan that is applied, one slim bar each; those to come are there as well."""
    return [_phase_line(name, phase, _untold(name, record), width) for name, phase in _phases(record)]


def _phases(record: RunRecord) -> list[tuple[str, Phase | None]]:
    """The stages in their order with what is known of each. A run that is no plan has only those that it tells of."""
    known = {phase.phase: phase for phase in record.phases}
    if not known:
        return []
    return [(name, known.get(name)) for name in _PHASES if name in known or is_plan(record)]


def _untold(name: str, record: RunRecord) -> tuple[str, str]:
    """Glyph and words for a stage that was not heard of: it comes later, had nothing to do, or was never reached."""
    order = list(_PHASES)
    behind = order[order.index(name) :]
    if any(phase.phase in behind for phase in record.phases):
        return wording.NOTHING, "nothing to do"  # others have overtaken it
    if record.run.is_active:
        return "○", f"{_PHASES[name]} later"
    return wording.NOTHING, "nothing to do" if record.run.status in GOOD else "never reached"


def _phase_line(name: str, phase: Phase | None, untold: tuple[str, str], width: int) -> Text:
    text = Text(no_wrap=True, overflow="ellipsis")
    if phase is None:
        glyph, words = untold
        return text.append(f"{glyph} {name:<11} {words}", formats.MUTED)
    look = formats.status_look(_PHASE_LOOKS[phase.state])
    text.append(f"{look.glyph} {name:<11} ", look.style)
    words = f"  {_PHASES[name]}"
    room = max(12, min(60, width - text.cell_len - len(words) - 1))
    text.append_text(formats.progress_bar(phase.done, phase.total, room, look.style))
    return text.append(words, formats.MUTED)


def phases_in_a_line(record: RunRecord) -> Text:
    """The same in one line: `✓ physical 17/17   ● evaluation 4/12   ○ promotion`."""
    text = Text(no_wrap=True, overflow="ellipsis")
    for name, phase in _phases(record):
        text.append("   " if text else "")
        if phase is None:
            text.append(f"{_untold(name, record)[0]} {name}", formats.MUTED)
        else:
            look = formats.status_look(_PHASE_LOOKS[phase.state])
            text.append(f"{look.glyph} {name}", look.style).append(f" {phase.done:,}/{phase.total:,}")
    return text
