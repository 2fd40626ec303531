"""What an environment's state says, in a few words: how fresh its models are, and how it differs from production."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from rich.text import Text

from store.events import EnvironmentState, ModelIntervals
from store.wording import NOTHING, relative_time
from tui.formats import BAD, MUTED, WARNING, styled
from tui.overview import EnvironmentGlance

_DIFFERENCES = (("added", "+"), ("removed", "−"), ("modified", "~"))


def freshness_counts(state: EnvironmentState) -> Counter[str]:
    """How many models are complete, pending and behind; those without data of their own are left out."""
    return Counter(model.freshness for model in state.intervals if model.freshness is not None)


def freshness_text(state: EnvironmentState | None) -> str:
    """`15/17, 2 behind`; a dash where nothing is known."""
    return NOTHING if state is None else counts_text(freshness_counts(state))


def counts_text(counts: Counter[str]) -> str:
    """`15/17, 2 behind`: how many of so many are complete, and what the others are."""
    late = [f"{counts[word]} {word}" for word in ("behind", "pending") if counts[word]]
    return ", ".join([f"{counts['complete']}/{counts.total()}", *late])


def fresh_models(glances: Iterable[EnvironmentGlance]) -> Text:
    """How fresh the models of some environments are, all together."""
    counts: Counter[str] = Counter()
    unscheduled = False
    for glance in glances:
        counts += freshness_counts(glance.state) if glance.state is not None else Counter()
        counts += Counter(model.word for model in glance.models if model.word is not None)
        unscheduled = unscheduled or any(model.word is None for model in glance.models)
    if not counts:
        return styled("no schedule" if unscheduled else NOTHING, MUTED)
    return Text(counts_text(counts), BAD if counts["behind"] else WARNING if counts["pending"] else "")


def difference_text(state: EnvironmentState | None) -> str:
    """`+1 ~3` against production; `same` where nothing differs, a dash for production itself."""
    if state is None or state.difference is None:
        return NOTHING
    told = [f"{sign}{state.difference[key]}" for key, sign in _DIFFERENCES if state.difference.get(key)]
    return " ".join(told) or "same"


def applied_text(state: EnvironmentState | None, now: datetime) -> str:
    """When a plan was last applied; an environment that a plan left half-way says so."""
    if state is None:
        return NOTHING
    return "unfinalised" if state.unfinalised else relative_time(state.applied_at, now)


def as_of_text(state: EnvironmentState, now: datetime) -> str:
    """`as of 3m ago`: when the tool said this."""
    return f"as of {relative_time(state.ts, now)}"


def interval_text(model: ModelIntervals) -> str:
    """What is loaded: `2013-01-01 → 2014-01-01`, with the number of gaps in between."""
    if not model.loaded:
        return "nothing"
    first, last = model.loaded[0].start, model.loaded[-1].end
    gaps = len(model.loaded) - 1
    more = f", {gaps} {'gap' if gaps == 1 else 'gaps'}" if gaps else ""
    return f"{first:%Y-%m-%d} → {last:%Y-%m-%d}{more}"
