"""What a search has found so far, as the rows of a list: runs, in them steps and models, in them lines."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from store.models import Run
from store.search.looking import FoundLine
from store.search.searching import Found
from tui.widgets.row_table import TableRow

LINES_OF_A_GROUP = 20
"""So many lines of each model in a step are listed; the others are counted, and found by `n` in the log."""

_MOST_GROUPS = 2_000
_MOST_LINES = 4_000


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run with so many lines that match."""

    run: Run
    lines: int


@dataclass(frozen=True, slots=True)
class GroupRow:
    """The lines of one step that are about one model (None: about none)."""

    run: Run
    step: str
    model: str | None
    lines: int
    log: str
    first: int
    """The byte of the first of them."""


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line."""

    run: Run
    log: str
    line: FoundLine


Row = RunRow | GroupRow | LineRow


@dataclass
class _Group:
    lines: int
    shown: list[FoundLine]


@dataclass
class _RunResults:
    run: Run
    lines: int = 0
    groups: dict[tuple[str, str, str | None], _Group] = field(default_factory=dict)


class SearchResults:
    """Takes in what is found. Its memory is bounded: beyond a few thousand groups and lines it only counts.

    `lines` and `runs` say how many there are in all.
    """

    def __init__(self) -> None:
        self.lines = 0
        self.runs = 0
        self._last_run: int | None = None
        self._runs: dict[int, _RunResults] = {}
        self._groups = 0
        self._listed = 0

    @property
    def is_cut(self) -> bool:
        """Whether there is more than the list shows."""
        return self._groups >= _MOST_GROUPS or self._listed >= _MOST_LINES

    def add(self, found: Found) -> None:
        """Takes in lines that were found."""
        self.lines += found.lines
        if found.run.id != self._last_run:  # one run comes after the other
            self.runs, self._last_run = self.runs + 1, found.run.id
        if found.run.id not in self._runs and self._groups >= _MOST_GROUPS:
            return
        results = self._runs.setdefault(found.run.id, _RunResults(found.run))
        results.lines += found.lines
        key = (found.log, found.step, found.model)
        if key not in results.groups and self._groups < _MOST_GROUPS and found.shown:
            results.groups[key] = _Group(0, [])
            self._groups += 1
        if (group := results.groups.get(key)) is not None:
            group.lines += found.lines
            self._list(group, found)

    def _list(self, group: _Group, found: Found) -> None:
        room = min(LINES_OF_A_GROUP - len(group.shown), _MOST_LINES - self._listed)
        # Of a group at least one line is there, so that it can be opened.
        fitting = found.shown[: max(room, 0 if group.shown else 1)]
        group.shown += fitting
        self._listed += len(fitting)

    def rows(self) -> list[TableRow[Row]]:
        """The list as it is now: what was found first stays where it is."""
        return [row for results in self._runs.values() for row in _rows_of(results)]


def _rows_of(results: _RunResults) -> Iterator[TableRow[Row]]:
    run = results.run
    yield TableRow(f"{run.id}", RunRow(run, results.lines))
    for (log, step, model), group in results.groups.items():
        first = group.shown[0].offset
        yield TableRow(f"{run.id}\n{log}\n[{model or ''}]", GroupRow(run, step, model, group.lines, log, first))
        for line in group.shown:
            yield TableRow(f"{run.id}\n{log}\n{line.offset}", LineRow(run, log, line))
