"""What the recent-activity list is narrowed to: a status tab, a kind, the text of the filter box, an order."""

from dataclasses import dataclass, field, replace

from store.filters import RunFilter
from store.status import ACTIVE, BAD, RunStatus
from tui.filter_text import Names, parse_filter
from tui.overview import Place

TABS: dict[str, frozenset[RunStatus]] = {
    "all": frozenset(),
    "active": ACTIVE,
    "completed": frozenset({RunStatus.COMPLETED, RunStatus.PARTIAL, RunStatus.REVIEW}),
    "failed": BAD,
    "cancelled": frozenset({RunStatus.CANCELLED, RunStatus.SKIPPED}),
}
KINDS: dict[str, RunFilter] = {
    "all kinds": RunFilter(),
    "runs": RunFilter(kinds=frozenset({"run"})),
    "plans": RunFilter(kinds=frozenset({"plan"})),
    "re-runs": RunFilter(triggers=frozenset({"rerun"})),
    "scheduled": RunFilter(triggers=frozenset({"schedule"})),
}


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """All that a person chose; `parsed` is what the text means."""

    tab: str = "all"
    kind: str = "all kinds"
    text: str = ""
    parsed: RunFilter = field(default_factory=RunFilter)
    newest_first: bool = True

    @property
    def narrows(self) -> bool:
        """Whether it may hide something."""
        return bool(self.text) or self.tab != "all" or self.kind != "all kinds"

    def __str__(self) -> str:
        """What it narrows to, in a few words."""
        parts = (
            self.tab if self.tab != "all" else "",
            self.kind if self.kind != "all kinds" else "",
            self.text,
            "" if self.newest_first else "oldest first",
        )
        return " · ".join(filter(None, parts)) or "everything"

    def with_text(self, text: str, names: Names | None = None) -> "ActivityFilter":
        """Another text. Raises UsageError when it means nothing."""
        return replace(self, text=text.strip(), parsed=parse_filter(text, names))

    def next_tab(self, steps: int) -> "ActivityFilter":
        """Another status tab."""
        return replace(self, tab=_neighbour(list(TABS), self.tab, steps))

    def next_kind(self) -> "ActivityFilter":
        """Another kind."""
        return replace(self, kind=_neighbour(list(KINDS), self.kind, 1))

    def turned(self) -> "ActivityFilter":
        """The other order."""
        return replace(self, newest_first=not self.newest_first)

    def at(self, place: Place) -> RunFilter:
        """What is asked of the store in a place; what the text says goes before tab, kind and place."""
        kind = KINDS[self.kind]
        return replace(
            self.parsed,
            statuses=self.parsed.statuses or TABS[self.tab],
            kinds=self.parsed.kinds or kind.kinds,
            triggers=self.parsed.triggers or kind.triggers,
            project=self.parsed.project or place.project,
            environment=self.parsed.environment or place.environment,
            order="newest" if self.newest_first else "oldest",
        )


def _neighbour(names: list[str], name: str, steps: int) -> str:
    return names[(names.index(name) + steps) % len(names)]
