"""How the edges cross the gap between two columns: each source has a line of its own, and no two lines run together.

This is the channel routing of circuit boards. Lines of one source share their way; lines of several sources meet only
where they lead to the same target, and cross each other at right angles.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Net:
    """All edges of one source through a gap: from its row, right of which it begins, to the rows of its targets."""

    row: int
    targets: frozenset[int]

    @property
    def is_straight(self) -> bool:
        """Whether it has no need to go up or down."""
        return self.targets == {self.row}


@dataclass(frozen=True, slots=True)
class Route:
    """Where a net goes up or down, as columns of the gap from 0.

    `track` is where it meets the rows of its targets, None for a straight net. With a `detour` (column, row) it leaves
    its own row before that, for one in which it is in nobody's way.
    """

    track: int | None = None
    detour: tuple[int, int] | None = None


@dataclass(slots=True)
class _Part:
    """A vertical piece of a net: from `row` to `targets`.

    `ahead` are the nets whose piece has to be left of it, `least` is the first column that it may take.
    """

    name: int
    row: int
    targets: frozenset[int]
    ahead: set[int] = field(default_factory=set)
    least: int = 0

    @property
    def span(self) -> tuple[int, int]:
        return min(self.row, *self.targets), max(self.row, *self.targets)


def routes_of(nets: Sequence[Net]) -> tuple[list[Route], int]:
    """A route for each net, and how many columns they take."""
    waiting = {number: _Part(number, net.row, net.targets) for number, net in enumerate(nets) if not net.is_straight}
    _order_by_rows(waiting, nets)
    taken = _Tracks()
    routes = [Route() for _ in nets]
    used = {row for net in nets for row in (net.row, *net.targets)}
    while waiting:
        part = min((each for each in waiting.values() if not each.ahead & waiting.keys()), key=_first, default=None)
        if part is not None:
            del waiting[part.name]
            routes[part.name] = replace(routes[part.name], track=taken.take(part))
        else:
            # They wait for each other in a circle: one of those that others wait for goes round.
            part = min((each for each in waiting.values() if _is_waited_for(each, waiting)), key=_first)
            row = _free_row(part.row, used)
            used.add(row)
            column = taken.take(_Part(part.name, part.row, frozenset({row})))
            routes[part.name] = Route(detour=(column, row))
            _go_round(part, column, row, waiting)
    return routes, taken.width


def _order_by_rows(parts: Mapping[int, _Part], nets: Sequence[Net]) -> None:
    """Whoever leaves a row has to be gone from it before another one comes to a target in that row."""
    sources = {net.row: number for number, net in enumerate(nets)}
    for number, part in parts.items():
        for row in part.targets:
            leaving = sources.get(row)
            if leaving is not None and leaving != number and leaving in parts and row not in nets[leaving].targets:
                part.ahead.add(leaving)


def _is_waited_for(part: _Part, waiting: Mapping[int, _Part]) -> bool:
    return any(part.name in other.ahead for other in waiting.values())


def _go_round(part: _Part, column: int, row: int, waiting: Mapping[int, _Part]) -> None:
    """The part has left its row in a column, for a row that is nobody's target: nobody has to wait for it any more."""
    for other in waiting.values():
        if part.name in other.ahead:
            other.ahead.remove(part.name)
            other.least = max(other.least, column + 1)
    part.row, part.least = row, max(part.least, column + 1)


def _first(part: _Part) -> tuple[int, int]:
    """Of those that go down the lowest source first, of those that go up the highest one: these do not cross."""
    low, high = part.span
    goes_down = high - part.row >= part.row - low
    return (-part.row if goes_down else part.row), part.name


def _free_row(near: int, used: set[int]) -> int:
    distance = 1
    while True:
        for row in (near + distance, near - distance):
            if row not in used and row >= 0:
                return row
        distance += 1


class _Tracks:
    """The columns of a gap with the spans of rows that are taken in each."""

    def __init__(self) -> None:
        self._columns: list[list[tuple[int, int]]] = []
        self._of: dict[int, int] = {}

    @property
    def width(self) -> int:
        """How many columns are in use."""
        return len(self._columns)

    def take(self, part: _Part) -> int:
        """The first free column that the part may take."""
        low, high = part.span
        column = max([part.least, *(self._of[name] + 1 for name in part.ahead)])
        while column < len(self._columns) and any(low <= end and begin <= high for begin, end in self._columns[column]):
            column += 1
        self._columns += [[] for _ in range(len(self._columns), column + 1)]
        self._columns[column].append((low, high))
        self._of[part.name] = column
        return column
