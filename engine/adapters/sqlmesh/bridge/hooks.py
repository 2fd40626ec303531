"""Wrappers around the methods of SQLMesh that know what its console is not told."""

from __future__ import annotations  # the project's Python may be as old as 3.9

import contextlib
import functools
import inspect
import re
import time
from collections.abc import Callable, Mapping
from concurrent.futures import InvalidStateError
from typing import TYPE_CHECKING, Any

from .batches import Batch
from .describe import audit_arguments, audit_blocks, failure_json, next_due
from .samples import failing_rows
from .values import error_text, overlap, span_json, sqlmesh, utc_now

if TYPE_CHECKING:
    from .session import Session


COUNTED_STATEMENT = re.compile(
    r"\s*(/\*.*?\*/\s*)?(INSERT|MERGE|CREATE\s+(OR\s+REPLACE\s+)?TABLE\b.*\bAS\b)", re.IGNORECASE | re.DOTALL
)
"""Statements whose count is the model's rows, for versions of SQLMesh that do not say so themselves."""


class Hooks:
    """Wraps the methods of SQLMesh that know what its console is not told.

    Wrapped on the classes, because SQLMesh builds copies of its objects by class name. Each is looked for first;
    what cannot be told where one is missing is named in the session's `degraded`.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self._sees_audits = False
        self._counts_are_marked = False

    def install(self) -> None:
        scheduler = sqlmesh("core.scheduler").Scheduler
        evaluator = sqlmesh("core.snapshot.evaluator").SnapshotEvaluator
        console = sqlmesh("core.console").NoopConsole
        self._wrap(scheduler, "run", self._run, "nothing_due")
        self._wrap(scheduler, "run_merged_intervals", self._run_merged_intervals, "cancel_between_batches")
        self.session.sees_intervals = self._wrap(scheduler, "evaluate", self._evaluate, "interval_at_start")
        self._wrap(evaluator, "evaluate", self._expose, "query_interrupt")
        self._sees_audits = self._wrap(evaluator, "_audit", self._audit, "audit_durations")
        self._wrap(evaluator, "audit", self._audits, "audits")
        self._wrap(evaluator, "create_snapshot", self._create, "creation_errors_at_once")
        executor = sqlmesh("utils.concurrency").ConcurrentDAGExecutor
        self._wrap(executor, "_process_node", self._process_node, "cancel_of_threads")
        self._install_on_adapters(sqlmesh("core.engine_adapter.base").EngineAdapter)
        if not hasattr(console, "update_signal_progress"):
            self.session.degraded.append("signals")
        update = inspect.signature(console.update_snapshot_evaluation_progress)
        if "execution_stats" not in update.parameters:
            self.session.degraded.append("row_counts_outside_duckdb")

    def _wrap(self, owner: Any, name: str, wrapper: Callable[..., Any], degraded: str) -> bool:
        original = owner.__dict__.get(name)
        if original is None:
            self.session.degraded.append(degraded)
            return False

        @functools.wraps(original)
        def replacement(*args: Any, **kwargs: Any) -> Any:
            return wrapper(original, *args, **kwargs)

        setattr(owner, name, replacement)
        return True

    def _install_on_adapters(self, base: Any) -> None:
        execute = getattr(base, "_execute", None)
        if execute is None:
            self.session.degraded += ["row_counts", "failing_sql", "query_interrupt"]
            return
        self._counts_are_marked = "track_rows_processed" in inspect.signature(execute).parameters
        waiting = [base]
        while waiting:
            adapter = waiting.pop()
            waiting.extend(adapter.__subclasses__())
            if "_execute" in adapter.__dict__:
                self._wrap(adapter, "_execute", self._execute, "row_counts")

    def _run(self, original: Any, scheduler: Any, *args: Any, **kwargs: Any) -> Any:
        snapshots = list(scheduler.snapshots.values())
        self.session.tell_graph((snapshot.node for snapshot in snapshots), with_columns=False)
        status = original(scheduler, *args, **kwargs)
        if status.is_nothing_to_do:
            self.session.emitter.emit("nothing_due", next=next_due(snapshots, utc_now()))
        return status

    def _run_merged_intervals(self, original: Any, scheduler: Any, *args: Any, **kwargs: Any) -> Any:
        self.session.progress.know(scheduler.snapshots.values())
        kwargs["circuit_breaker"] = self._breaker(kwargs.get("circuit_breaker"))
        return original(scheduler, *args, **kwargs)

    def _process_node(self, original: Any, executor: Any, *args: Any, **kwargs: Any) -> None:
        """In older versions only an Exception ends a thread pool, which would wait for ever for a cancelled batch."""
        try:
            original(executor, *args, **kwargs)
        except BaseException as error:  # noqa: BLE001 the thread that waits raises it
            with contextlib.suppress(InvalidStateError):  # another thread was first
                executor._finished_future.set_exception(error)

    def _breaker(self, theirs: Callable[[], bool] | None) -> Callable[[], bool]:
        """SQLMesh's breaker trips when the environment changed; it then waits until the other plan is through."""

        def breaker() -> bool:
            self.session.cancellation.check()
            if theirs is None or not theirs():
                return False
            self.session.require_finalised()
            return True

        return breaker

    def _evaluate(self, original: Any, scheduler: Any, *args: Any, **kwargs: Any) -> Any:
        given = inspect.signature(original).bind(scheduler, *args, **kwargs).arguments
        batch = self.session.batches.current() or self.session.batches.open(given["snapshot"])
        milliseconds = sqlmesh("utils.date").to_timestamp
        adapter = scheduler.snapshot_evaluator.get_adapter(batch.snapshot.model_gateway)
        batch.span = (milliseconds(given["start"]), milliseconds(given["end"]))
        batch.index = given["batch_index"]
        batch.deployable = given["deployability_index"].is_deployable(batch.snapshot)
        batch.transactional = bool(adapter.SUPPORTS_TRANSACTIONS)
        restated = self.session.restated.get(batch.model, [])
        batch.reloads = overlap(batch.span, [*batch.loaded(), *restated])
        self.session.progress.begin(batch)
        self.session.definitions.tell(batch.snapshot)
        try:
            return original(scheduler, *args, **kwargs)
        except Exception:
            self.session.cancellation.check()  # an interrupted query is no failure: leave SQLMesh at once
            raise

    def _expose(self, original: Any, *args: Any, **kwargs: Any) -> Any:
        with self.session.batches.exposed():
            return original(*args, **kwargs)

    def _create(self, original: Any, *args: Any, **kwargs: Any) -> Any:
        batches = self.session.batches
        if batches.current() is not None:
            return original(*args, **kwargs)
        snapshot = inspect.signature(original).bind(*args, **kwargs).arguments["snapshot"]
        batch = batches.open(snapshot)
        batch.creating = True
        self.session.definitions.tell(snapshot)
        try:
            with batches.exposed():
                return original(*args, **kwargs)
        except Exception as error:
            if not self.session.cancellation.requested:
                self.session.progress.end_model(snapshot, "failed", failure_json(error, batch.sql))
            raise
        finally:
            batches.close()

    def _audits(self, original: Any, *args: Any, **kwargs: Any) -> Any:
        with self.session.batches.exposed():
            results = original(*args, **kwargs)
        if not self._sees_audits:
            snapshot = inspect.signature(original).bind(*args, **kwargs).arguments["snapshot"]
            for result in results:
                self._tell_audit(result.audit, result.audit_args, snapshot, result.blocking, result, None)
        return results

    def _audit(self, original: Any, *args: Any, **kwargs: Any) -> Any:
        given = inspect.signature(original).bind(*args, **kwargs).arguments
        audit, arguments, snapshot = given["audit"], given["audit_args"], given["snapshot"]
        blocking = audit_blocks(audit, arguments)
        started = time.monotonic()
        try:
            result = original(*args, **kwargs)
        except Exception as error:
            if not self.session.cancellation.requested:
                self._tell_audit(audit, arguments, snapshot, blocking, error, time.monotonic() - started)
            raise
        duration_s = time.monotonic() - started
        sample = failing_rows(given["self"], snapshot, result.query) if result.count else None
        self._tell_audit(audit, arguments, snapshot, result.blocking, result, duration_s, sample)
        return result

    def _tell_audit(
        self,
        audit: Any,
        arguments: Any,
        snapshot: Any,
        blocking: bool,
        result: Any,
        duration_s: float | None,
        sample: dict[str, Any] | None = None,
    ) -> None:
        """`result` is SQLMesh's AuditResult, or the error of an audit whose query did not run."""
        batch = self.session.batches.current()
        told: dict[str, Any] = {"error": None, "failures": None, "query": None}
        if isinstance(result, Exception):
            told.update(status="error", error=error_text(result), query=batch.sql if batch else None)
        elif result.skipped:
            told.update(status="skipped")
        else:
            query = result.query.sql(dialect=snapshot.node.dialect)
            told.update(status="failed" if result.count else "passed", failures=result.count, query=query)
        self._count_audit(batch, audit.name, told["status"], blocking)
        self.session.emitter.emit(
            "audit",
            audit=audit.name,
            arguments=audit_arguments(arguments),
            model=snapshot.name,
            name=snapshot.node.name,
            blocking=bool(blocking),
            duration_s=None if duration_s is None else round(duration_s, 3),
            interval=span_json(batch.span) if batch and batch.span else None,
            sample=sample,
            **told,
        )

    def _count_audit(self, batch: Batch | None, name: str, status: str, blocking: bool) -> None:
        if status == "failed" and not blocking:
            self.session.progress.warned_audits += 1
        if batch and status == "passed":
            batch.passed += 1
        elif batch and status != "skipped":
            batch.failed_audits.append(name)

    def _execute(self, original: Any, adapter: Any, sql: str, *args: Any, **kwargs: Any) -> Any:
        with self.session.batches.executing(adapter.cursor, sql) as batch:
            result = original(adapter, sql, *args, **kwargs)
            counted = batch is not None and self._is_counted(sql, args, kwargs)
            if batch is not None and counted:
                self.session.definitions.executed(batch.snapshot, sql)
            if batch is not None and counted and adapter.dialect == "duckdb":
                count = adapter.cursor.fetchone()
                if count:
                    batch.rows = (batch.rows or 0) + int(count[0])
            return result

    def _is_counted(self, sql: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> bool:
        if self._counts_are_marked:
            return bool(args[0] if args else kwargs.get("track_rows_processed"))
        return COUNTED_STATEMENT.match(sql) is not None
