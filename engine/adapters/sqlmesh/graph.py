"""Puts together what the bridge says of the project's graph: its models, and the audits on them or beside them."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from engine.adapters.sqlmesh.values import Said, audit_key, display_name, graph_node
from store import events
from store.status import AuditStatus


class GraphReading:
    """The graph as it was told. An audit that stands alone is a node of SQLMesh's graph, but no model."""

    def __init__(self) -> None:
        self._models: dict[str, Said] = {}
        self._standalone: dict[str, Said] = {}
        self._audits: tuple[events.GraphAudit, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether any node was told."""
        return bool(self._models or self._standalone)

    def read(self, nodes: Sequence[Said]) -> None:
        """Takes the nodes in, in place of those before."""
        self._models = {node["model"]: node for node in nodes if node.get("node_type") == "model"}
        self._standalone = {node["model"]: node for node in nodes if node.get("node_type") == "audit"}
        self._audits = (*_on_models(self._models.values()), *map(_standing_alone, self._standalone.values()))

    def is_audit(self, node: object) -> bool:
        """Whether the node is an audit that stands alone."""
        return node in self._standalone

    def skipped(self, node: str, ts: datetime, cause: str | None) -> events.AuditFinished:
        """The audit that stands alone, and was not executed because of a model."""
        audit = _standing_alone(self._standalone[node])
        return events.AuditFinished(
            ts=ts,
            audit=audit.audit,
            name=audit.name,
            blocking=audit.blocking,
            status=AuditStatus.SKIPPED,
            cause=cause,
        )

    def event(self, ts: datetime, selected: Collection[str]) -> events.Graph:
        """The whole graph; selected are the nodes that are executed, with the audits on them."""
        nodes = tuple(graph_node(node, model in selected) for model, node in self._models.items())
        audits = tuple(
            audit.model_copy(update={"selected": (audit.model or audit.audit) in selected}) for audit in self._audits
        )
        return events.Graph(ts=ts, nodes=nodes, audits=audits)


def _on_models(nodes: Collection[Said]) -> Iterator[events.GraphAudit]:
    for node in nodes:
        for audit in node.get("audits") or []:
            yield events.GraphAudit(
                audit=audit_key(node["model"], audit["audit"], audit.get("arguments") or {}),
                name=audit["audit"],
                model=node["model"],
                parents=(node["model"],),
                blocking=bool(audit.get("blocking", True)),
                file=node.get("file"),
            )


def _standing_alone(node: Said) -> events.GraphAudit:
    own: Said = next(iter(node.get("audits") or []), {})
    return events.GraphAudit(
        audit=audit_key(None, node["model"], {}),
        name=display_name(node["name"]),
        parents=tuple(node.get("parents") or ()),
        blocking=bool(own.get("blocking", False)),
        file=node.get("file"),
    )
