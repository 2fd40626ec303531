"""The part of the lineage that a failure is about: what the failed rest on, and what rests on them. Pure."""

from collections.abc import Iterator
from typing import Any

from store.bundle.material import Material
from store.wording import GLYPHS

_UP, _DOWN = "rests on", "feeds"


def cone_json(material: Material) -> dict[str, Any]:
    """The nodes with their edges within the cone; `failed` are the nodes that it is drawn around."""
    lineage, failed = material.lineage, _failed(material)
    below, above = lineage.cone(failed), lineage.ancestry(failed)
    return {
        "failed": failed,
        "nodes": [
            {
                "unique_name": node,
                "name": lineage.name_of(node),
                "kind": lineage.nodes[node].kind,
                "status": _status(material, node),
                "upstream": node in above and node not in failed,
                "downstream": node in below and node not in failed,
                "parents": [parent for parent in lineage.parents.get(node, ()) if parent in below | above],
                "file": lineage.nodes[node].file,
            }
            for node in sorted(below | above)
            if node in lineage.nodes
        ],
    }


def cone_text(material: Material) -> list[str]:
    """The same for people: each failed node with what is above and below it, the nearest first."""
    return [line for node in _failed(material) for line in _around(material, node)]


def _failed(material: Material) -> list[str]:
    """Failed models, and the models that failed audits check."""
    found = {failure.key for failure in material.failures if failure.kind == "model"}
    found |= {root.model for root in material.roots.roots if root.model is not None}
    return sorted(node for node in found if node in material.lineage.nodes)


def _around(material: Material, node: str) -> Iterator[str]:
    lineage = material.lineage
    yield f"{lineage.name_of(node)}  {_status(material, node) or ''}".rstrip()
    for word, distances in ((_UP, lineage.upstream(node)), (_DOWN, lineage.downstream(node))):
        for other, distance in distances.items():
            status = _status(material, other)
            glyph = GLYPHS[status] if status else "·"
            yield f"  {word:<8} {distance:>3}  {glyph} {lineage.name_of(other)}"
    yield ""


def _status(material: Material, node: str) -> str | None:
    model = material.record.models.get(node)
    return model.status.value if model is not None else None
