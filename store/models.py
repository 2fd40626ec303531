"""The nouns of DESIGN §1 as frozen values, the way that the store gives them."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from store.events import EnvironmentState, GraphAudit, GraphNode, Interval, PhaseState, Timing
from store.status import ACTIVE, BAD, AuditStatus, ModelStatus, RunStatus, StepStatus

RunKind = Literal["run", "plan"]
Tool = Literal["dbt", "sqlmesh"]
Trigger = Literal["manual", "schedule", "pull_request", "merge", "pipeline", "api", "rerun", "external"]
EnvironmentType = Literal["production", "staging", "development"]
JobType = Literal["deploy", "ci", "merge"]
Outcome = Literal["success", "failure", "any"]
MissedPolicy = Literal["skip", "once", "all"]
Handling = Literal["new", "acknowledged", "superseded"]
RetryScope = Literal["failed", "all"]
Scope = Literal["read", "run", "admin"]
"""What a token for the API lets its bearer do; each includes those before it."""


class Noun(BaseModel):
    """Base of the nouns: frozen, strict about unknown fields."""

    # Validators are built when something is validated: few programs use all of these models, and none at its start.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Project(Noun):
    """One dbt or SQLMesh code base.

    With `git`, the remote that it comes from, `path` is where its default branch is checked out. `poll_s` are the
    seconds between two looks at the heads of its remote, None for no looks; with `forks` requests from forks count.
    """

    name: str
    tool: Tool
    path: str
    python: str | None = None
    git: str | None = None
    poll_s: float | None = None
    forks: bool = False


class Environment(Noun):
    """Where a project's models are built. `gateway` is SQLMesh's; `variables` go to the tool with every run."""

    project: str
    name: str
    target: str | None = None
    type: EnvironmentType = "development"
    branch: str | None = None
    gateway: str | None = None
    variables: dict[str, Any] = Field(default_factory=dict)
    max_concurrent_runs: int = 1


class After(Noun):
    """What starts a job: the end of another, `job` by its full name `project/name`, with this outcome."""

    job: str
    on: Outcome = "success"


class Job(Noun):
    """A named way to run a project in an environment. Names ending in `_s` are seconds.

    It starts by itself at the times of `schedule` (cron) or every `every_s`, and `after` other jobs. `missed` says what
    becomes of fires that nobody was there for. `step_timeouts_s` has the steps with a limit of their own;
    `implied` is a job that nobody wrote down.
    """

    project: str
    name: str
    environment: str
    kind: RunKind = "run"
    type: JobType = "deploy"
    steps: tuple[str, ...]
    schedule: str | None = None
    timezone: str | None = None
    every_s: float | None = None
    missed: MissedPolicy = "skip"
    after: tuple[After, ...] = ()
    timeout_s: float | None = None
    step_timeouts_s: dict[str, float] = Field(default_factory=dict)
    retries: int = 0
    retry: RetryScope = "all"
    retry_delay_s: float = 60.0
    retry_backoff: float = 2.0
    priority: int = 0
    implied: bool = False
    version: str | None = None
    """The recorded version of the project that it always runs; None for the present files."""


class RunOptions(Noun):
    """What a run was asked to do beyond its job.

    `apply`, `expect` (the fingerprint of the plan that was shown), `categories` (`[MODEL=]breaking|non_breaking`),
    `create_from` and `skip_tests` belong to plans;
    `repair_of` names the run whose interrupted `intervals` (model, start, end) are to be loaded again.
    """

    select: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    full_refresh: bool = False
    variables: dict[str, Any] = Field(default_factory=dict)
    threads: int | None = None
    start: str | None = None
    end: str | None = None
    restate: tuple[str, ...] = ()
    forward_only: bool = False
    apply: bool = False
    expect: str | None = None
    categories: tuple[str, ...] = ()
    create_from: str | None = None
    skip_tests: bool = False
    repair_of: int | None = None
    intervals: tuple[tuple[str, str, str], ...] = ()


class EarlierRun(Noun):
    """A run before, with what a later one compares itself with."""

    id: int
    version: str
    commit: str | None = None
    tool_version: str | None = None


class GitHead(Noun):
    """A head of a remote repository: a full ref such as `refs/heads/main` or `refs/pull/7/head`, and its commit."""

    ref: str
    commit: str


class Mirror(Noun):
    """A remote repository as it is kept here: a bare mirror, and a checkout of its default branch; absolute paths."""

    url: str
    folder: str
    checkout: str


class RunRequest(Noun):
    """All that a worker needs to know, and all that is known of a run before it starts: the content of `run.json`.

    Paths are absolute.
    """

    id: int
    kind: RunKind = "run"
    name: str
    project: str
    environment: str
    job: str | None = None
    job_type: JobType | None = None
    trigger: Trigger = "manual"
    author: str | None = None
    created_at: datetime
    tool: Tool
    project_path: str
    python: str
    target: str | None = None
    branch: str | None = None
    gateway: str | None = None
    steps: tuple[str, ...]
    options: RunOptions = Field(default_factory=RunOptions)
    timeout_s: float | None = None
    step_timeouts_s: dict[str, float] = Field(default_factory=dict)
    grace_s: float = 10.0
    rerun_of: int | None = None
    priority: int = 0
    attempt: int = 1
    starts_at: datetime | None = None
    scheduled_for: datetime | None = None
    caused_by: int | None = None
    trigger_note: str | None = None
    not_started: str | None = None
    """Why it is recorded only, as skipped."""
    version: str | None = None
    """The recorded version to run; None for the present files, or the newest commit of the branch."""
    previous: EarlierRun | None = None
    good: EarlierRun | None = None
    mirror: Mirror | None = None
    """The repository that the project comes from, where it is not a folder of somebody's."""
    head: GitHead | None = None
    """The head whose move started the run."""
    defer_to: str | None = None
    """The folder with production's manifest, to which dbt refers for what a ci run does not build."""


def is_preview(request: RunRequest) -> bool:
    """Whether this is a plan that is to be shown only; one of a ci request is applied, in an environment of its own."""
    if request.kind != "plan" or request.options.apply or (request.job_type == "ci" and request.head is not None):
        return False
    return not any(flag in step.split() for step in request.steps for flag in ("--apply", "--auto-apply"))


class Counts(Noun):
    """How many models and audits of a run stand where. `total` counts those that the run means to execute."""

    models_total: int = 0
    models_running: int = 0
    models_succeeded: int = 0
    models_failed: int = 0
    models_skipped: int = 0
    models_cancelled: int = 0
    audits_total: int = 0
    audits_passed: int = 0
    audits_warned: int = 0
    audits_failed: int = 0
    audits_error: int = 0
    audits_skipped: int = 0

    @property
    def models_done(self) -> int:
        """Models that ended, however."""
        return self.models_succeeded + self.models_failed + self.models_skipped + self.models_cancelled

    @property
    def audits_done(self) -> int:
        """Audits that ended, however."""
        return self.audits_passed + self.audits_warned + self.audits_failed + self.audits_error + self.audits_skipped


class Run(Noun):
    """One execution of a job, or of an ad-hoc request. `change` is the change number of its last mutation.

    `starts_at` is when a run of status `scheduled` starts; `scheduled_for` the fire of a schedule that it answers,
    `caused_by` the run that it follows, `attempt` which try it is (2 is the first retry), `trigger_note` all of that
    in words. Of several that wait, the one with the highest `priority` goes first. `addresses` are the IP addresses of
    `host`. `acknowledgement` is the note of whoever acknowledged that it failed, in Markdown.
    """

    id: int
    kind: RunKind
    name: str
    project: str
    environment: str
    job: str | None
    job_type: JobType | None
    status: RunStatus
    status_reason: str | None
    trigger: Trigger
    author: str | None
    tool: Tool
    tool_version: str | None
    branch: str | None
    commit: str | None
    commit_author: str | None
    commit_message: str | None
    remote: str | None = None
    version: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    host: str | None
    pid: int | None
    pid_started: float | None
    waits_for: int | None
    collided_with: int | None
    rerun_of: int | None
    superseded_by: int | None
    counts: Counts
    options: RunOptions
    change: int
    priority: int = 0
    attempt: int = 1
    starts_at: datetime | None = None
    scheduled_for: datetime | None = None
    caused_by: int | None = None
    trigger_note: str | None = None
    addresses: tuple[str, ...] = ()
    archived: bool = False
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    acknowledgement: str | None = None
    preview: bool = False
    """A plan that is only shown: it changes nothing, and says nothing of how the environment is."""
    built_nothing: bool = False
    """It went well as there was nothing to build: its selection matched nothing, or nothing was due."""

    @property
    def handling(self) -> Handling | None:
        """How a failed run stands with people; None for a run that went well, was stopped, or changes nothing."""
        if self.status not in BAD or self.preview:
            return None
        if self.superseded_by is not None:
            return "superseded"
        return "new" if self.acknowledged_at is None else "acknowledged"

    @property
    def missed_its_selection(self) -> bool:
        """Whether somebody asked for models or audits of which there are none, so that nothing was built.

        SQLMesh's runs build nothing, too, when nothing is due.
        """
        return self.built_nothing and self.tool == "dbt" and bool(self.options.select)

    @property
    def is_active(self) -> bool:
        """Whether the run may still change by itself."""
        return self.status in ACTIVE

    @property
    def moment(self) -> datetime:
        """When it began; when it will, while it waits for its time; else when it was asked for."""
        planned = self.starts_at if self.status is RunStatus.SCHEDULED else None
        return self.started_at or planned or self.created_at

    def duration_s(self, now: datetime) -> float | None:
        """Seconds from its start to its end, or to `now` while it goes on; None before it started."""
        if self.started_at is None:
            return None
        return max(0.0, ((self.finished_at or now) - self.started_at).total_seconds())


class Step(Noun):
    """One process that a run starts, in order."""

    position: int
    name: str
    command: tuple[str, ...]
    status: StepStatus
    exit_code: int | None
    started_at: datetime
    finished_at: datetime | None
    log: str | None
    process_group: int | None


class ModelExecution(Noun):
    """One model built in one run. `model` is the tool's unique name, `name` the one that people use."""

    model: str
    name: str
    kind: str
    materialized: str | None
    schema_name: str | None
    relation: str | None
    file: str | None
    parents: tuple[str, ...]
    status: ModelStatus
    queued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    duration_s: float | None
    rows: int | None
    thread: str | None
    message: str | None
    error: str | None
    cause: str | None
    interrupted: bool
    batch: int | None
    batches: int | None
    compiled_file: str | None
    intervals: tuple[Interval, ...]
    timings: tuple[Timing, ...]
    change: int


class Audit(Noun):
    """One check executed in one run."""

    audit: str
    name: str
    model: str | None
    blocking: bool
    status: AuditStatus
    failures: int | None
    error: str | None
    sql: str | None
    compiled_file: str | None
    arguments: dict[str, Any]
    duration_s: float | None
    finished_at: datetime
    thread: str | None
    cause: str | None
    interval_start: datetime | None
    """Where the stretch of time begins that it checked; None where it checked all."""
    change: int


class Artifact(Noun):
    """A file that a run left, relative to the run's folder; `size` in bytes."""

    path: str
    kind: str
    size: int


class NoticeRecord(Noun):
    """Something that the reader of the run should know."""

    at: datetime
    level: Literal["info", "warning", "error"]
    text: str


class Phase(Noun):
    """A stage of a plan: how many of its `total` objects are done."""

    phase: str
    state: PhaseState
    done: int
    total: int
    started_at: datetime
    finished_at: datetime | None


class InterruptedInterval(Noun):
    """An interval that counts as loaded though the run was stopped while rewriting it; `repaired_by` is a run."""

    model: str
    start: datetime
    end: datetime
    repaired_by: int | None


class RunGraph(Noun):
    """The project's graph as one run saw it."""

    nodes: tuple[GraphNode, ...] = ()
    audits: tuple[GraphAudit, ...] = ()


class FailingNode(Noun):
    """A model or blocking audit whose latest execution in its environment failed, and the run that this was in."""

    kind: Literal["model", "audit"]
    name: str
    run_id: int


class TornRun(Noun):
    """A run that was stopped while it rewrote intervals of these models, which count as loaded though they are not."""

    run_id: int
    models: tuple[str, ...]


class EnvironmentHealth(Noun):
    """An environment with what its runs say of it: what fails there now, and what is half-written.

    `last_plan` is the last one that was applied, or is being applied; one that was only shown changes nothing.
    """

    environment: Environment
    tool: Tool
    last_run: Run | None
    last_plan: Run | None
    active: int
    failing: tuple[FailingNode, ...] = ()
    torn: tuple[TornRun, ...] = ()
    state: EnvironmentState | None = None


class JobPause(Noun):
    """Why a job does not start by itself for now, since when, and who wanted that."""

    project: str
    job: str
    reason: str
    author: str | None
    paused_at: datetime


class KeptSchedule(Noun):
    """A job's schedule as it read when its fires were last answered, and up to when they are."""

    schedule: str
    answered_until: datetime
