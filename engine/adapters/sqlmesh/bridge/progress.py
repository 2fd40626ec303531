"""How far an evaluation is: models queued, begun, ended, skipped."""

from __future__ import annotations  # the project's Python may be as old as 3.9

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .batches import Batch
from .definitions import Definitions
from .emitter import Emitter
from .values import EXIT_FAILED, Outcome, Span, spans_json


@dataclass
class ModelProgress:
    snapshot: Any
    batches: int
    done: int = 0
    rows: int | None = None
    started: float | None = None
    ended: bool = False


class Progress:
    """Follows the queued models and says when each begins, ends, fails or is skipped."""

    def __init__(self, emitter: Emitter, definitions: Definitions) -> None:
        self._emitter = emitter
        self._definitions = definitions
        self._lock = threading.RLock()
        self._models: dict[str, ModelProgress] = {}
        self._done_batches = 0
        self._known: dict[str, Any] = {}
        self.failed: set[str] = set()
        self.warned_audits = 0

    @property
    def total_batches(self) -> int:
        return sum(entry.batches for entry in self._models.values())

    def know(self, snapshots: Iterable[Any]) -> None:
        """Takes in the whole graph, so that the cause of a skip can be found through models without work."""
        for snapshot in snapshots:
            self._known[snapshot.name] = snapshot
        self._definitions.know(self._known.values())

    def queue(self, batched: Mapping[Any, list[Span]]) -> None:
        with self._lock:
            self._models = {each.name: ModelProgress(each, len(spans)) for each, spans in batched.items() if spans}
            self._done_batches = 0
        for name, entry in self._models.items():
            node = entry.snapshot.node
            node_type = "model" if entry.snapshot.is_model else "audit"
            self._emitter.emit("model_queued", model=name, name=node.name, node_type=node_type, batches=entry.batches)
        self._phase("started")

    def begin(self, batch: Batch) -> None:
        entry = self._entry(batch.snapshot)
        with self._lock:
            batch.total = entry.batches
            if entry.started is None:
                entry.started = batch.started
        self._emitter.emit(
            "batch_started", reloads=spans_json(batch.reloads), transactional=batch.transactional, **batch.describe()
        )

    def end(self, batch: Batch, status: str, duration_s: float, failure: dict[str, Any] | None) -> None:
        """`status` is succeeded, failed or cancelled; `failure` says why it failed."""
        audits = {"passed": batch.passed, "failed": len(batch.failed_audits)}
        self._emitter.emit(
            "batch_finished",
            status=status,
            rows=batch.rows,
            duration_s=round(duration_s, 3),
            audits=audits,
            **(failure or {}),
            **batch.describe(),
        )
        entry = self._entry(batch.snapshot)
        with self._lock:
            entry.done += 1
            self._done_batches += 1
            if batch.rows is not None:
                entry.rows = (entry.rows or 0) + batch.rows
        self._phase("progress")
        if status != "succeeded":
            self.end_model(batch.snapshot, status, failure)
        elif entry.done >= entry.batches:
            self.end_model(batch.snapshot, status, None)

    def end_model(self, snapshot: Any, status: str, failure: dict[str, Any] | None) -> None:
        """Says once how the model ended. After a failure the models that depend on it are known to be skipped."""
        entry = self._entry(snapshot)
        with self._lock:
            if entry.ended:
                return
            entry.ended = True
            if status == "failed":
                self.failed.add(snapshot.name)
        duration_s = None if entry.started is None else round(time.monotonic() - entry.started, 3)
        self._emitter.emit(
            "model_finished",
            model=snapshot.name,
            name=snapshot.node.name,
            status=status,
            rows=entry.rows,
            duration_s=duration_s,
            statement=self._definitions.last_statement(snapshot.name),
            **(failure or {}),
        )
        if status == "failed":
            self.skip(name for name in list(self._models) if self._causes(name))

    def fail(self, name: str, failure: dict[str, Any]) -> None:
        """A failure by name alone, told unless it was told before."""
        snapshot = self._known.get(name)
        if snapshot is None:
            self.failed.add(name)
            self._emitter.notice("error", f"{name}: {failure['error']}", model=name)
        else:
            self.end_model(snapshot, "failed", failure)

    def skip(self, names: Iterable[str]) -> None:
        for name in names:
            entry = self._models.get(name)
            with self._lock:
                if entry is None or entry.ended:
                    continue
                entry.ended = True
            self._emitter.emit(
                "model_skipped", model=name, name=entry.snapshot.node.name, cause=sorted(self._causes(name))
            )

    def finish(self, success: bool) -> None:
        self._phase("finished", success=success)

    def failure(self) -> Outcome | None:
        """The command's outcome when models failed."""
        failed = sorted(name.replace('"', "") for name in self.failed)
        if not failed:
            return None
        count = "1 model failed" if len(failed) == 1 else f"{len(failed)} models failed"
        return Outcome("failed", f"{count}: {', '.join(failed)}", EXIT_FAILED)

    def counts(self) -> dict[str, int]:
        return {"failed_models": len(self.failed), "warned_audits": self.warned_audits}

    def _entry(self, snapshot: Any) -> ModelProgress:
        with self._lock:
            return self._models.setdefault(snapshot.name, ModelProgress(snapshot, 1))

    def _causes(self, name: str) -> set[str]:
        """The failed models upstream of `name`."""
        found: set[str] = set()
        seen = {name}
        waiting = self._parents(name)
        while waiting:
            parent = waiting.pop()
            if parent in seen:
                continue
            seen.add(parent)
            if parent in self.failed:
                found.add(parent)
            waiting += self._parents(parent)
        return found

    def _parents(self, name: str) -> list[str]:
        snapshot = self._known.get(name)
        return [parent.name for parent in snapshot.parents] if snapshot else []

    def _phase(self, state: str, **fields: Any) -> None:
        self._emitter.emit(
            "phase", phase="evaluation", state=state, done=self._done_batches, total=self.total_batches, **fields
        )
