"""The page of one environment: what its tool knows of it and of each model in it. Values in, text out."""

from datetime import datetime, tzinfo

from rich.text import Text

from store import wording
from store.events import EnvironmentState, ModelIntervals
from store.text import one_line
from store.wording import NOTHING, counted
from tui import formats
from tui.freshness import applied_text, as_of_text, difference_text, fresh_models, freshness_text
from tui.intervals import spans_text
from tui.overview import EnvironmentGlance

_RANK = {"behind": 0, "pending": 1, "complete": 2, None: 3}
_LOOKS = {
    "behind": ("✗", formats.BAD),
    "pending": ("◐", formats.WARNING),
    "complete": ("✓", formats.GOOD),
}
_MOST_SPANS = 2
_FRESHNESS_WIDTH = 10
_WORD_WIDTH = 13


def environment_lines(glance: EnvironmentGlance, now: datetime, zone: tzinfo | None) -> list[Text]:
    """What is known of the environment, then a line for each model: those that are behind come first."""
    state = glance.state
    if glance.tool == "dbt":
        return _built_models(glance, now, zone)
    if state is None:
        return [formats.styled("SQLMesh was not asked yet what is loaded here: F5 asks it.", formats.MUTED)]
    return [*_facts(state, now, zone), Text(), *_models(state, now, zone)]


def _facts(state: EnvironmentState, now: datetime, zone: tzinfo | None) -> list[Text]:
    facts = [
        ("fresh", f"{freshness_text(state) if state.intervals else NOTHING}   {as_of_text(state, now)}"),
        ("plan", f"{one_line(state.plan_id or NOTHING)}, before it {one_line(state.previous_plan_id or NOTHING)}"),
        ("applied", f"{applied_text(state, now)}   {wording.date_and_time(state.applied_at, zone)}"),
        ("expires", f"{wording.relative_time(state.expires_at, now)}" if state.expires_at else "never"),
        ("models", f"{state.models:,}"),
        ("to prod", difference_text(state)),
    ]
    lines = [Text.assemble((f"{label:<10}", formats.MUTED), value) for label, value in facts]
    if state.unfinalised:
        told = "◐ A plan began to update this environment and did not end: apply a plan to heal it (p)."
        lines.insert(0, formats.styled(told, formats.WARNING))
    return lines


def _models(state: EnvironmentState, now: datetime, zone: tzinfo | None) -> list[Text]:
    models = sorted(state.intervals, key=lambda model: (_RANK[model.freshness], model.name))
    if not models:
        return [formats.styled("SQLMesh did not tell what is loaded of its models.", formats.MUTED)]
    width = max(len(one_line(model.name)) for model in models)
    return [line for model in models for line in _model(model, width, now, zone)]


def _built_models(glance: EnvironmentGlance, now: datetime, zone: tzinfo | None) -> list[Text]:
    """What the record of the runs says of each model, for a tool that keeps no state."""
    if not glance.models:
        return [formats.styled("No job has built models here yet. dbt keeps no state beside its runs.", formats.MUTED)]
    models = sorted(glance.models, key=lambda model: (_RANK[model.word], model.name))
    width = max(len(one_line(model.name)) for model in models)
    told = "By the schedules of the jobs that build here; dbt itself keeps no state of it."
    lines = [Text.assemble(("fresh     ", formats.MUTED), fresh_models([glance])), formats.styled(told, formats.MUTED)]
    for model in models:
        glyph, style = _LOOKS.get(model.word or "", ("–", formats.MUTED))
        line = Text().append(f"{glyph} {model.word or 'no schedule':<{_WORD_WIDTH}}", style)
        built = "not built" if model.built_at is None else f"built {wording.relative_time(model.built_at, now)}"
        line.append(f"{one_line(model.name):<{width}}  {built:<15}")
        if model.next_at is not None:
            line.append(f"next {wording.short_time(model.next_at, now, zone)}", formats.MUTED)
        lines.append(line)
    return [*lines[:2], Text(), *lines[2:]]


def _model(model: ModelIntervals, width: int, now: datetime, zone: tzinfo | None) -> list[Text]:
    line = Text()
    glyph, style = _LOOKS.get(model.freshness or "", ("–", formats.MUTED))
    line.append(f"{glyph} {model.freshness or 'no data':<{_FRESHNESS_WIDTH}}", style)
    line.append(f"{one_line(model.name):<{width}}  ")
    line.append(spans_text(model.loaded, _MOST_SPANS) if model.loaded else NOTHING)
    when = f"{one_line(model.cron)}" if model.cron else ""
    if model.next_at is not None:
        when += f", next {wording.short_time(model.next_at, now, zone)}"
    line.append(f"   {when}", formats.MUTED)
    if not model.missing:
        return [line]
    missing = f"missing {spans_text(model.missing, _MOST_SPANS)}, {counted(model.missing_count, 'interval')}"
    return [line, Text(" " * (_FRESHNESS_WIDTH + 2 + width + 2)).append(missing, style)]
