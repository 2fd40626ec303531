"""A lineage as Graphviz draws it."""

from collections.abc import Collection, Iterator, Mapping

from store.lineage.graph import EXPOSURE, EXTERNAL, Lineage
from store.models import ModelExecution
from store.status import ModelStatus
from store.text import one_line

_FILLS = {
    ModelStatus.SUCCEEDED: "palegreen",
    ModelStatus.FAILED: "lightcoral",
    ModelStatus.SKIPPED: "lightgray",
    ModelStatus.RUNNING: "lightskyblue",
    ModelStatus.CANCELLED: "plum",
    ModelStatus.QUEUED: "white",
}
_SHAPES = {"source": "cylinder", "seed": "cylinder", EXTERNAL: "cylinder", EXPOSURE: "note"}


def dot_lines(
    lineage: Lineage, shown: Collection[str], executions: Mapping[str, ModelExecution], title: str
) -> Iterator[str]:
    """The shown nodes with the edges between them, left to right; status as word and colour."""
    yield f"digraph {_quoted(title)} {{"
    yield "  rankdir=LR;"
    yield '  node [shape=box, style=filled, fillcolor=white, fontname="sans-serif"];'
    for node in sorted(shown):
        yield f"  {_quoted(node)} [{_attributes(lineage, node, executions.get(node))}];"
    for node in sorted(shown):
        for parent in lineage.parents.get(node, ()):
            if parent in shown:
                yield f"  {_quoted(parent)} -> {_quoted(node)};"
    yield "}"


def _attributes(lineage: Lineage, node: str, execution: ModelExecution | None) -> str:
    label = lineage.name_of(node) + (f"\n{execution.status}" if execution else "")
    parts = [f"label={_quoted(label)}"]
    if (shape := _SHAPES.get(lineage.nodes[node].kind)) is not None:
        parts.append(f"shape={shape}")
    if execution is not None:
        parts.append(f"fillcolor={_FILLS[execution.status]}")
    return ", ".join(parts)


def _quoted(text: str) -> str:
    # A line end is the only control character that a label may hold.
    lines = (one_line(line).replace("\\", "\\\\").replace('"', '\\"') for line in text.split("\n"))
    return '"' + "\\n".join(lines) + '"'
