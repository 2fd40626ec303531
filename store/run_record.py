"""Everything that the store knows of one run, as the run screen reads it: whole at first, then what changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from store.causes import Cause
from store.changes import ChangeDetails
from store.clock import to_iso
from store.errors import RunNotFound
from store.events import ModelChange
from store.models import Audit, InterruptedInterval, ModelExecution, NoticeRecord, Phase, Run, Step
from store.reads import StoreReader
from store.status import AuditStatus

_BADNESS = tuple(AuditStatus(name) for name in ("error", "failed", "warned", "skipped", "passed"))

AuditKey = str
"""An audit's unique name with its end: a tool may execute the same audit once for each interval."""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run with its parts as of one change number. Models and audits keep the store's order.

    `details` is what a plan would do or did as its tool reported it, empty for a run.
    """

    run: Run
    models: Mapping[str, ModelExecution] = field(default_factory=dict)
    audits: Mapping[AuditKey, Audit] = field(default_factory=dict)
    audit_names: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    notices: tuple[NoticeRecord, ...] = ()
    changes: tuple[ModelChange, ...] = ()
    change_details: ChangeDetails = field(default_factory=ChangeDetails)
    details: Mapping[str, Any] = field(default_factory=dict)
    phases: tuple[Phase, ...] = ()
    interrupted: tuple[InterruptedInterval, ...] = ()
    causes: tuple[Cause, ...] = ()
    previous: int | None = None
    following: int | None = None
    was_run_again: bool = False
    """Whether the run that went well in its place is a re-run of it, and not one that came later by itself."""
    change: int = 0

    def name_of(self, node: str) -> str:
        """The name that people use for a model or audit of this run, given its unique name."""
        if (model := self.models.get(node)) is not None:
            return model.name
        if (name := self.audit_names.get(node)) is not None:
            return name
        return node.rsplit(".", 1)[-1].strip('"')

    def moment_of(self, node: str) -> datetime | None:
        """A moment at which the model or audit with this unique name was at work; None when it never was."""
        if (model := self.models.get(node)) is not None:
            return model.started_at
        return next((audit.finished_at for audit in self.audits.values() if audit.audit == node), None)


def related(record: RunRecord, node: str) -> tuple[str, str] | None:
    """Where what belongs to a node is: of a model its worst audit, of an audit its model; as tab and key there."""
    if node in record.models:
        checks = [audit for audit in record.audits.values() if audit.model == node]
        worst = min(checks, key=lambda audit: _BADNESS.index(audit.status), default=None)
        return None if worst is None else ("audits", audit_key(worst))
    model = next((audit.model for audit in record.audits.values() if audit.audit == node), None)
    return ("models", model) if model in record.models and model is not None else None


def audit_key(audit: Audit) -> AuditKey:
    """Tells the audits of one run apart."""
    return f"{audit.audit} {to_iso(audit.finished_at)}"


def step_key(step: Step) -> str:
    """Tells the steps of one run apart."""
    return str(step.position)


async def _was_run_again(reader: StoreReader, run: Run) -> bool:
    """Whether the run that went well in its place goes back to it, try by try."""
    later = run.superseded_by
    try:
        while later is not None and later > run.id:
            later = (await reader.run(later)).rerun_of
    except RunNotFound:
        return False  # it was deleted, and with it what is known of that
    return later == run.id


async def read_record(reader: StoreReader, run_id: int, seen: RunRecord | None = None) -> RunRecord:
    """The run as it is now; of models and audits only those are read that changed after `seen`.

    Raises StoreError; RunNotFound when the run was deleted meanwhile.
    """
    change = await reader.change()
    run = await reader.run(run_id)
    since = seen.change if seen else 0
    models = {model.model: model for model in await reader.models(run_id, since)}
    audits = {audit_key(audit): audit for audit in await reader.audits(run_id, since)}
    previous, following = await reader.neighbours(run)
    names = {audit.audit: audit.name for audit in audits.values()}
    return RunRecord(
        run=run,
        models={**seen.models, **models} if seen else models,
        audits={**seen.audits, **audits} if seen else audits,
        audit_names={**seen.audit_names, **names} if seen else names,
        steps=tuple(await reader.steps(run_id)),
        notices=tuple(await reader.notices(run_id)),
        changes=tuple(await reader.changes(run_id)),
        change_details=await reader.change_details(run_id),
        details=await reader.details(run_id) if run.kind == "plan" else {},
        phases=tuple(await reader.phases(run_id)),
        interrupted=tuple(await reader.interrupted_intervals(run_id)),
        causes=tuple(await reader.causes(run_id)),
        previous=previous,
        following=following,
        was_run_again=await _was_run_again(reader, run),
        change=change,
    )
