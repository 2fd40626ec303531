"""Has SQLMesh itself say what it did or knows, without Runroom: a program for the project's own interpreter.

    python sqlmesh_witness.py PROJECT state
    python sqlmesh_witness.py PROJECT lineage
    python sqlmesh_witness.py PROJECT plan|run ENVIRONMENT [EXECUTION_TIME]

Prints one JSON object as its last line. GATEWAY in the environment chooses a gateway.
"""

import importlib
import json
import os
import sys
from typing import Any

_LOADED, _DEV = "intervals", "dev_intervals"


def main(project: str, command: str, *arguments: str) -> None:
    """Speaks to SQLMesh in the project's folder, from which a relative database path counts."""
    os.chdir(project)
    gateway = os.environ.get("GATEWAY")
    heard = _Heard()
    importlib.import_module("sqlmesh.core.console").set_console(heard.console())
    context = importlib.import_module("sqlmesh").Context(paths=[project], gateway=gateway)
    told = {"state": _state, "lineage": _lineage}.get(command)
    answer = told(context) if told else _carry_out(context, heard, command, *arguments)
    context.close()
    sys.stdout.flush()
    print("\n" + json.dumps(answer))  # noqa: T201 - this is a program


def _state(context: Any) -> dict[str, Any]:
    """Each environment's record and what is loaded of the models that have a view there, in milliseconds."""
    index_class = importlib.import_module("sqlmesh.core.snapshot").DeployabilityIndex
    told = {}
    for environment in context.state_reader.get_environments():
        snapshots = context.state_reader.get_snapshots(environment.snapshots).values()
        production = environment.name == "prod"
        promoted = {snapshot.name for snapshot in environment.promoted_snapshots}
        index = index_class.all_deployable() if production else index_class.create(snapshots)
        told[environment.name] = {
            "plan_id": environment.plan_id,
            "finalised": environment.finalized_ts is not None,
            "loaded": {
                snapshot.name: getattr(snapshot, _LOADED if index.is_representative(snapshot) else _DEV)
                for snapshot in snapshots
                if snapshot.is_model and snapshot.name in promoted
            },
        }
    return told


def _lineage(context: Any) -> dict[str, Any]:
    """The project's own graph as parents and children of each node, and the direct sources of each column."""
    dependencies = importlib.import_module("sqlmesh.core.lineage").column_dependencies
    nodes = [*context.models.values(), *context.standalone_audits.values()]
    return {
        "parents": {model.fqn: sorted(context.dag.graph[model.fqn]) for model in nodes if hasattr(model, "kind")},
        "children": {
            model.fqn: sorted(each for each, parents in context.dag.graph.items() if model.fqn in parents)
            for model in nodes
            if hasattr(model, "kind")
        },
        "columns": {
            model.fqn: {
                column: {up: sorted(names) for up, names in dependencies(context, model.name, column).items()}
                for column in model.columns_to_types
            }
            for model in context.models.values()
            if model.is_sql
        },
    }


class _Heard:
    """What SQLMesh's console and audits said while it worked."""

    def __init__(self) -> None:
        self.intervals: dict[str, list[list[int]]] = {}
        self.failed: set[str] = set()
        self.skipped: set[str] = set()
        self.audits: list[list[Any]] = []

    def console(self) -> Any:
        """SQLMesh's silent console, with ears."""
        # Bound already: the class hands them out as they are.
        methods = {
            "start_evaluation_progress": self._queued,
            "update_snapshot_evaluation_progress": self._done,
            "log_failed_models": self._failures,
            "log_skipped_models": self.skipped.update,
        }
        return type("Listening", (importlib.import_module("sqlmesh.core.console").NoopConsole,), methods)()

    def listen_to_audits(self) -> None:
        """Notes each audit's result, passed or not."""
        evaluator = importlib.import_module("sqlmesh.core.snapshot.evaluator").SnapshotEvaluator
        audit = evaluator.audit

        def listening(this: Any, snapshot: Any, **more: Any) -> Any:
            results = audit(this, snapshot, **more)
            self.audits += [[snapshot.name, each.audit.name, _status(each), each.count] for each in results]
            return results

        evaluator.audit = listening

    def _queued(self, batches: Any, *__: Any, **___: Any) -> None:
        self.intervals |= {snapshot.name: [] for snapshot in batches if snapshot.is_model}

    def _done(self, snapshot: Any, interval: Any, *__: Any, **___: Any) -> None:
        if snapshot.is_model and sys.exc_info()[1] is None:
            self.intervals[snapshot.name].append([int(bound) for bound in interval])

    def _failures(self, errors: Any) -> None:
        self.failed.update(error.node if isinstance(error.node, str) else error.node.snapshot_name for error in errors)


def _status(result: Any) -> str:
    if result.skipped:
        return "skipped"
    if not result.count:
        return "passed"
    return "failed" if result.blocking else "warned"


def _carry_out(
    context: Any, heard: _Heard, command: str, environment: str, execution_time: str | None = None
) -> dict[str, Any]:
    heard.listen_to_audits()
    if command == "run":
        context.run(environment, execution_time=execution_time, skip_janitor=True)
    else:
        _apply(context, environment, execution_time)
    models = {
        model: {"status": "failed" if model in heard.failed else "succeeded", "intervals": sorted(spans)}
        for model, spans in heard.intervals.items()
        if model not in heard.skipped
    }
    skipped = {model: {"status": "skipped", "intervals": []} for model in heard.skipped & heard.intervals.keys()}
    return {"models": models | skipped, "audits": heard.audits}


def _apply(context: Any, environment: str, execution_time: str | None) -> None:
    plan_error = importlib.import_module("sqlmesh.utils.errors").PlanError
    try:
        context.plan(environment, execution_time=execution_time, no_prompts=True, auto_apply=True, no_diff=True)
    except plan_error as error:
        sys.stderr.write(f"{error}\n")  # what failed was heard


if __name__ == "__main__":
    main(*sys.argv[1:])
