"""SQLMesh's console, as events."""

from __future__ import annotations  # the project's Python may be as old as 3.9

import logging
import sys
import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .batches import Batch
from .describe import failure_json
from .values import Span, merged, spans_json, sqlmesh, without

if TYPE_CHECKING:
    from .session import Session

log = logging.getLogger("runroom.bridge")


class ConsoleEvents:
    """SQLMesh's console, as events. Mixed into its NoopConsole, which answers everything else."""

    session: Session
    audit_only = False

    def start_evaluation_progress(
        self, batched_intervals: Mapping[Any, list[Span]], *_: Any, audit_only: bool = False, **__: Any
    ) -> None:
        self.audit_only = audit_only
        self.session.progress.queue(batched_intervals)

    def start_snapshot_evaluation_progress(self, snapshot: Any, *_: Any, **__: Any) -> None:
        batch = self.session.batches.open(snapshot)
        if self.audit_only or not self.session.sees_intervals:
            self.session.progress.begin(batch)

    def update_snapshot_evaluation_progress(
        self, snapshot: Any, interval: Any, batch_idx: int, _duration_ms: int | None, *_: Any, **more: Any
    ) -> None:
        """Called in a `finally`: the error that is on its way up is the batch's own."""
        error = sys.exc_info()[1]
        batch = self.session.batches.close() or Batch(snapshot, started=time.monotonic())
        batch.index, batch.span = batch_idx, (int(interval[0]), int(interval[1]))
        stats = more.get("execution_stats")
        if batch.rows is None and stats is not None:
            batch.rows = stats.total_rows_processed
        duration_s = time.monotonic() - batch.started
        if error is None:
            self.session.progress.end(batch, "succeeded", duration_s, None)
        elif self.session.cancellation.requested:
            self.session.cancellation.interrupted.append(batch)
            self.session.progress.end(batch, "cancelled", duration_s, None)
        else:
            self.session.progress.end(batch, "failed", duration_s, failure_json(error, batch.sql))

    def stop_evaluation_progress(self, success: bool = True) -> None:
        self.session.progress.finish(success)

    def log_skipped_models(self, snapshot_names: Iterable[str]) -> None:
        self.session.progress.skip(snapshot_names)

    def log_failed_models(self, errors: Iterable[Any]) -> None:
        """Comes after the evaluation; adds the failures that no batch has reported (creation of tables, say)."""
        for error in errors:
            node = error.node
            name = node[0] if isinstance(node, tuple) else getattr(node, "snapshot_name", None) or node.name
            self.session.progress.fail(name, failure_json(error.__cause__ or error, None))

    def update_signal_progress(
        self,
        snapshot: Any,
        signal_name: str,
        signal_idx: int,
        total_signals: int,
        ready_intervals: Iterable[Span],
        check_intervals: Iterable[Span],
        duration: float,
    ) -> None:
        ready, checked = merged(ready_intervals), merged(check_intervals)
        self.session.emitter.emit(
            "signal",
            model=snapshot.name,
            name=snapshot.node.name,
            signal=signal_name,
            index=signal_idx + 1,
            total=total_signals,
            ready=spans_json(ready),
            waiting=spans_json(without(checked, ready)),
            duration_s=round(duration, 3),
        )

    def start_creation_progress(self, snapshots: Any, *_: Any, **__: Any) -> None:
        self._start_phase("physical", snapshots)

    def update_creation_progress(self, snapshot: Any, *_: Any, **__: Any) -> None:
        self._advance_phase("physical", snapshot)
        self.session.cancellation.check()

    def stop_creation_progress(self, success: bool = True) -> None:
        self._stop_phase("physical", success)

    def start_promotion_progress(self, snapshots: Any, *_: Any, **__: Any) -> None:
        self._start_phase("promotion", snapshots)

    def update_promotion_progress(self, snapshot: Any, *_: Any, **__: Any) -> None:
        self._advance_phase("promotion", snapshot)

    def stop_promotion_progress(self, success: bool = True) -> None:
        self._stop_phase("promotion", success)

    def log_test_results(self, result: Any, *_: Any, **__: Any) -> None:
        broken = [("failed", *each) for each in result.failures] + [("error", *each) for each in result.errors]
        self.session.emitter.emit(
            "tests",
            ran=result.testsRun,
            passed=result.testsRun - len(broken),
            failed=len(result.failures),
            errors=len(result.errors),
            successful=result.wasSuccessful(),
            failures=[{"test": str(test), "status": status, "text": text} for status, test, text in broken],
        )

    def show_linter_violations(self, violations: Iterable[Any], model: Any, is_error: bool = False, **_: Any) -> None:
        for violation in violations:
            text = f"{violation.rule.name}: {violation.violation_msg}"
            self.session.emitter.notice("error" if is_error else "warning", text, model=model.fqn, linter=True)

    def log_destructive_change(self, snapshot_name: str, *_: Any, error: bool = True, **__: Any) -> None:
        self._schema_change(snapshot_name, "drops data", error)

    def log_additive_change(self, snapshot_name: str, *_: Any, error: bool = True, **__: Any) -> None:
        self._schema_change(snapshot_name, "adds columns", error)

    def log_error(self, message: str, *_: Any, **__: Any) -> None:
        self.session.emitter.notice("error", message)
        log.error(message)

    def log_warning(self, short_message: str, long_message: str | None = None, *_: Any, **__: Any) -> None:
        log.warning(long_message or short_message)
        batch = self.session.batches.current()
        if batch and any(f"'{name}' audit error" in short_message for name in batch.failed_audits):
            return  # told as an audit
        self.session.warnings.append(short_message)
        self.session.emitter.notice("warning", short_message)

    def log_status_update(self, message: str, *_: Any, **__: Any) -> None:
        log.info(message)

    def log_success(self, message: str, *_: Any, **__: Any) -> None:
        log.info(message)

    def _schema_change(self, model: str, effect: str, error: bool) -> None:
        text = f"A forward-only change of {model} {effect} in its existing table."
        self.session.emitter.notice("error" if error else "warning", text, model=model)

    def _start_phase(self, phase: str, snapshots: Any) -> None:
        total = snapshots if isinstance(snapshots, int) else len(snapshots)
        self.session.phases[phase] = (0, total)
        self.session.emitter.emit("phase", phase=phase, state="started", done=0, total=total)

    def _advance_phase(self, phase: str, snapshot: Any) -> None:
        done, total = self.session.phases.get(phase, (0, 0))
        self.session.phases[phase] = (done + 1, total)
        self.session.emitter.emit(
            "phase", phase=phase, state="progress", done=done + 1, total=total, model=snapshot.name
        )

    def _stop_phase(self, phase: str, success: bool) -> None:
        if phase in self.session.phases:
            done, total = self.session.phases.pop(phase)
            self.session.emitter.emit("phase", phase=phase, state="finished", done=done, total=total, success=success)


def make_console(session: Session) -> Any:
    console = type("SessionConsole", (ConsoleEvents, sqlmesh("core.console").NoopConsole), {})()
    console.session = session
    return console
