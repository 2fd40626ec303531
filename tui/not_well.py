"""Why environments are not well, in a sentence and in a glyph. Values in, text out."""

from collections.abc import Sequence

from rich.text import Text

from store import wording
from store.models import FailingNode, Run, TornRun
from store.status import BAD
from store.text import one_line
from tui import formats
from tui.overview import EnvironmentGlance, latest

TORN = "▲"
_NAMED = 3


def explanation(states: Sequence[EnvironmentGlance]) -> Text:
    """The one sentence: what is half-written or left half-way, else why what came last failed, else what fails still.

    Where it is about one of several environments, it says which.
    """
    several = len(states) > 1
    for state in states:
        if state.torn:
            return Text(f"{TORN} {_where(state, several)}{torn_text(state.torn)}", formats.WARNING)
    for state in states:
        if state.state is not None and state.state.unfinalised:
            text = f"◐ {_where(state, several)}left half-way by a plan; apply a plan to heal it"
            return Text(text, formats.WARNING)
    if (told := _of_last_failure(states, several)) is not None:
        return told
    failing = [state for state in states if state.failing]
    worst = max(failing, key=lambda state: max(node.run_id for node in state.failing), default=None)
    return Text() if worst is None else _sentence(f"{_where(worst, several)}{failing_text(worst.failing)}")


def _of_last_failure(states: Sequence[EnvironmentGlance], several: bool) -> Text | None:
    """What the last failed run says of itself; nothing where more fails than what failed in it."""
    by_run = {run.id: state for state in states for run in _last_of(state) if run.status in BAD}
    run = latest([run for state in states for run in _last_of(state) if run.status in BAD])
    if run is None or not run.status_reason:
        return None
    state = by_run[run.id]
    if any(node.run_id != run.id for node in state.failing):
        return _sentence(f"{_where(state, several)}{failing_text(state.failing)}")
    return _sentence(f"{_where(state, several)}{one_line(run.status_reason)}")


def _last_of(state: EnvironmentGlance) -> list[Run]:
    return [run for run in (state.last_run, state.ended_plan) if run is not None]


def failing_text(nodes: Sequence[FailingNode]) -> str:
    """`2 fail: int_delays (#9), unique_orders_id (#7)`."""
    named = ", ".join(f"{one_line(node.name)} (#{node.run_id})" for node in nodes[:_NAMED])
    more = f" and {len(nodes) - _NAMED} more" if len(nodes) > _NAMED else ""
    return f"{len(nodes):,} {'fails' if len(nodes) == 1 else 'fail'}: {named}{more}"


def torn_text(torn: Sequence[TornRun]) -> str:
    """`intervals of 2 models may be torn by #18: int_a, int_b`, until they are loaded again."""
    models = sorted({one_line(model) for run in torn for model in run.models})
    runs = ", ".join(f"#{run.run_id}" for run in torn)
    named = ", ".join(models[:_NAMED]) + (", …" if len(models) > _NAMED else "")
    return f"intervals of {wording.counted(len(models), 'model')} may be torn until {runs} is repaired: {named}"


def _where(state: EnvironmentGlance, several: bool) -> str:
    place = state.environment
    return f"{one_line(place.project)}/{one_line(place.name)}: " if several else ""


def _sentence(text: str) -> Text:
    return Text(f"✗ {text}", formats.BAD)
