"""Reads what dbt's manifest says of a project: its graph, and the facts of each node that events do not carry."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from engine.adapters.dbt.tool_event import clean, mapping, text
from store.events import Column, GraphAudit, GraphNode

MODEL_KINDS = frozenset({"model", "seed", "snapshot", "function"})
"""What dbt builds: these become model executions."""
AUDIT_KINDS = frozenset({"test", "unit_test"})
"""What dbt checks: these become audits."""
_GRAPH_KINDS = MODEL_KINDS | {"source", "exposure"}
_SECTIONS = ("nodes", "sources", "exposures", "unit_tests", "functions")


def kind_of(unique_id: str) -> str:
    """The resource type, which every unique id of dbt begins with."""
    return unique_id.partition(".")[0]


@dataclass(frozen=True)
class Manifest:
    """A project as one invocation of dbt parsed it, by unique id."""

    invocation: str | None = None
    nodes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    dialect: str | None = None
    groups: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def name(self, unique_id: str) -> str:
        """The name that people use."""
        return text(self._node(unique_id).get("name")) or unique_id.rpartition(".")[2]

    def parents(self, unique_id: str) -> tuple[str, ...]:
        """What the node reads or checks."""
        named = mapping(self._node(unique_id).get("depends_on")).get("nodes")
        return tuple(parent for parent in named if isinstance(parent, str)) if isinstance(named, list) else ()

    def is_ephemeral(self, unique_id: str) -> bool:
        """Whether the model only lives inside the SQL of others."""
        return kind_of(unique_id) == "model" and self._config(unique_id).get("materialized") == "ephemeral"

    def is_blocking(self, audit: str) -> bool:
        """Whether a failure of this audit skips what is downstream: a test of error severity, or a unit test."""
        return str(self._config(audit).get("severity") or "error").lower() == "error"

    def audited(self, audit: str) -> str | None:
        """The model that the audit checks, where that is one: the attached one, else the only parent."""
        attached = text(self._node(audit).get("attached_node"))
        if attached:
            return attached
        parents = self.parents(audit)
        return parents[0] if len(parents) == 1 else None

    def arguments(self, audit: str) -> dict[str, Any]:
        """What a generic test was given, without the model that it is attached to."""
        given = mapping(mapping(self._node(audit).get("test_metadata")).get("kwargs"))
        return {name: clean(value) for name, value in given.items() if name != "model"}

    def compiled_path(self, unique_id: str) -> PurePosixPath | None:
        """Where below the target folder dbt writes the compiled SQL of this node."""
        node = self._node(unique_id)
        package, path, original = (text(node.get(key)) for key in ("package_name", "path", "original_file_path"))
        if not (package and path and original):
            return None
        below = PurePosixPath(original)
        # As dbt does it: several nodes of one file (tests in YAML, old snapshots) each get a file below its name.
        return PurePosixPath("compiled", package, below if below.name == PurePosixPath(path).name else below / path)

    def in_order(self, unique_ids: Iterable[str]) -> list[str]:
        """Parents before their children, otherwise by name."""
        depths: dict[str, int] = {}
        return sorted(unique_ids, key=lambda node: (self._depth(node, depths), node))

    def graph_nodes(self, selected: frozenset[str]) -> tuple[GraphNode, ...]:
        """Models, seeds, snapshots, functions, sources and exposures."""
        return tuple(self._graph_node(node, node in selected) for node in self._of_kind(_GRAPH_KINDS))

    def graph_audits(self, selected: frozenset[str]) -> tuple[GraphAudit, ...]:
        """All tests and unit tests."""
        return tuple(
            GraphAudit(
                audit=audit,
                name=self.name(audit),
                model=self.audited(audit),
                parents=self.parents(audit),
                blocking=self.is_blocking(audit),
                selected=audit in selected,
                file=text(self._node(audit).get("original_file_path")),
            )
            for audit in self._of_kind(AUDIT_KINDS)
        )

    def _node(self, unique_id: str) -> Mapping[str, Any]:
        return self.nodes.get(unique_id, {})

    def _config(self, unique_id: str) -> Mapping[str, Any]:
        return mapping(self._node(unique_id).get("config"))

    def _of_kind(self, kinds: frozenset[str]) -> Iterator[str]:
        return (node for node in self.nodes if kind_of(node) in kinds)

    def _depth(self, unique_id: str, known: dict[str, int]) -> int:
        pending = [unique_id]
        while pending:
            node = pending[-1]
            missing = [parent for parent in self.parents(node) if parent not in known]
            # -1 marks a node whose parents are being counted, so that a cycle cannot hold us.
            if node not in known and missing:
                known[node] = -1
                pending.extend(missing)
                continue
            known[node] = 1 + max((known.get(parent, 0) for parent in self.parents(node)), default=-1)
            pending.pop()
        return known[unique_id]

    def _graph_node(self, unique_id: str, selected: bool) -> GraphNode:
        node, config = self._node(unique_id), self._config(unique_id)
        return GraphNode(
            model=unique_id,
            name=self.name(unique_id),
            kind=kind_of(unique_id),
            parents=tuple(parent for parent in self.parents(unique_id) if kind_of(parent) in _GRAPH_KINDS),
            selected=selected,
            materialized=text(config.get("materialized")),
            dialect=self.dialect,
            database=text(node.get("database")),
            schema_name=text(node.get("schema")),
            relation=text(node.get("relation_name")),
            file=text(node.get("original_file_path")),
            checksum=text(mapping(node.get("checksum")).get("checksum")),
            description=text(node.get("description")),
            owner=self._owner(node, config),
            tags=_texts(node.get("tags")),
            columns=_columns(node.get("columns")),
        )

    def _owner(self, node: Mapping[str, Any], config: Mapping[str, Any]) -> str | None:
        for said in (mapping(node.get("meta")).get("owner"), mapping(config.get("meta")).get("owner")):
            if isinstance(said, str) and said:
                return said
        group = text(node.get("group")) or text(config.get("group"))
        owner = mapping(node.get("owner")) or mapping(mapping(self.groups.get(group or "")).get("owner"))
        return text(owner.get("name")) or text(owner.get("email"))


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def _columns(value: Any) -> tuple[Column, ...]:
    return tuple(
        Column(name=name, type=text(column.get("data_type")), description=text(column.get("description")))
        for name, column in mapping(value).items()
        if isinstance(column, dict)
    )


def manifest_of(value: Mapping[str, Any]) -> Manifest:
    """The manifest that this decoded JSON object holds."""
    nodes = {
        unique_id: node
        for section in _SECTIONS
        for unique_id, node in mapping(value.get(section)).items()
        if isinstance(node, dict)
    }
    groups = {mapping(group).get("name", ""): mapping(group) for group in mapping(value.get("groups")).values()}
    said = mapping(value.get("metadata"))
    return Manifest(text(said.get("invocation_id")), nodes, text(said.get("adapter_type")), groups)


class ManifestFile:
    """The manifest that a running dbt writes, in place and not atomically."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None

    def read(self, invocation: str | None) -> Manifest | None:
        """The manifest of this invocation; None while it is not there, half written or an earlier invocation's.

        Meant to be asked again at later events: the file is only read when it has changed since the last time.
        """
        try:
            status = self._path.stat()
            mark = (status.st_mtime_ns, status.st_size)
            if mark == self._seen:
                return None
            self._seen = mark
            value = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            return None
        manifest = manifest_of(mapping(value))
        if invocation and manifest.invocation and manifest.invocation != invocation:
            return None
        return manifest
