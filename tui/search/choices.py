"""The places that a search can be in, as a person chooses among them."""

from dataclasses import dataclass, replace

from store.filters import RunFilter
from store.models import Run
from store.search.scope import SearchScope
from store.text import one_line

LAST_RUNS: tuple[int | None, ...] = (20, 100, None)
"""How many of the newest runs of a place can be searched; None for all. Of a job the first is searched at first."""


@dataclass(frozen=True, slots=True)
class ScopeChoice:
    """A place: what it is called, `whole` where all of its runs are searched."""

    place: str
    whole: str
    scope: SearchScope

    @property
    def name(self) -> str:
        """As a person reads it: `last 20 of nightly`, `all of nightly`."""
        return self.whole if self.scope.last is None else f"last {self.scope.last} of {self.place}"

    @property
    def has_more_runs(self) -> bool:
        """Whether there is anything to choose about how many runs are searched."""
        return self.scope.run_id is None

    def with_next_last(self) -> "ScopeChoice":
        """The same place with more of its runs; with all of them, the fewest come next."""
        following = LAST_RUNS[(LAST_RUNS.index(self.scope.last) + 1) % len(LAST_RUNS)]
        return replace(self, scope=replace(self.scope, last=following))


WORKSPACE = ScopeChoice("the workspace", "the workspace", SearchScope())


def choices_from(run: Run | None) -> tuple[ScopeChoice, ...]:
    """The run, the last runs of its job, the workspace."""
    if run is None:
        return (WORKSPACE,)
    number = f"#{run.id}"
    found = [ScopeChoice(number, number, SearchScope(run.id))]
    if run.job is not None:
        job, wanted = one_line(run.job), RunFilter(project=run.project, job=run.job)
        found.append(ScopeChoice(job, f"all of {job}", SearchScope(runs=wanted, last=LAST_RUNS[0])))
    return (*found, WORKSPACE)
