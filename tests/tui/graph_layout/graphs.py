"""Graphs to lay out: small ones by chance, and large ones as projects have them."""

from random import Random

from hypothesis import strategies as st

from tui.graph_layout.graph import Graph

SEED = 2013


@st.composite
def small_graphs(draw: st.DrawFn) -> Graph:
    """Up to 14 nodes, each fed by some of those before it."""
    number = draw(st.integers(1, 14))
    parents = {
        f"n{here:02d}": [f"n{before:02d}" for before in draw(st.sets(st.integers(0, here - 1), max_size=4))]
        if here
        else []
        for here in range(number)
    }
    return Graph.of(parents)


def large_parents(number: int, sources: int = 120) -> dict[str, list[str]]:
    """A project's graph, the same one each time: sources, and models that read one to four models before them."""
    chance = Random(SEED)
    parents: dict[str, list[str]] = {}
    for here in range(number):
        reads = 0 if here < sources else chance.choice((1, 1, 2, 2, 3, 4))
        near = range(max(0, here - 300), here)
        parents[f"m{here:04d}"] = [f"m{chance.choice(near):04d}" for _ in range(reads)]
    return parents
