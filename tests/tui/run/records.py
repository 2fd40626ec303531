"""Records of runs to try the page's values on, built from what a test cares about."""

from datetime import UTC, datetime, timedelta
from typing import Any

from store.models import Audit, Counts, ModelExecution, Run, RunOptions, Step
from store.run_record import RunRecord, audit_key
from store.status import AuditStatus, ModelStatus, RunStatus, StepStatus

START = datetime(2026, 11, 21, 13, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """So many seconds after the run began."""
    return START + timedelta(seconds=seconds)


def a_model(name: str, status: ModelStatus = ModelStatus.SUCCEEDED, **known: Any) -> ModelExecution:
    """A model; its unique name is `model.p.<name>`, and so are those of the `parents`."""
    parents = tuple(f"model.p.{parent}" for parent in known.pop("parents", ()))
    values: dict[str, Any] = dict.fromkeys(ModelExecution.model_fields) | {
        "model": f"model.p.{name}",
        "name": name,
        "kind": "model",
        "parents": parents,
        "status": status,
        "queued_at": START,
        "interrupted": False,
        "intervals": (),
        "timings": (),
        "change": 1,
    }
    return ModelExecution(**(values | known))


def an_audit(name: str, status: AuditStatus = AuditStatus.PASSED, **known: Any) -> Audit:
    """An audit; its unique name is `test.p.<name>`."""
    values: dict[str, Any] = dict.fromkeys(Audit.model_fields) | {
        "audit": f"test.p.{name}",
        "name": name,
        "blocking": True,
        "status": status,
        "arguments": {},
        "finished_at": at(60),
        "change": 1,
    }
    return Audit(**(values | known))


def a_step(position: int, status: StepStatus = StepStatus.SUCCEEDED, **known: Any) -> Step:
    """A step that took a second."""
    values: dict[str, Any] = {
        "position": position,
        "name": "build",
        "command": ("dbt", "build"),
        "status": status,
        "exit_code": 0,
        "started_at": START,
        "finished_at": at(1),
        "log": f"logs/{position:02d}-build.log",
        "process_group": None,
    }
    return Step(**(values | known))


def a_run(status: RunStatus = RunStatus.COMPLETED, **known: Any) -> Run:
    """The run #7 of the job nightly, five minutes long."""
    values: dict[str, Any] = {name: None for name, field in Run.model_fields.items() if field.is_required()} | {
        "id": 7,
        "kind": "run",
        "name": "nightly",
        "project": "flights",
        "environment": "prod",
        "job": "nightly",
        "status": status,
        "trigger": "schedule",
        "tool": "dbt",
        "created_at": START,
        "started_at": START,
        "finished_at": at(300),
        "counts": Counts(),
        "options": RunOptions(),
        "change": 1,
    }
    return Run(**(values | known))


def a_record(*parts: ModelExecution | Audit | Step, run: Run | None = None, **known: Any) -> RunRecord:
    """A record of these parts."""
    return RunRecord(
        run=run or a_run(),
        models={part.model: part for part in parts if isinstance(part, ModelExecution)},
        audits={audit_key(part): part for part in parts if isinstance(part, Audit)},
        audit_names={part.audit: part.name for part in parts if isinstance(part, Audit)},
        steps=tuple(part for part in parts if isinstance(part, Step)),
        **known,
    )
