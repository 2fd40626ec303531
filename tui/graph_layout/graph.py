"""A directed graph without cycles: who feeds whom, and what hangs on each."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from heapq import heapify, heappop, heappush
from typing import Literal

Direction = Literal["up", "down"]
"""`up` leads to what feeds a node, `down` to what it feeds."""


@dataclass(frozen=True)
class Graph:
    """Nodes with their parents and children. `order` has parents before children and is the same for equal graphs."""

    order: tuple[str, ...]
    parents: Mapping[str, tuple[str, ...]]
    children: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, parents: Mapping[str, Iterable[str]]) -> "Graph":
        """The graph in which each key is fed by its value.

        Parents that are no node are left out. So is what would close a circle: no tool builds in circles, but what
        is read may be anything.
        """
        known = {node: {parent for parent in found if parent in parents} - {node} for node, found in parents.items()}
        order = _without_circles(known)
        place = {node: number for number, node in enumerate(order)}
        children: dict[str, list[str]] = {node: [] for node in order}
        for node in order:
            for parent in known[node]:
                children[parent].append(node)
        return cls(
            order,
            {node: tuple(sorted(known[node], key=place.__getitem__)) for node in order},
            {node: tuple(children[node]) for node in order},
        )

    def neighbours(self, node: str, direction: Direction) -> tuple[str, ...]:
        """What is one edge away."""
        return (self.parents if direction == "up" else self.children)[node]

    def reached(self, node: str, direction: Direction) -> int:
        """All that can be reached, without the node, as a set of bits. See `bits` and `members`."""
        return self._reach[direction][node]

    def bits(self, nodes: Iterable[str]) -> int:
        """A set of nodes as one number, for what has to be fast with thousands of them."""
        places = self._places
        return sum(1 << place for place in {places[node] for node in nodes})

    def members(self, bits: int) -> tuple[str, ...]:
        """The nodes of such a number, parents before children."""
        return tuple(node for place, node in enumerate(self.order) if bits >> place & 1)

    def part(self, nodes: Collection[str]) -> "Graph":
        """The graph of some of its nodes, with the edges between them."""
        kept = set(nodes)
        return Graph(
            tuple(node for node in self.order if node in kept),
            {node: tuple(near for near in self.parents[node] if near in kept) for node in self.order if node in kept},
            {node: tuple(near for near in self.children[node] if near in kept) for node in self.order if node in kept},
        )

    @cached_property
    def _places(self) -> dict[str, int]:
        return {node: place for place, node in enumerate(self.order)}

    @cached_property
    def _reach(self) -> dict[Direction, dict[str, int]]:
        return {"up": self._closure(self.order, "up"), "down": self._closure(self.order[::-1], "down")}

    def _closure(self, order: tuple[str, ...], direction: Direction) -> dict[str, int]:
        places = self._places
        found: dict[str, int] = {}
        for node in order:
            reach = 0
            for near in self.neighbours(node, direction):
                reach |= found[near] | 1 << places[near]
            found[node] = reach
        return found


def _without_circles(parents: dict[str, set[str]]) -> tuple[str, ...]:
    """Parents before children, by name where that leaves a choice. Takes out of `parents` what closes a circle."""
    waiting = {node: len(found) for node, found in parents.items()}
    children: dict[str, list[str]] = {node: [] for node in parents}
    for node, found in parents.items():
        for parent in found:
            children[parent].append(node)
    ready = [node for node, number in waiting.items() if not number]
    heapify(ready)
    order: list[str] = []
    placed: set[str] = set()
    while len(order) < len(parents):
        if not ready:
            first = min(node for node in parents if node not in placed)
            parents[first] &= placed
            ready.append(first)
        node = heappop(ready)
        order.append(node)
        placed.add(node)
        for child in children[node]:
            waiting[child] -= 1
            if not waiting[child] and child not in placed:
                heappush(ready, child)
    return tuple(order)
