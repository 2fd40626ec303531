"""Turns dbt's events, one by one, into run-protocol events.

It rests on the few event codes that dbt 1.8 to 1.11 and dbt 2 have in common: Q011 (a node starts), Q025 (a node
finished), Q034 (a node is skipped), Q032 and Q033 (hooks), with the result lines Q012, Q015, Q016, Q007 and Q019 for
nodes whose Q025 never came.

What did not end by itself ends in `finish`: models that were being built when the run was stopped are cancelled and
interrupted, models that had not begun are cancelled. When dbt itself gave up, the former have failed (and are
interrupted) and the latter are skipped. Audits that never began are not mentioned: nothing was checked.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.adapters.dbt.batches import Batches, failure_of, progress_of
from engine.adapters.dbt.compiled import CompiledFiles
from engine.adapters.dbt.ledger import Ledger, Stage, audits_by_parent, cause_of
from engine.adapters.dbt.manifest import AUDIT_KINDS, MODEL_KINDS, Manifest, kind_of
from engine.adapters.dbt.results import (
    Ending,
    audit_finished,
    audit_status,
    freshness_finished,
    model_finished,
    model_status,
    result_of_line,
)
from engine.adapters.dbt.summary import Summary
from engine.adapters.dbt.tool_event import SELECTED_NODES, STORED_FAILURES, ToolEvent, text
from engine.adapters.samples import audit_sampled
from store.clock import Clock
from store.events import (
    AnyEvent,
    Graph,
    ModelFinished,
    ModelQueued,
    ModelStarted,
    Notice,
    PackagesFound,
    ToolIdentified,
)
from store.status import AuditStatus, ModelStatus

_RESULT_LINES = frozenset({"Q007", "Q012", "Q015", "Q016", "Q019", "Q034", "Q047"})
_FIRST_SIGNS_OF_WORK = frozenset({"Q011", "Q018", "Q024", "Q025", "Q032", "Q034"})
_GOOD_RESULTS = frozenset({"success", "pass", "warn", "cancelled"})
_GOOD_HOOK = frozenset({"success", "skipped", "ok", "pass"})


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the reducer may ask of the world around it."""

    clock: Clock
    compiled: CompiledFiles
    manifest: Callable[[str | None], Manifest | None]
    """The manifest of the invocation with this id, once it can be read."""
    stopping: Callable[[], bool]
    """Whether a stop was asked for."""


class Reducer:
    """Follows one dbt command. `already_selected` are the nodes that earlier commands of the run selected."""

    def __init__(self, around: Surroundings, already_selected: Iterable[str] = ()) -> None:
        self._around = around
        self._ledger = Ledger()
        self._manifest = Manifest()
        self._audits_of: dict[str, list[str]] = {}
        self._expected: list[str] = []
        self._announced = False
        self._has_graph = False
        self._result_lines: dict[str, ToolEvent] = {}
        self._open_hooks: dict[str, ToolEvent] = {}
        self._failures: dict[str, str] = {}
        self._batches = Batches()
        self.selected = frozenset(already_selected)
        self.invocation: str | None = None
        self.summary = Summary()

    def expect(self, nodes: Iterable[str]) -> None:
        """Says beforehand what the command will select, for a dbt that does not tell it while it runs."""
        self._expected = list(nodes)

    def look_on(self, event: ToolEvent) -> list[AnyEvent]:
        """What an event means of a command whose nodes are none of the run's: it only reads the project."""
        self.invocation = event.invocation or self.invocation
        self.summary.hear(event)
        return self._identified(event)

    def _identified(self, event: ToolEvent) -> list[AnyEvent]:
        """Which dbt this is, or which adapter of a database; dbt writes versions as requirements: `=1.11.1`."""
        at, said = self._time(event), event.data
        if event.code == "A001" and (version := text(said.get("version"))):
            return [ToolIdentified(ts=at, tool="dbt", version=version.lstrip("="))]
        name, version = text(said.get("adapter_name")), text(said.get("adapter_version"))
        if event.code == "E034" and name and version:
            return [PackagesFound(ts=at, versions={f"dbt-{name}": version.lstrip("=")})]
        return []

    def reduce(self, event: ToolEvent) -> list[AnyEvent]:
        """What this event means for the run. Never raises, whatever the event holds."""
        events = self.look_on(event)
        if event.name == SELECTED_NODES:
            nodes = event.data.get("nodes")
            self._expected = [node for node in nodes if isinstance(node, str)] if isinstance(nodes, list) else []
            return [*events, *self._announce()]
        if event.name == STORED_FAILURES and event.node:
            return [*events, *audit_sampled(event.node, event.data, self._time(event))]
        if event.code in _FIRST_SIGNS_OF_WORK:
            events += self._announce()
        if event.code in _RESULT_LINES and event.node:
            self._result_lines[event.node] = event
        self._batches.hear(event)
        failure = failure_of(event)
        if failure:
            self._failures[failure[0]] = failure[1]
        return events + self._reduce_work(event)

    def show(self, nodes: Iterable[str]) -> list[AnyEvent]:
        """The graph with these nodes selected, for a command that is only planned."""
        self.expect(nodes)
        return self._learn()

    def finish(self, results: Mapping[str, Mapping[str, Any]], crashed: bool = False) -> list[AnyEvent]:
        """The command is over. `results` is dbt's run_results by unique id: its last word on each node.

        `crashed` means that dbt did not end by itself.
        """
        events = self._learn()
        for node, event in self._result_lines.items():
            if node not in results and self._ledger.stage(node) is not Stage.ENDED:
                events += self._end(node, result_of_line(event), self._time(event))
        for node, result in results.items():
            if self._is_news(node, text(result.get("status"))):
                events += self._end(node, result, self._around.clock())
        events += self._batches.with_intervals(results)
        for node, stage in self._ledger.open_nodes():
            events += self._abandon(node, stage, crashed)
        if not self._around.stopping():
            # dbt 1.8 is silent about the end of a hook that fails.
            for hook in self._open_hooks.values():
                events += self._fail_hook(hook)
        return events

    def _is_news(self, node: str, status: str | None) -> bool:
        """Whether dbt's last word on the node goes beyond what its events said.

        When it fails fast it calls all nodes skipped whose results it did not wait for, even if they had succeeded.
        """
        known = self._ledger.result(node)
        return known != status and not (status == "skipped" and known in _GOOD_RESULTS)

    # What is selected

    def _announce(self) -> list[AnyEvent]:
        """The graph as soon as it can be read and, once, everything that is going to be executed."""
        events = self._learn()
        if self._announced:
            return events
        self._announced = True
        for node in self._manifest.in_order(self._expected):
            if not self._manifest.is_ephemeral(node):
                self._ledger.queue(node)
                if kind_of(node) in MODEL_KINDS:
                    events.append(ModelQueued(ts=self._around.clock(), model=node))
        return events

    def _learn(self) -> list[AnyEvent]:
        manifest = None if self._has_graph else self._around.manifest(self.invocation)
        if manifest is None:
            return []
        self._has_graph = True
        self._manifest = manifest
        self._audits_of = audits_by_parent(manifest)
        work = (node for node in self._expected if kind_of(node) in MODEL_KINDS | AUDIT_KINDS)
        self.selected |= {node for node in work if not manifest.is_ephemeral(node)}
        nodes, audits = manifest.graph_nodes(self.selected), manifest.graph_audits(self.selected)
        return [Graph(ts=self._around.clock(), nodes=nodes, audits=audits)]

    # What happens to nodes

    def _reduce_work(self, event: ToolEvent) -> list[AnyEvent]:
        match event.code:
            case "Q011":
                return self._start(event)
            case "Q025":
                return self._finish_node(event)
            case "Q032":
                self._open_hooks[_hook_name(event)] = event
            case "Q033":
                return self._end_hook(event)
            case "Q018":
                return self._freshness(event)
            case "Q035":
                return [Notice(ts=self._time(event), level="warning", text=event.text)]
            case "Q045" | "Q046":
                progress = progress_of(event, self._time(event))
                return [progress] if progress else []
        return []

    def _start(self, event: ToolEvent) -> list[AnyEvent]:
        node = event.node
        if node is None or not self._ledger.start(node) or kind_of(node) not in MODEL_KINDS:
            return []
        return [ModelStarted(ts=self._time(event), model=node, thread=event.thread)]

    def _finish_node(self, event: ToolEvent) -> list[AnyEvent]:
        # dbt keeps no result of an ephemeral model either, unless it is what failed.
        is_silent = event.materialized == "ephemeral" and event.result.get("status") != "error"
        if event.node is None or is_silent or self._batches.is_of_a_batch(event):
            return []
        return self._end(event.node, event.result, self._time(event))

    def _end(self, node: str, result: Mapping[str, Any], at: datetime) -> list[AnyEvent]:
        status = text(result.get("status")) or "error"
        was_running = self._ledger.stage(node) is Stage.RUNNING
        stopped = status == "error" and was_running and self._around.stopping()
        self._ledger.end(node, "cancelled" if stopped else status)
        ending = Ending(
            node=node,
            at=at,
            status=status,
            said=result,
            stopped=stopped,
            unfinished=was_running and status == "skipped",
            cause=self._cause(node) if status == "skipped" else None,
            failure=self._failures.get(node),
        )
        return self._ended(ending)

    def _ended(self, ending: Ending) -> list[AnyEvent]:
        name = self._manifest.name(ending.node)
        if kind_of(ending.node) in MODEL_KINDS:
            self.summary.note_model(name, model_status(ending) is ModelStatus.FAILED)
            finished = model_finished(ending, self._manifest, self._around.compiled)
            self._batches.remember(finished)
            return [finished]
        if kind_of(ending.node) in AUDIT_KINDS:
            self.summary.note_audit(name, self._is_failure(ending))
            return [audit_finished(ending, self._manifest, self._around.compiled)]
        return []

    def _is_failure(self, ending: Ending) -> bool:
        status = audit_status(ending)
        return status is AuditStatus.ERROR or (status is AuditStatus.FAILED and self._manifest.is_blocking(ending.node))

    def _abandon(self, node: str, stage: Stage, crashed: bool) -> list[AnyEvent]:
        if kind_of(node) not in MODEL_KINDS:
            return []
        running, stopping = stage is Stage.RUNNING, self._around.stopping()
        failed = running and not stopping
        not_begun = ModelStatus.CANCELLED if stopping or crashed else ModelStatus.SKIPPED
        status = ModelStatus.FAILED if failed else ModelStatus.CANCELLED if running else not_begun
        self._ledger.end(node, status.value)
        self.summary.note_model(self._manifest.name(node), failed)
        error = "dbt ended while it was building this." if failed else None
        return [ModelFinished(ts=self._around.clock(), model=node, status=status, error=error, interrupted=running)]

    def _cause(self, node: str) -> str | None:
        return cause_of(node, self._ledger, self._manifest, self._audits_of)

    # What happens besides nodes

    def _end_hook(self, event: ToolEvent) -> list[AnyEvent]:
        status = text(event.data.get("status")) or ""
        self._open_hooks.pop(_hook_name(event), None)
        return [] if status.lower() in _GOOD_HOOK else self._fail_hook(event)

    def _fail_hook(self, event: ToolEvent) -> list[AnyEvent]:
        name = _hook_name(event)
        self.summary.failed_hooks.append(name)
        return [Notice(ts=self._time(event), level="error", text=f"The hook {name} failed.")]

    def _freshness(self, event: ToolEvent) -> list[AnyEvent]:
        finished = freshness_finished(event, self._time(event))
        if finished is None:
            return []
        self.summary.note_audit(finished.name, finished.status in (AuditStatus.FAILED, AuditStatus.ERROR))
        return [finished]

    def _time(self, event: ToolEvent) -> datetime:
        return event.at or self._around.clock()


def _hook_name(event: ToolEvent) -> str:
    return text(event.data.get("statement")) or event.node_name or "?"
