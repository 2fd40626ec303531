"""In which order the items of each column stand below each other, so that few edges cross."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from tui.graph_layout.layers import Item

_ROUNDS = 8
_HOPELESS = 3
"""Rounds without a better order after which there will be none."""

Links = Sequence[Mapping[Item, Sequence[Item]]]
"""For each column, what its items are joined to in the next one."""


def ordered(columns: Sequence[Sequence[Item]], links: Links) -> list[list[Item]]:
    """The same columns in an order with few crossings: by the mean place of the neighbours, from both sides in turn."""
    before = backwards(columns, links)
    here = _as_met(columns, links)
    best, fewest = here, _crossings(here, links)
    since_better = 0
    for number in range(_ROUNDS):
        if not fewest or since_better >= _HOPELESS:
            break
        here = _swept(here, before, 1) if number % 2 == 0 else _swept(here, links, -1)
        crossings = _crossings(here, links)
        since_better += 1
        if crossings < fewest:
            best, fewest, since_better = here, crossings, 0
    return best


def backwards(columns: Sequence[Sequence[Item]], links: Links) -> list[dict[Item, list[Item]]]:
    """For each column, what its items are joined to in the one before."""
    found: list[dict[Item, list[Item]]] = [{item: [] for item in column} for column in columns]
    for number, joined in enumerate(links[:-1]):
        for item, nexts in joined.items():
            for other in nexts:
                found[number + 1][other].append(item)
    return found


def _as_met(columns: Sequence[Sequence[Item]], links: Links) -> list[list[Item]]:
    """The order in which a walk along the edges meets them: what belongs together is together from the start."""
    found: list[list[Item]] = [[] for _ in columns]
    seen: set[tuple[int, Item]] = set()
    for number, column in enumerate(columns):
        for first in column:
            waiting = [(number, first)]
            while waiting:
                place, item = waiting.pop()
                if (place, item) not in seen:
                    seen.add((place, item))
                    found[place].append(item)
                    waiting += [(place + 1, other) for other in reversed(links[place].get(item, ()))]
    return found


def _swept(columns: list[list[Item]], links: Links, step: int) -> list[list[Item]]:
    """Orders each column by its neighbours before it, from the left (1) or from the right (-1)."""
    found = list(columns)
    numbers = range(1, len(columns)) if step > 0 else range(len(columns) - 2, -1, -1)
    for number in numbers:
        places = {item: place for place, item in enumerate(found[number - step])}
        found[number] = _by_neighbours(found[number], links[number], places)
    return found


def _by_neighbours(column: list[Item], links: Mapping[Item, Sequence[Item]], places: Mapping[Item, int]) -> list[Item]:
    def mean(place: int, item: Item) -> float:
        near = links.get(item, ())
        # Without a neighbour it stays about where it is.
        return sum(places[other] for other in near) / len(near) if near else place * len(places) / max(1, len(column))

    keyed = [(mean(place, item), place, item) for place, item in enumerate(column)]
    return [item for _, _, item in sorted(keyed, key=lambda each: each[:2])]


def _crossings(columns: Sequence[Sequence[Item]], links: Links) -> int:
    total = 0
    for number in range(len(columns) - 1):
        places = {item: place for place, item in enumerate(columns[number + 1])}
        seen: list[int] = []
        for item in columns[number]:
            ends = sorted(places[other] for other in links[number].get(item, ()))
            total += sum(len(seen) - bisect_left(seen, end + 1) for end in ends)
            for end in ends:
                seen.insert(bisect_left(seen, end), end)
    return total
