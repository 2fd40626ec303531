"""What the page is about and how it stands: names, a row of figures, the sentence that explains a failure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rich.text import Text
from textual.widgets import Static

from store import wording
from store.events import EnvironmentState
from store.models import Job, Run
from tui import formats
from tui.freshness import applied_text, difference_text, fresh_models
from tui.not_well import explanation
from tui.overview import EnvironmentGlance, Overview, Place, latest, next_start

_GAP = 3
_PLAN_LENGTH = 8
_LEAST_VALUE = 5
"""Cells below which a value that is cut off says nothing any more."""


@dataclass(frozen=True, slots=True)
class Card:
    """One figure with its name."""

    label: str
    value: Text


class PlaceSummary(Static):
    """A title, as many lines of figures as there is room for, and a sentence where something is not well."""

    def __init__(self) -> None:
        super().__init__(id="place-summary")
        self._shown: tuple[Overview, Place, datetime] | None = None

    def show(self, overview: Overview, place: Place, now: datetime) -> None:
        """Shows the place as it is in this overview."""
        self._shown = (overview, place, now)
        self.set_class(len(states := overview.within(place)) == 1 and states[0].state is not None, "-with-state")
        self.on_resize()

    def on_resize(self) -> None:
        """The figures that fit depend on the size."""
        if self._shown is None:
            return
        overview, place, now = self._shown
        states = overview.within(place)
        figures = card_lines(cards(states, overview.starting_within(place), now), self.size.width, self.size.height - 2)
        text = Text("\n").join([_title(overview, place, states), *figures, explanation(states)])
        text.no_wrap, text.overflow = True, "ellipsis"
        self.update(text, layout=False)


def cards(states: tuple[EnvironmentGlance, ...], jobs: tuple[Job, ...], now: datetime) -> list[Card]:
    """The figures of some environments together, the weightiest first."""
    last_run = latest([state.last_run for state in states])
    failing = sum(len(state.failing) for state in states)
    runs = [state for state in states if state.last_ended is not None]
    models = [count for state in states if (count := state.model_count) is not None]
    due = next_start(jobs, now)
    found = [
        Card("last run", _ended(last_run, now)),
        Card("last plan", _ended(latest([state.last_plan for state in states]), now)),
        Card("failing", Text(f"{failing:,}", formats.BAD if failing else "") if runs else _nothing()),
        Card("models", Text(f"{sum(models):,}") if models else _nothing()),
        Card("fresh", fresh_models(states)),
        Card("next", Text(wording.relative_time(due, now)) if due is not None else _nothing()),
    ]
    state = states[0].state if len(states) == 1 else None
    if state is not None:
        found += _state_cards(state, now)
    if last_run is not None:
        found.append(Card("took", Text(wording.duration(last_run.duration_s(now)))))
    if len(states) == 1 and last_run is not None:
        found.append(Card("audits", formats.audit_counts(last_run.counts) or _nothing()))
    return found


def _state_cards(state: EnvironmentState, now: datetime) -> list[Card]:
    """What the tool knows of one environment, the weightiest first."""
    return [
        Card("to prod", Text(difference_text(state))),
        Card("applied", Text(applied_text(state, now), formats.WARNING if state.unfinalised else "")),
        Card("as of", Text(wording.relative_time(state.ts, now))),
        Card("expires", Text(wording.relative_time(state.expires_at, now) if state.expires_at else "never")),
        Card("plan", Text((state.plan_id or wording.NOTHING)[:_PLAN_LENGTH])),
    ]


def _ended(run: Run | None, now: datetime) -> Text:
    if run is None:
        return _nothing()
    moment = run.finished_at or run.started_at or run.created_at
    return formats.run_text(run).append(f" {wording.relative_time(moment, now)}", "not bold default")


def _nothing() -> Text:
    return Text(wording.NOTHING, formats.MUTED)


def card_lines(found: Sequence[Card], width: int, height: int) -> list[Text]:
    """The figures in columns, from the top down; the last ones give way where there is no room."""
    height = max(1, height)
    lines = [Text() for _ in range(height)]
    for first in range(0, len(found), height):
        column = found[first : first + height]
        begin = max(line.cell_len for line in lines) + (_GAP if first else 0)
        label_width = max(len(card.label) for card in column) + 1
        room = width - begin - label_width
        if room < min(_LEAST_VALUE, max(card.value.cell_len for card in column)):
            break
        for line, card in zip(lines, column, strict=False):
            value = card.value.copy()
            value.truncate(room, overflow="ellipsis")
            line.append(" " * (begin - line.cell_len)).append(card.label.ljust(label_width), formats.MUTED)
            line.append_text(value)
    return lines


def _title(overview: Overview, place: Place, states: tuple[EnvironmentGlance, ...]) -> Text:
    title = Text()
    if place.environment is not None and states:
        state = states[0]
        parts = [state.environment.project, state.tool, state.environment.type, state.environment.branch or ""]
        title.append(state.environment.name, "bold")
    else:
        number = wording.counted(len(states), "environment")
        parts = [number, wording.counted(len(overview.jobs_within(place)), "job")]
        title.append(place.project or overview.name, "bold")
    return title.append("   " + " · ".join(filter(None, parts)), formats.MUTED)
