"""What the page is about and how it stands: names, a row of figures, the sentence that explains a failure."""

from dataclasses import dataclass
from datetime import datetime

from rich.text import Text
from textual.widgets import Static

from store.events import EnvironmentState
from store.models import Job, Run
from store.status import BAD
from store.text import one_line
from tui import formats
from tui.freshness import applied_text, as_of_text, difference_text, freshness_counts, freshness_text
from tui.overview import EnvironmentGlance, Overview, Place, latest, next_start

_GAP = 3
_PLAN_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Card:
    """One figure with its name."""

    label: str
    value: Text

    @property
    def width(self) -> int:
        """Cells that both lines fit in."""
        return max(len(self.label), self.value.cell_len)


class PlaceSummary(Static):
    """Four lines of text for the chosen place, two more where its tool keeps a state of it."""

    def __init__(self) -> None:
        super().__init__(id="place-summary")

    def show(self, overview: Overview, place: Place, now: datetime) -> None:
        """Shows the place as it is in this overview."""
        states = overview.within(place)
        width = self.size.width
        lines = [_title(overview, place, states), *_card_lines(cards(states, overview.jobs_within(place), now), width)]
        state = states[0].state if len(states) == 1 else None
        if state is not None:
            lines += _card_lines(state_cards(state, now), width)
        lines.append(_explanation(states))
        self.set_class(state is not None, "-with-state")
        text = Text("\n").join(lines)
        text.no_wrap, text.overflow = True, "ellipsis"
        self.update(text, layout=False)


def cards(states: tuple[EnvironmentGlance, ...], jobs: tuple[Job, ...], now: datetime) -> list[Card]:
    """The figures of some environments together, the weightiest first."""
    last_run = latest([state.last_run for state in states])
    last_plan = latest([state.last_plan for state in states])
    failing = sum(state.failing for state in states)
    runs = [state.last_run for state in states if state.last_run is not None]
    found = [
        Card("last run", _ended(last_run, now)),
        Card("failing", Text(f"{failing:,}", formats.BAD if failing else "") if runs else _nothing()),
        Card("models", Text(f"{sum(run.counts.models_total for run in runs):,}") if runs else _nothing()),
    ]
    if len(states) == 1 and last_run is not None:
        found.append(Card("audits", formats.audit_counts(last_run.counts) or _nothing()))
    if last_plan is not None or not runs:
        found.append(Card("last plan", _ended(last_plan, now)))
    if (due := next_start(jobs, now)) is not None:
        found.append(Card("next", Text(formats.relative_time(due, now))))
    if last_run is not None:
        found.append(Card("took", Text(formats.duration(last_run.duration_s(now)))))
    return found


def state_cards(state: EnvironmentState, now: datetime) -> list[Card]:
    """What the tool knows of one environment, the weightiest first."""
    late = freshness_counts(state)
    style = formats.BAD if late["behind"] else formats.WARNING if late["pending"] else ""
    fresh = freshness_text(state) if late else formats.NOTHING
    return [
        Card(f"fresh {as_of_text(state, now)}", Text(fresh, style)),
        Card("to prod", Text(difference_text(state))),
        Card("applied", Text(applied_text(state, now), formats.WARNING if state.unfinalised else "")),
        Card("expires", Text(formats.relative_time(state.expires_at, now) if state.expires_at else "never")),
        Card("models", Text(f"{state.models:,}")),
        Card("plan", Text((state.plan_id or formats.NOTHING)[:_PLAN_LENGTH])),
    ]


def _ended(run: Run | None, now: datetime) -> Text:
    if run is None:
        return _nothing()
    moment = run.finished_at or run.started_at or run.created_at
    return formats.status_text(run.status).append(f" {formats.relative_time(moment, now)}", "not bold default")


def _nothing() -> Text:
    return Text(formats.NOTHING, formats.MUTED)


def _card_lines(found: list[Card], width: int) -> tuple[Text, Text]:
    labels, values = Text(), Text()
    for card in found:
        gap = " " * _GAP if labels else ""
        if labels.cell_len + len(gap) + card.width > width:
            break
        values.append(gap).append_text(card.value).append(" " * (card.width - card.value.cell_len))
        labels.append(gap + card.label.ljust(card.width), formats.MUTED)
    return labels, values


def _title(overview: Overview, place: Place, states: tuple[EnvironmentGlance, ...]) -> Text:
    title = Text()
    if place.environment is not None and states:
        state = states[0]
        parts = [state.environment.project, state.tool, state.environment.type, state.environment.branch or ""]
        title.append(state.environment.name, "bold")
    else:
        number = formats.counted(len(states), "environment")
        parts = [number, formats.counted(len(overview.jobs_within(place)), "job")]
        title.append(place.project or overview.name, "bold")
    return title.append("   " + " · ".join(filter(None, parts)), formats.MUTED)


def _explanation(states: tuple[EnvironmentGlance, ...]) -> Text:
    """Why it is not well: a plan that was left half-way, else the failure that came last."""
    if torn := [each for each in states if each.state is not None and each.state.unfinalised]:
        where = f"{one_line(torn[0].environment.name)}: " if len(states) > 1 else ""
        return Text(f"◐ {where}left half-way by a plan; apply a plan to heal it", formats.WARNING)
    run = latest([state.last_run for state in states if state.last_run and state.last_run.status in BAD])
    if run is None or not run.status_reason:
        return Text()
    where = f"{run.environment}: " if len(states) > 1 else ""
    return Text(f"✗ {where}{one_line(run.status_reason)}", formats.BAD)
