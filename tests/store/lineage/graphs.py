"""Small graphs to try the lineage on, written as `child: parents`."""

from typing import Any

from store.events import GraphAudit, GraphNode
from store.models import RunGraph

_KINDS = {"x": "exposure", "s": "source"}
"""What a name that begins so, with a dash behind it, is; all others are models."""


def key(name: str) -> str:
    """The unique name of a model, as tests.tui.run.records gives it to executions."""
    return f"model.p.{name}"


def a_node(name: str, parents: str = "", **known: Any) -> GraphNode:
    """A model, or an exposure (`x-…`), or a source (`s-…`); `parents` are names with blanks between them."""
    kind = _KINDS.get(name.partition("-")[0], "model") if "-" in name else "model"
    values: dict[str, Any] = {"model": key(name), "name": name, "kind": kind, "materialized": "table"}
    return GraphNode(**(values | {"parents": tuple(map(key, parents.split()))} | known))


def a_graph(*audits: GraphAudit, **nodes: str) -> RunGraph:
    """A graph of these nodes with their parents; an underscore in a name stands for a dash."""
    return RunGraph(
        nodes=tuple(a_node(name.replace("_", "-"), parents.replace("_", "-")) for name, parents in nodes.items()),
        audits=audits,
    )


DIAMOND = {"s_raw": "", "a": "s_raw", "b": "a", "c": "a", "d": "b c", "x_board": "d", "z": ""}
"""raw → a → b, c → d → board; z stands alone."""
