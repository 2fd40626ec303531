"""Holds a run's lineage against what the tool itself says depends on what."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from store.lineage.column_lineage import direct_sources
from store.lineage.columns import ModelColumns
from store.lineage.graph import Lineage
from store.paths import RunPaths

_DBT_KINDS = ("model", "seed", "snapshot", "source", "exposure", "function")
"""What is a node of the lineage; tests are audits, and the rest builds nothing."""


def differences_from_manifest(lineage: Lineage, files: RunPaths) -> list[str]:
    """A line for each node of dbt's manifest whose parents or children are others here."""
    manifest: dict[str, Any] = json.loads((files.target / "manifest.json").read_bytes())
    return differences(lineage, _only_nodes(manifest["parent_map"]), _only_nodes(manifest["child_map"]))


def differences(
    lineage: Lineage, parents: Mapping[str, Iterable[str]], children: Mapping[str, Iterable[str]]
) -> list[str]:
    """A line for each node whose parents or children are others here than those that the tool tells."""
    found = [f"{node}: only the tool knows it" for node in parents.keys() - lineage.nodes.keys()]
    found += [f"{node}: only the lineage knows it" for node in lineage.nodes.keys() - parents.keys()]
    for what, theirs, ours in (("parents", parents, lineage.parents), ("children", children, lineage.children)):
        found += [
            f"{node}: {what} {sorted(set(theirs[node]) ^ set(ours[node]))} are known to one alone"
            for node in theirs.keys() & ours.keys()
            if set(theirs[node]) != set(ours[node])
        ]
    return sorted(found)


def column_differences(
    lineage: Lineage,
    columns: Mapping[str, ModelColumns],
    said: Mapping[str, Mapping[str, Mapping[str, Iterable[str]]]],
) -> list[str]:
    """A line for each column of a model whose sources are others here than in SQLMesh's own lineage.

    `said` is what the witness tells: by model and column, the columns by the node that they are of.
    """
    found = []
    for node, theirs in said.items():
        for column, sources in theirs.items():
            listed = {(_within(lineage, node, up), name) for up, names in sources.items() for name in names}
            ours = {(_within(lineage, node, up), name) for up, name in direct_sources(columns[node], column)}
            # What a model takes from itself is left out here.
            if ours != {each for each in listed if each[0] != node}:
                found.append(f"{node}.{column}: {sorted(ours ^ listed)} are known to one alone")
    return sorted(found)


def _within(lineage: Lineage, reader: str, node: str) -> str:
    """A file that a model reads is no node; SQLMesh names it by the whole call, with all arguments."""
    return node if node == reader or node in lineage.nodes else "outside"


def _only_nodes(edges: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {
        node: [other for other in others if other.startswith(_prefixes())]
        for node, others in edges.items()
        if node.startswith(_prefixes())
    }


def _prefixes() -> tuple[str, ...]:
    return tuple(f"{kind}." for kind in _DBT_KINDS)
