"""What feeds a node and what breaks with it. Values in, values out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from store.events import GraphNode
from store.lineage.graph import EXPOSURE, Distances, Lineage
from store.lineage.reach import downstream_counts, parents_first
from store.models import Audit, ModelExecution
from store.run_record import RunRecord
from store.status import AuditStatus, ModelStatus

_FOLLOWS_ITS_PARENTS = frozenset({"view", "ephemeral", "embedded", "external"})
"""Materialisations without data of their own: they are as fresh as what they read."""
_NOT_BUILT = frozenset({ModelStatus.FAILED, ModelStatus.SKIPPED, ModelStatus.CANCELLED})


@dataclass(frozen=True, slots=True)
class Relative:
    """A node above or below the chosen one. `status` is None where the run did not execute it.

    `failed_audits` and `audits` count the checks on it in this run, `downstream` what rests on it; `stale` tells that
    it still shows what was before this run.
    """

    node: str
    name: str
    kind: str
    distance: int
    status: ModelStatus | None
    duration_s: float | None
    downstream: int
    audits: int = 0
    failed_audits: int = 0
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Impact:
    """All that feeds a node and all that it feeds, the nearest first; exposures are in `downstream` too.

    `stale` are the nodes below that do not show what this run did, or should have done, to the chosen one.
    """

    node: str
    name: str
    upstream: tuple[Relative, ...] = ()
    downstream: tuple[Relative, ...] = ()
    exposures: tuple[Relative, ...] = ()
    stale: tuple[Relative, ...] = ()
    upstream_counts: Mapping[ModelStatus | None, int] = field(default_factory=dict)
    downstream_counts: Mapping[ModelStatus | None, int] = field(default_factory=dict)


def impact_of(record: RunRecord, lineage: Lineage, node: str) -> Impact:
    """What feeds the node and what breaks with it, as of this run."""
    counts, checks = downstream_counts(lineage), _checks(record)
    stale = stale_below(record, lineage, node)

    def relatives(distances: Distances) -> tuple[Relative, ...]:
        return tuple(
            _relative(lineage.nodes[far], record.models.get(far), checks.get(far, []), away, counts[far], far in stale)
            for far, away in distances.items()
        )

    upstream, downstream = relatives(lineage.upstream(node)), relatives(lineage.downstream(node))
    return Impact(
        node=node,
        name=lineage.name_of(node),
        upstream=upstream,
        downstream=downstream,
        exposures=tuple(each for each in downstream if each.kind == EXPOSURE),
        stale=tuple(each for each in downstream if each.stale),
        upstream_counts=_by_status(upstream),
        downstream_counts=_by_status(downstream),
    )


def stale_below(record: RunRecord, lineage: Lineage, node: str) -> frozenset[str]:
    """The nodes below that do not show what this run did, or should have done, to `node`.

    After a failure that is everything below that was not built. After a success it is what holds data of its own and
    was not built behind it, with all that rests on that; a view reads anew each time. A node that the run did not
    mean to build makes nothing stale.
    """
    model = record.models.get(node)
    if model is None or model.status in (ModelStatus.QUEUED, ModelStatus.RUNNING):
        return frozenset()
    broken = model.status in _NOT_BUILT
    stale: set[str] = {node} if broken else set()
    cone = lineage.cone([node]) - {node}
    for below in parents_first(lineage):
        if below in cone and _is_behind(record, lineage, below, stale):
            stale.add(below)
    return frozenset(stale - {node})


def _is_behind(record: RunRecord, lineage: Lineage, node: str, stale: set[str]) -> bool:
    execution = record.models.get(node)
    if execution is not None and execution.status is ModelStatus.SUCCEEDED:
        return False
    if any(parent in stale for parent in lineage.parents.get(node, ())):
        return True
    return (execution is not None and execution.status in _NOT_BUILT) or _keeps_data(lineage.nodes[node])


def _keeps_data(node: GraphNode) -> bool:
    return node.kind != EXPOSURE and (node.materialized or "").lower() not in _FOLLOWS_ITS_PARENTS


def _checks(record: RunRecord) -> Mapping[str, list[Audit]]:
    found: dict[str, list[Audit]] = {}
    for audit in record.audits.values():
        if audit.model is not None:
            found.setdefault(audit.model, []).append(audit)
    return found


def _relative(
    known: GraphNode,
    execution: ModelExecution | None,
    checks: Sequence[Audit],
    distance: int,
    downstream: int,
    stale: bool,
) -> Relative:
    bad = [audit for audit in checks if audit.status in (AuditStatus.FAILED, AuditStatus.ERROR)]
    return Relative(
        node=known.model,
        name=known.name,
        kind=known.kind,
        distance=distance,
        status=execution.status if execution else None,
        duration_s=execution.duration_s if execution else None,
        downstream=downstream,
        audits=len(checks),
        failed_audits=len(bad),
        stale=stale,
    )


def _by_status(relatives: tuple[Relative, ...]) -> Mapping[ModelStatus | None, int]:
    return Counter(each.status for each in relatives if each.kind != EXPOSURE)
