"""Runs dbt in the project's own interpreter and tells the worker what happens, as JSON lines on a descriptor.

    python shim.py --events 5 --control 6 -- build --select orders

A file of its own: it imports the standard library and dbt, nothing of Runroom, and keeps to the syntax of
Python 3.8, the oldest under dbt 1.8. Each line is one of dbt's own events as its JSON log has them
(`{"info": …, "data": …}`), plus two of ours: `SelectedNodes`, before the first node starts, and `StoredFailures`, some
of the rows that a failed test stored, before that test ends. The control descriptor takes the line `cancel`; its end of
file means that the worker is gone, and then this whole process group goes too.

The exit code is dbt's own (0 good, 1 nodes failed, 2 anything else), or NO_RUNNER.
"""

from __future__ import annotations

import contextvars
import json
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

NO_RUNNER = 97
"""Exit code: this interpreter has no dbt, or one without `dbtRunner`."""

FATAL = "Z002"
"""MainEncounteredError: what ended dbt before it could judge its nodes."""

# Sent whole, at whatever level dbt logs them; of all others only the text, and only from level info on.
TOLD_WHOLE = frozenset(
    {
        "A001",  # MainReportVersion
        "E034",  # AdapterRegistered
        "Q007",  # LogTestResult
        "Q011",  # LogStartLine
        "Q012",  # LogModelResult
        "Q015",  # LogSnapshotResult
        "Q016",  # LogSeedResult
        "Q018",  # LogFreshnessResult
        "Q019",  # LogNodeNoOpResult
        "Q025",  # NodeFinished
        "Q032",  # LogHookStartLine
        "Q033",  # LogHookEndLine
        "Q034",  # SkippingDetails
        "Q035",  # NothingToDo
        "Q045",  # LogStartBatch
        "Q046",  # LogBatchResult
        "W004",  # GenericExceptionOnRun
        FATAL,
    }
)
_CANCEL_AGAIN_S = 0.5
_SILENT = "debug"
_BEFORE_FIRST_NODE = "execute_with_hooks"
_EXECUTES_A_TEST = "execute"
_FOUND_FAULT = frozenset({"fail", "warn"})
_SAMPLE_ROWS = 20
_LONGEST_VALUE = 200


class Wire:
    """The events descriptor: whole lines from any thread."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.lock = threading.Lock()
        self.told: set[str] = set()

    def tell(self, message: dict[str, Any]) -> None:
        """Writes one line. When nobody listens any more, the control descriptor says so too: nothing to do here."""
        line = memoryview(json.dumps(message, separators=(",", ":"), default=str).encode() + b"\n")
        with self.lock:
            try:
                while line:
                    line = line[os.write(self._descriptor, line) :]
            except BrokenPipeError:
                return


def main(arguments: Sequence[str]) -> int:
    """Runs one dbt command to its end and returns the exit code."""
    events, control, dbt_arguments = _parse(arguments)
    for descriptor in (events, control):
        os.set_inheritable(descriptor, False)
    _leave_own_folder()
    wire = Wire(events)
    stop = _Stop(wire)
    threading.Thread(target=stop.listen, args=(control,), name="control", daemon=True).start()
    try:
        from dbt.cli.main import dbtRunner
    except ImportError as error:
        print(f"No dbtRunner in {sys.executable}: {error}", file=sys.stderr)  # noqa: T201
        return NO_RUNNER
    _tell_selection(wire)
    _tell_stored_failures(wire)
    try:
        stop.allow_interrupt()
        result = dbtRunner(callbacks=[stop.remember_context, _listener(wire)]).invoke(dbt_arguments)
    except KeyboardInterrupt:
        return 2
    finally:
        stop.over.set()
    return _conclude(result, wire)


def _parse(arguments: Sequence[str]) -> tuple[int, int, list[str]]:
    if len(arguments) < 5 or (arguments[0], arguments[2], arguments[4]) != ("--events", "--control", "--"):
        raise SystemExit("usage: shim.py --events N --control N -- ARGUMENTS OF DBT")
    return int(arguments[1]), int(arguments[3]), list(arguments[5:])


def _leave_own_folder() -> None:
    # Python puts a script's folder first in its path, where our `profile.py` would hide the standard library's.
    own = Path(__file__).resolve().parent
    sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != own]


class _Stop:
    """Turns what comes over the control descriptor into signals to this process."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._ready = threading.Event()
        self._context: contextvars.Context | None = None
        self.over = threading.Event()

    def remember_context(self, _: Any) -> None:
        """A callback of dbt: keeps the context variables that its adapters need, as the first event finds them."""
        if self._context is None:
            self._context = contextvars.copy_context()

    def allow_interrupt(self) -> None:
        """From now on dbt can answer to a SIGINT, even where the parent process ignored it."""
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self._ready.set()

    def listen(self, control: int) -> None:
        """Reads the control descriptor to its end."""
        wait = None
        while True:
            if not select.select([control], [], [], wait)[0]:
                self._cancel_again()
                continue
            said = os.read(control, 1024)
            if not said:
                _die_with_group()
            if b"cancel" in said.split():
                self._interrupt()
                wait = _CANCEL_AGAIN_S

    def _cancel_again(self) -> None:
        """Cancels the open queries once more.

        dbt does it once and then waits for its threads. A thread that was between two queries at that moment starts
        its next one unharmed, and dbt would wait for that to its end.
        """
        if self._context is not None and not self.over.is_set():
            self._context.run(_cancel_open_queries)

    def _interrupt(self) -> None:
        if self.over.is_set():
            return
        if not self._ready.is_set():
            # dbt is still being imported: nothing has begun that would have to be wound down.
            os._exit(2)
        main_thread = threading.main_thread().ident
        # With the lock held, the main thread cannot be torn out of the middle of a line.
        with self._wire.lock:
            if main_thread is not None:
                signal.pthread_kill(main_thread, signal.SIGINT)


def _cancel_open_queries() -> None:
    from dbt.adapters.factory import FACTORY

    adapters: dict[str, Any] = dict(FACTORY.adapters)
    for adapter in adapters.values():
        if adapter.is_cancelable():
            try:
                with adapter.connection_named("cancel"):
                    adapter.cancel_open_connections()
            except Exception as error:  # noqa: BLE001
                # Every database has errors of its own; the worker's next rung is SIGTERM.
                print(f"Cancelling queries failed: {error}", file=sys.stderr)  # noqa: T201


def _die_with_group() -> None:
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


def _listener(wire: Wire) -> Callable[[Any], None]:
    from dbt_common.events.functions import msg_to_dict

    def listen(message: Any) -> None:
        wire.told.add(message.info.code)
        if message.info.code in TOLD_WHOLE:
            wire.tell(msg_to_dict(message))
        elif message.info.level != _SILENT:
            wire.tell(_text_of(message))

    return listen


def _text_of(message: Any) -> dict[str, Any]:
    info = message.info
    told: dict[str, Any] = {"info": {"code": info.code, "name": info.name, "level": info.level, "msg": info.msg}}
    node = getattr(message.data, "node_info", None)
    if node is not None and node.node_name:
        told["data"] = {"node_info": {"node_name": node.node_name, "unique_id": node.unique_id}}
    return told


def _tell_selection(wire: Wire) -> None:
    """Has dbt tell which nodes it selected, once it knows and before it starts the first.

    dbt has no event for it. Its tasks pass through one method at that moment; where a version does not have it, the
    selection stays untold and nodes become known as they start.
    """
    from dbt.task.runnable import GraphRunnableTask

    execute = getattr(GraphRunnableTask, _BEFORE_FIRST_NODE, None)
    if execute is None:
        return

    def execute_with_hooks(task: Any, selected_uids: Any) -> Any:
        nodes = sorted({*_executed(task), *getattr(task, "selected_unit_tests", ())})
        wire.tell({"info": {"name": "SelectedNodes", "level": _SILENT}, "data": {"nodes": nodes}})
        return execute(task, selected_uids)

    setattr(GraphRunnableTask, _BEFORE_FIRST_NODE, execute_with_hooks)


def _executed(task: Any) -> list[str]:
    nodes = getattr(task, "_flattened_nodes", None) or ()
    return [node.unique_id for node in nodes if not getattr(node, "is_ephemeral_model", False)]


def _tell_stored_failures(wire: Wire) -> None:
    """Has some rows told of what a test stored (dbt's `store_failures`), read over that test's own connection.

    Only this process may open the project's database at this moment. Where a version of dbt has no such method, or a
    database does not know `limit`, the rows stay untold.
    """
    from dbt.task.test import TestRunner

    execute = getattr(TestRunner, _EXECUTES_A_TEST, None)
    if execute is None:
        return

    def execute_and_sample(runner: Any, test: Any, manifest: Any) -> Any:
        result = execute(runner, test, manifest)
        try:
            _tell_sample(wire, runner.adapter, test, result)
        except Exception as error:  # noqa: BLE001
            # Every database has errors of its own; the test has been judged, and that is what counts.
            print(f"The stored failures of {test.name} cannot be read: {error}", file=sys.stderr)  # noqa: T201
        return result

    setattr(TestRunner, _EXECUTES_A_TEST, execute_and_sample)


def _tell_sample(wire: Wire, adapter: Any, test: Any, result: Any) -> None:
    relation = getattr(test, "relation_name", None)
    if not getattr(test, "should_store_failures", False) or not relation or result.status not in _FOUND_FAULT:
        return
    _, table = adapter.execute(f"select * from {relation} limit {_SAMPLE_ROWS}", fetch=True)
    rows = [[_shortened(value) for value in row] for row in table.rows[:_SAMPLE_ROWS]]
    data = {"node_info": {"unique_id": test.unique_id}, "columns": list(table.column_names), "rows": rows}
    wire.tell({"info": {"name": "StoredFailures", "level": _SILENT}, "data": data})


def _shortened(value: Any) -> str | None:
    # One more than is kept, so that who keeps it sees that there was more.
    return None if value is None else str(value)[: _LONGEST_VALUE + 1]


def _conclude(result: Any, wire: Wire) -> int:
    if result.success:
        return 0
    if result.exception is None:
        return 1
    if FATAL not in wire.told:
        # Wrong options, for one, end dbt before it has a log to write to.
        text = str(result.exception) or type(result.exception).__name__
        wire.tell({"info": {"code": FATAL, "level": "error", "msg": text}, "data": {"exc": text}})
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
