"""Where each node of one dbt command stands, and which failure made a node skip."""

from collections.abc import Iterable
from enum import Enum, auto

from engine.adapters.dbt.manifest import AUDIT_KINDS, Manifest, kind_of


class Stage(Enum):
    """How far a node has come."""

    QUEUED = auto()
    RUNNING = auto()
    ENDED = auto()


class Ledger:
    """The nodes that the command selected or touched, each with its stage and, once it ended, dbt's status word."""

    def __init__(self) -> None:
        self._stages: dict[str, Stage] = {}
        self._results: dict[str, str] = {}

    def stage(self, node: str) -> Stage | None:
        """The node's stage; None for one that nobody spoke of."""
        return self._stages.get(node)

    def result(self, node: str) -> str | None:
        """dbt's status word for a node that ended."""
        return self._results.get(node)

    def queue(self, node: str) -> None:
        """The command is going to execute this node."""
        self._stages.setdefault(node, Stage.QUEUED)

    def start(self, node: str) -> bool:
        """The node is being executed. False when that was known, or when it has ended already."""
        if self._stages.get(node) in (Stage.RUNNING, Stage.ENDED):
            return False
        self._stages[node] = Stage.RUNNING
        return True

    def end(self, node: str, result: str) -> None:
        """The node ended with this status word."""
        self._stages[node] = Stage.ENDED
        self._results[node] = result

    def open_nodes(self) -> list[tuple[str, Stage]]:
        """The nodes that have not ended."""
        return [(node, stage) for node, stage in self._stages.items() if stage is not Stage.ENDED]

    def nodes_with(self, *results: str) -> list[str]:
        """The nodes that ended so, in the order of their ends."""
        return [node for node, result in self._results.items() if result in results]


_BROKEN = frozenset({"error", "fail", "partial success", "runtime error"})


def cause_of(node: str, ledger: Ledger, manifest: Manifest, audits_of: dict[str, list[str]]) -> str | None:
    """The nearest failure upstream of a skipped node, going up generation by generation.

    In each generation a failed model goes before a failed audit of one. `audits_of` are the audits by what they check.
    """
    own = [audit for audit in audits_of.get(node, ()) if kind_of(audit) == "unit_test"]
    seen, generation = {node}, list(manifest.parents(node))
    found = _first_broken(own, ledger)
    while found is None and generation:
        audits = [audit for parent in generation for audit in audits_of.get(parent, ()) if audit != node]
        found = _first_broken([*generation, *audits], ledger)
        seen.update(generation)
        above = (grandparent for parent in generation for grandparent in manifest.parents(parent))
        generation = list(dict.fromkeys(parent for parent in above if parent not in seen))
    return found


def _first_broken(candidates: Iterable[str], ledger: Ledger) -> str | None:
    return next((candidate for candidate in candidates if ledger.result(candidate) in _BROKEN), None)


def audits_by_parent(manifest: Manifest) -> dict[str, list[str]]:
    """All audits of the project by each node that they check."""
    found: dict[str, list[str]] = {}
    for audit in manifest.nodes:
        if kind_of(audit) in AUDIT_KINDS:
            for parent in manifest.parents(audit):
                found.setdefault(parent, []).append(audit)
    return found
