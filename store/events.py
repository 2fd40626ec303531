"""The run protocol, version 1: the journal's public format (DESIGN §6).

A journal is JSON lines, each `{"v":1,"seq":n,"ts":…,"type":…,…}`. Times are ISO 8601 in UTC, durations seconds.
A reader keeps what it does not know: an unknown type is skipped, unknown keys are ignored.
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from store.status import TERMINAL, AuditStatus, ModelStatus, RunStatus, StepStatus

PROTOCOL_VERSION = 1

Number = Annotated[int, Field(ge=-(2**63), lt=2**63)]
"""A whole number that a database can hold."""

PhaseState = Literal["running", "succeeded", "failed", "cancelled"]


class Part(BaseModel):
    """A value inside an event; unknown keys are ignored so that newer workers can say more."""

    # Validators are built when something is validated: few programs use all of these models, and none at its start.
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class Event(Part):
    """What every event has. `seq` counts from 1 within a journal and is given by the journal when it is appended."""

    v: Number = PROTOCOL_VERSION
    seq: Number = 0
    ts: AwareDatetime


class Interval(Part):
    """The stretch of time, half-open, that an incremental model processed."""

    start: AwareDatetime
    end: AwareDatetime


class Column(Part):
    """A column of a model as far as the tool knows it."""

    name: str
    type: str | None = None
    description: str | None = None


class GraphNode(Part):
    """A node of the project's graph: a model, seed, snapshot, source or exposure.

    `model` is the tool's own unique name (dbt's unique_id, SQLMesh's fully qualified name), `parents` name others.
    """

    model: str
    name: str
    kind: str
    parents: tuple[str, ...] = ()
    selected: bool = False
    materialized: str | None = None
    dialect: str | None = None
    database: str | None = None
    schema_name: str | None = None
    relation: str | None = None
    file: str | None = None
    checksum: str | None = None
    description: str | None = None
    owner: str | None = None
    tags: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    cron: str | None = None


class GraphAudit(Part):
    """An audit that belongs to the project's graph; `model` is what it checks, where that is one model."""

    audit: str
    name: str
    model: str | None = None
    parents: tuple[str, ...] = ()
    blocking: bool = True
    selected: bool = False
    file: str | None = None


class ModelChange(Part):
    """How one model differs from the previous version."""

    model: str
    change: str
    diff: str | None = None


class Timing(Part):
    """One phase of a model's execution: compile, execute."""

    name: str
    started_at: AwareDatetime
    finished_at: AwareDatetime


class RunStarted(Event):
    """A worker took the run. `pid_started` is the process's start in seconds since 1970: pids are used again."""

    type: Literal["run.started"] = "run.started"
    pid: Number
    pid_started: float
    host: str
    addresses: tuple[str, ...] = ()
    tool: str
    tool_version: str | None = None
    branch: str | None = None
    commit: str | None = None
    commit_author: str | None = None
    commit_message: str | None = None
    remote: str | None = None


class SourceFound(Event):
    """The run's files came from a remote: which commit they are."""

    type: Literal["source"] = "source"
    branch: str | None = None
    commit: str
    commit_author: str | None = None
    commit_message: str | None = None
    remote: str | None = None


class VersionRecorded(Event):
    """The project's files as this run sees them are recorded: `version` is the id of their git tree."""

    type: Literal["version"] = "version"
    version: str


class RunStopping(Event):
    """A stop was asked for and the worker winds down."""

    type: Literal["run.stopping"] = "run.stopping"
    reason: str


def _terminal(status: RunStatus) -> RunStatus:
    if status not in TERMINAL:
        raise ValueError(f"a run does not finish as {status}")
    return status


class RunFinished(Event):
    """The last event of every journal; `status` is a terminal one."""

    type: Literal["run.finished"] = "run.finished"
    status: Annotated[RunStatus, AfterValidator(_terminal)]
    reason: str | None = None
    collided_with: Number | None = None


class ToolIdentified(Event):
    """Which tool the run really met, once it has said so."""

    type: Literal["tool"] = "tool"
    tool: str
    version: str


class PackagesFound(Event):
    """Which versions the run met beside that of its tool, by name: of the database adapter, of installed packages."""

    type: Literal["packages"] = "packages"
    versions: dict[str, str]


class StepStarted(Event):
    """`step` is its position from 1; `process_group` is the group of the step's process, where it has one."""

    type: Literal["step.started"] = "step.started"
    step: Number
    name: str
    command: tuple[str, ...] = ()
    log: str | None = None
    process_group: Number | None = None


class StepFinished(Event):
    """`exit_code` is negative for a signal, None for a step that is not a process of its own."""

    type: Literal["step.finished"] = "step.finished"
    step: Number
    status: StepStatus
    exit_code: Number | None = None


class Graph(Event):
    """The project's graph as this run saw it; the selected nodes are the ones that it will execute."""

    type: Literal["graph"] = "graph"
    nodes: tuple[GraphNode, ...]
    audits: tuple[GraphAudit, ...] = ()


class Changes(Event):
    """What differs from the previous version of the project."""

    type: Literal["changes"] = "changes"
    changes: tuple[ModelChange, ...]
    details: dict[str, Any] = Field(default_factory=dict)


class ModelQueued(Event):
    """The model will be executed; `batches` where the tool splits it."""

    type: Literal["model.queued"] = "model.queued"
    model: str
    batches: Number | None = None


class ModelStarted(Event):
    """The tool began to execute the model, in `thread` where it names one."""

    type: Literal["model.started"] = "model.started"
    model: str
    thread: str | None = None


class ModelProgress(Event):
    """A batch of a model ended (or began, with `finished` false)."""

    type: Literal["model.progress"] = "model.progress"
    model: str
    batch: Number
    batches: Number
    interval: Interval | None = None
    finished: bool = True
    rows: Number | None = None
    duration_s: float | None = None


class ModelFinished(Event):
    """How a model's execution ended.

    `cause` is the model (or audit) that made it skip; `interrupted` tells that it was being built when the run
    stopped and may be half-updated.
    """

    type: Literal["model.finished"] = "model.finished"
    model: str
    status: ModelStatus
    duration_s: float | None = None
    rows: Number | None = None
    message: str | None = None
    error: str | None = None
    cause: str | None = None
    compiled_file: str | None = None
    intervals: tuple[Interval, ...] = ()
    timings: tuple[Timing, ...] = ()
    interrupted: bool = False


class AuditFinished(Event):
    """How an audit ended. `audit` is the tool's unique name of it, `name` the one that people use."""

    type: Literal["audit.finished"] = "audit.finished"
    audit: str
    name: str
    model: str | None = None
    blocking: bool = True
    status: AuditStatus
    failures: Number | None = None
    error: str | None = None
    sql: str | None = None
    compiled_file: str | None = None
    arguments: dict[str, Any] = Field(default_factory=dict)
    duration_s: float | None = None
    thread: str | None = None
    cause: str | None = None
    interval: Interval | None = None


class AuditSampled(Event):
    """Some of the rows that an audit finds fault with, values as text; comes before the audit's end."""

    type: Literal["audit.sampled"] = "audit.sampled"
    audit: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]


class ArtifactWritten(Event):
    """A file that the run leaves, relative to the run's folder; `size` in bytes."""

    type: Literal["artifact"] = "artifact"
    path: str
    kind: str
    size: Number


class Notice(Event):
    """Something that the reader of the run should know."""

    type: Literal["notice"] = "notice"
    level: Literal["info", "warning", "error"] = "info"
    text: str


class PlanSummary(Event):
    """What a plan would do or did, as the tool reported it; shown on the plan page."""

    type: Literal["plan"] = "plan"
    details: dict[str, Any]


class ModelWaiting(Event):
    """The model cannot start yet: a signal that it waits for has not come for all of its intervals."""

    type: Literal["model.waiting"] = "model.waiting"
    model: str
    signal: str
    text: str


class PhaseProgress(Event):
    """How far a stage of a plan is: `physical` (tables are created), `evaluation`, `promotion` (views are switched)."""

    type: Literal["phase"] = "phase"
    phase: Literal["physical", "evaluation", "promotion"]
    state: PhaseState
    done: Number
    total: Number


class ModelIntervals(Part):
    """What is loaded and what is missing of one model in one environment.

    `freshness`: `complete` when nothing is due, `pending` when only the latest tick of the cron is, `behind` when more
    is; None for a model without data of its own.
    """

    model: str
    name: str
    cron: str | None = None
    loaded: tuple[Interval, ...] = ()
    missing: tuple[Interval, ...] = ()
    missing_count: Number = 0
    freshness: Literal["complete", "pending", "behind"] | None = None
    next_at: AwareDatetime | None = None


class EnvironmentState(Event):
    """What the tool's own state says of an environment at the time of this event.

    `unfinalised`: a plan died before it had promoted everything. `difference` counts the models that were added,
    removed and modified against production, None for production itself.
    """

    type: Literal["environment.state"] = "environment.state"
    environment: str
    plan_id: str | None = None
    previous_plan_id: str | None = None
    applied_at: AwareDatetime | None = None
    expires_at: AwareDatetime | None = None
    unfinalised: bool = False
    models: Number = 0
    difference: dict[str, Number] | None = None
    intervals: tuple[ModelIntervals, ...] = ()


class IntervalInterrupted(Event):
    """This interval is being rewritten, yet the tool counts it as loaded: whoever stops the run now loses rows.

    Told when the rewriting begins, so that it is known even if nobody lives to tell; `IntervalSettled` takes it back.
    """

    type: Literal["interval.interrupted"] = "interval.interrupted"
    model: str
    interval: Interval


class IntervalSettled(Event):
    """An interval that was being rewritten is whole again, or the tool no longer counts it as loaded."""

    type: Literal["interval.settled"] = "interval.settled"
    model: str
    interval: Interval


class IntervalRepaired(Event):
    """An interval that run `run` left half-written is marked as missing, so that it is loaded again."""

    type: Literal["interval.repaired"] = "interval.repaired"
    run: Number
    model: str
    interval: Interval


AnyEvent = Annotated[
    RunStarted
    | SourceFound
    | VersionRecorded
    | RunStopping
    | RunFinished
    | ToolIdentified
    | PackagesFound
    | StepStarted
    | StepFinished
    | Graph
    | Changes
    | ModelQueued
    | ModelStarted
    | ModelProgress
    | ModelFinished
    | AuditFinished
    | AuditSampled
    | ArtifactWritten
    | Notice
    | PlanSummary
    | ModelWaiting
    | PhaseProgress
    | EnvironmentState
    | IntervalInterrupted
    | IntervalSettled
    | IntervalRepaired,
    Field(discriminator="type"),
]

_ADAPTER: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent, config=ConfigDict(defer_build=True))


class UnreadableEvent(ValueError):
    """A journal line that is no event of this protocol, though it claims a known type or is no JSON at all."""


class UnknownEvent(ValueError):
    """A well-formed journal line of a type that this version does not know."""


def parse_event(line: bytes) -> AnyEvent:
    """Reads one journal line.

    Raises UnknownEvent for a type of a newer protocol, UnreadableEvent for anything that does not parse.
    """
    try:
        return _ADAPTER.validate_json(line)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_context=False)[0]
        if problem["type"] == "union_tag_invalid":
            raise UnknownEvent(str(problem["msg"])) from error
        where = ".".join(str(part) for part in problem["loc"])
        raise UnreadableEvent(f"{where}: {problem['msg']}" if where else str(problem["msg"])) from error


def to_line(event: AnyEvent) -> bytes:
    """One journal line, with its line end; what is not set is left out."""
    return event.model_dump_json(exclude_none=True).encode() + b"\n"
