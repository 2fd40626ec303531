"""Why a run is red: its root causes, and what each of them took down. Values in, values out.

A root cause is a failed node without a failed ancestor: a model, or an audit that blocks what rests on its model.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from store.error_text import error_line
from store.lineage.graph import EXPOSURE, Lineage, lineage_of
from store.lineage.reach import downstream_counts
from store.models import Audit, ModelExecution
from store.reads import StoreReader
from store.run_failures import FAILED_AUDITS
from store.run_record import RunRecord, read_record
from store.status import AuditStatus, ModelStatus
from store.streaks import FailingSince
from store.wording import counted

CasualtyKind = Literal["model", "audit", "exposure"]


@dataclass(frozen=True, slots=True)
class Casualty:
    """A node that a root cause took down. `distance` counts edges from the cause, `downstream` what rests on it."""

    kind: CasualtyKind
    node: str
    name: str
    distance: int
    downstream: int


@dataclass(frozen=True, slots=True)
class RootCause:
    """A failed node without failed ancestors. `model` is the audited model where an audit failed, else the node.

    `error` is the tool's whole text, `why` its one line that matters. `since` tells the first run in which it failed
    like this without a success in between. What it took down has the most consequential first.
    """

    kind: Literal["model", "audit"]
    node: str
    name: str
    model: str | None
    error: str
    why: str
    downstream: int
    at: datetime | None = None
    skipped: tuple[Casualty, ...] = ()
    audits: tuple[Casualty, ...] = ()
    exposures: tuple[Casualty, ...] = ()
    since: FailingSince | None = None

    @property
    def took_down(self) -> tuple[Casualty, ...]:
        """Skipped models, then audits that were not executed, then exposures."""
        return (*self.skipped, *self.audits, *self.exposures)

    def sentence(self) -> str:
        """What it took down: `14 skipped → 2 audits → 3 exposures`; empty for nothing."""
        return _chain(len(self.skipped), len(self.audits), len(self.exposures))


@dataclass(frozen=True, slots=True)
class RunCauses:
    """The root causes of a run, the one that took down most first."""

    roots: tuple[RootCause, ...] = ()
    skipped: frozenset[str] = field(default_factory=frozenset)
    audits: frozenset[str] = field(default_factory=frozenset)
    exposures: frozenset[str] = field(default_factory=frozenset)

    @property
    def cone(self) -> frozenset[str]:
        """The models that failed at the root or were skipped because of it, with the exposures behind them."""
        return frozenset(root.node for root in self.roots if root.kind == "model") | self.skipped | self.exposures

    def sentence(self) -> str:
        """`1 root cause → 14 skipped → 3 exposures`; empty where no node failed."""
        if not self.roots:
            return ""
        fallen = _chain(len(self.skipped), len(self.audits), len(self.exposures))
        return " → ".join(part for part in (counted(len(self.roots), "root cause"), fallen) if part)


def find_causes(record: RunRecord, lineage: Lineage, since: Mapping[str, FailingSince] | None = None) -> RunCauses:
    """The root causes of the run with what they took down; `since` as `read_failing_since` gives it."""
    counts = downstream_counts(lineage)
    failed = _failed_models(record)
    below_failed = lineage.cone(child for node in failed for child in lineage.children.get(node, ()))
    told = since or {}
    roots = [
        _of_model(
            record.models[node], _fall(node, lineage.children.get(node, ()), record, lineage, counts), counts, told
        )
        for node in failed
        if node not in below_failed
    ]
    for audit in _failed_audits(record):
        checked = _checked(audit, lineage)
        if not any(node in below_failed or node in failed for node in checked):
            begin = _gated(audit.audit, checked, record, lineage)
            fall = _fall(audit.audit, begin, record, lineage, counts)
            roots.append(_of_audit(audit, fall, max((counts.get(node, 0) for node in checked), default=0), told))
    roots.sort(key=lambda root: (-len(root.skipped), -len(root.took_down), -root.downstream, root.name))
    return RunCauses(
        roots=tuple(roots),
        skipped=_union(root.skipped for root in roots),
        audits=_union(root.audits for root in roots),
        exposures=_union(root.exposures for root in roots),
    )


async def read_causes(reader: StoreReader, run_id: int) -> tuple[RunRecord, RunCauses]:
    """The run with its root causes, since when each fails included. Raises RunNotFound, StoreError."""
    record = await read_record(reader, run_id)
    lineage = lineage_of(await reader.graph(run_id), record.models.values())
    return record, find_causes(record, lineage, await read_failing_since(reader, record))


async def read_failing_since(reader: StoreReader, record: RunRecord) -> Mapping[str, FailingSince]:
    """For every failed model and audit of the run, since which run it fails. Raises StoreError."""
    models = _failed_models(record)
    audits = [audit.audit for audit in _failed_audits(record)]
    return await reader.failing_since(record.run, models=models, audits=audits)


def _failed_models(record: RunRecord) -> list[str]:
    return [node for node, model in record.models.items() if model.status is ModelStatus.FAILED]


def _failed_audits(record: RunRecord) -> list[Audit]:
    """Each failed blocking audit once, whatever the number of intervals that it failed for."""
    failed = {
        audit.audit: audit for audit in record.audits.values() if audit.blocking and audit.status in FAILED_AUDITS
    }
    return list(failed.values())


def _checked(audit: Audit, lineage: Lineage) -> Sequence[str]:
    if audit.model is not None:
        return (audit.model,)
    return [node for node, checks in lineage.audits.items() if any(each.audit == audit.audit for each in checks)]


def _gated(audit: str, checked: Iterable[str], record: RunRecord, lineage: Lineage) -> list[str]:
    """The models that the tool says it skipped because of this audit, and what rests on the audited without a run."""
    skipped = [node for node, model in record.models.items() if model.cause == audit]
    beside = [child for node in checked for child in lineage.children.get(node, ()) if child not in record.models]
    return [*skipped, *beside]


@dataclass(frozen=True, slots=True)
class _Fall:
    skipped: tuple[Casualty, ...]
    audits: tuple[Casualty, ...]
    exposures: tuple[Casualty, ...]


def _fall(root: str, begin: Iterable[str], record: RunRecord, lineage: Lineage, counts: Mapping[str, int]) -> _Fall:
    """What fell with the root: everything below it, through all that was not built after it."""
    distances = _unbuilt(begin, record, lineage)
    skipped = [node for node in distances if _status(record, node) is ModelStatus.SKIPPED]
    exposures = [node for node in distances if node in lineage.nodes and lineage.nodes[node].kind == EXPOSURE]
    unchecked = {root, *skipped}
    audits = {
        audit.audit: distances.get(audit.model or "", 0) + 1
        for audit in record.audits.values()
        if audit.status is AuditStatus.SKIPPED and (audit.model in unchecked or audit.cause in unchecked)
    }

    def ranked(kind: CasualtyKind, found: Iterable[tuple[str, int]]) -> tuple[Casualty, ...]:
        fallen = [Casualty(kind, node, record.name_of(node), away, counts.get(node, 0)) for node, away in found]
        return tuple(sorted(fallen, key=lambda each: (-each.downstream, each.distance, each.name)))

    return _Fall(
        skipped=ranked("model", ((node, distances[node]) for node in skipped)),
        audits=ranked("audit", audits.items()),
        exposures=tuple(
            sorted(
                (Casualty("exposure", node, lineage.name_of(node), distances[node], 0) for node in exposures),
                key=lambda each: (each.distance, each.name),
            )
        ),
    )


def _unbuilt(begin: Iterable[str], record: RunRecord, lineage: Lineage) -> Mapping[str, int]:
    """The nodes below with their distance; a node that was built all the same shields what rests on it alone."""
    found: dict[str, int] = {}
    ring, distance = list(begin), 0
    while ring:
        distance += 1
        ring = [node for node in dict.fromkeys(ring) if node not in found and not _was_built(record, node)]
        found.update((node, distance) for node in ring)
        ring = [child for node in ring for child in lineage.children.get(node, ())]
    return found


def _status(record: RunRecord, node: str) -> ModelStatus | None:
    model = record.models.get(node)
    return None if model is None else model.status


def _was_built(record: RunRecord, node: str) -> bool:
    return _status(record, node) is ModelStatus.SUCCEEDED


def _of_model(
    model: ModelExecution, fall: _Fall, counts: Mapping[str, int], since: Mapping[str, FailingSince]
) -> RootCause:
    return RootCause(
        kind="model",
        node=model.model,
        name=model.name,
        model=model.model,
        error=model.error or "",
        why=error_line(model.error),
        downstream=counts.get(model.model, 0),
        at=model.finished_at,
        skipped=fall.skipped,
        audits=fall.audits,
        exposures=fall.exposures,
        since=since.get(model.model),
    )


def _of_audit(audit: Audit, fall: _Fall, downstream: int, since: Mapping[str, FailingSince]) -> RootCause:
    rows = counted(audit.failures, "failing row") if audit.failures else ""
    why = ": ".join(part for part in (rows, error_line(audit.error)) if part)
    return RootCause(
        kind="audit",
        node=audit.audit,
        name=audit.name,
        model=audit.model,
        error=audit.error or "",
        why=why,
        downstream=downstream,
        at=audit.finished_at,
        skipped=fall.skipped,
        audits=fall.audits,
        exposures=fall.exposures,
        since=since.get(audit.audit),
    )


def _union(groups: Iterable[tuple[Casualty, ...]]) -> frozenset[str]:
    return frozenset(each.node for group in groups for each in group)


def _chain(skipped: int, audits: int, exposures: int) -> str:
    parts = (
        f"{skipped} skipped" if skipped else "",
        f"{counted(audits, 'audit')} not executed" if audits else "",
        counted(exposures, "exposure") if exposures else "",
    )
    return " → ".join(part for part in parts if part)
