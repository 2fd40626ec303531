"""How much rests on each node of a lineage, for all nodes at once."""

from collections.abc import Mapping

from store.lineage.graph import Lineage


def parents_first(lineage: Lineage) -> list[str]:
    """All nodes, each behind its parents. What is in a cycle, which no tool admits, comes last."""
    waiting = {node: len(parents) for node, parents in lineage.parents.items()}
    ready = [node for node, number in waiting.items() if number == 0]
    order: list[str] = []
    while ready:
        node = ready.pop()
        order.append(node)
        for child in lineage.children.get(node, ()):
            waiting[child] -= 1
            if waiting[child] == 0:
                ready.append(child)
    placed = set(order)
    return [*order, *(node for node in lineage.nodes if node not in placed)]


def downstream_counts(lineage: Lineage) -> Mapping[str, int]:
    """How many nodes each node feeds, directly or not."""
    order = parents_first(lineage)
    bits = {node: 1 << place for place, node in enumerate(order)}
    below: dict[str, int] = {}
    for node in reversed(order):
        # A set of nodes as the bits of one number: a thousand of them unite in the time of a few additions.
        reached = 0
        for child in lineage.children.get(node, ()):
            reached |= bits[child] | below.get(child, 0)
        below[node] = reached & ~bits[node]
    return {node: reached.bit_count() for node, reached in below.items()}
