"""The places that a search can be in, as a person chooses among them."""

from dataclasses import dataclass

from store.filters import RunFilter
from store.models import Run
from store.search.scope import SearchScope
from store.text import one_line

LAST_RUNS = 20
"""How many runs of a job are searched."""


@dataclass(frozen=True, slots=True)
class ScopeChoice:
    """A place with its name."""

    name: str
    scope: SearchScope


WORKSPACE = ScopeChoice("the workspace", SearchScope())


def choices_from(run: Run | None) -> tuple[ScopeChoice, ...]:
    """The run, the last runs of its job, the workspace."""
    if run is None:
        return (WORKSPACE,)
    found = [ScopeChoice(f"#{run.id}", SearchScope(run.id))]
    if run.job is not None:
        wanted = RunFilter(project=run.project, job=run.job)
        found.append(ScopeChoice(f"last {LAST_RUNS} of {one_line(run.job)}", SearchScope(runs=wanted, last=LAST_RUNS)))
    return (*found, WORKSPACE)
