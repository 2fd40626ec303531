"""All that is asked of the store. Reading never writes and never waits for a writer."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from sqlite3 import Row
from typing import Any, TypeVar

import aiosqlite

from store import job_state, run_list
from store.batches import Batch, batches_of
from store.builds import ModelBuild, model_builds
from store.causes import Cause, Failure, causes_among, causes_of, failures_of
from store.changes import ChangeDetails
from store.connection import open_for_reading
from store.earlier import COMPARABLE_RUN, earlier_run
from store.errors import RunNotFound
from store.events import EnvironmentState, ModelChange
from store.filters import RunFilter, runs_of_job
from store.git_heads import GitReads
from store.history import (
    JobPlace,
    PastExecution,
    UsualDurations,
    job_outcomes,
    past_executions,
    usual_durations,
)
from store.job_state import JobKey
from store.latest_executions import failing_now
from store.models import (
    Artifact,
    Audit,
    EarlierRun,
    Environment,
    EnvironmentHealth,
    InterruptedInterval,
    Job,
    JobPause,
    KeptSchedule,
    ModelExecution,
    NoticeRecord,
    Phase,
    Project,
    Run,
    RunGraph,
    Step,
    Tool,
)
from store.models_named import MODELS_NAMED, NamedModel
from store.notifications import NotificationReads
from store.rows import (
    AUDIT_COLUMNS,
    MODEL_COLUMNS,
    RUN_COLUMNS,
    STEP_COLUMNS,
    to_audit,
    to_graph,
    to_interrupted_interval,
    to_model,
    to_notice,
    to_phase,
    to_run,
    to_step,
)
from store.samples import AuditSample, audit_sample, audit_samples
from store.status import ACTIVE, BEGINNING, RunStatus
from store.streaks import FailingSince, failing_since
from store.tokens import ApiReads
from store.torn import torn_now
from store.trail import TrailReads
from store.triage import TriageReads

T = TypeVar("T")

_ACTIVE = ", ".join(f"'{status}'" for status in sorted(ACTIVE))


@dataclass(frozen=True, slots=True)
class ChangesSince:
    """What changed after a change number: runs (deleted ones apart), and whether the workspace itself did."""

    change: int
    runs: tuple[int, ...]
    deleted: tuple[int, ...]
    workspace: bool


class StoreReader:
    """Asks the store; any number of these may be open, in any process."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self.notifications = NotificationReads(connection)
        self.triage = TriageReads(connection)
        self.trail = TrailReads(connection)
        self.api = ApiReads(connection)
        self.git = GitReads(connection)

    @classmethod
    @asynccontextmanager
    async def open(cls, database: Path) -> AsyncIterator["StoreReader"]:
        """Raises StoreMissing, StoreOutdated or StoreTooNew."""
        async with open_for_reading(database) as connection:
            yield cls(connection)

    async def _all(self, make: Callable[[Row], T], sql: str, values: Sequence[object] = ()) -> list[T]:
        async with self._connection.execute(sql, values) as cursor:
            return [make(row) for row in await cursor.fetchall()]

    async def _one(self, sql: str, values: Sequence[object] = ()) -> Row | None:
        async with self._connection.execute(sql, values) as cursor:
            return await cursor.fetchone()

    # -- changes ------------------------------------------------------------------------------------------------

    async def change(self) -> int:
        """The number of the last change."""
        row = await self._one("SELECT number FROM change_counter")
        return int(row[0]) if row else 0

    async def changes_since(self, change: int) -> ChangesSince:
        """What changed after `change`."""
        # The number first: what a writer changes in the midst of this is then told again, not lost.
        now = await self.change()
        runs = await self._all(_first, "SELECT id FROM runs WHERE change > ? ORDER BY id", (change,))
        deleted = await self._all(_first, "SELECT run_id FROM deleted_runs WHERE change > ?", (change,))
        workspace = await self._one("SELECT 1 FROM workspace WHERE change > ?", (change,))
        return ChangesSince(now, tuple(runs), tuple(deleted), workspace is not None)

    # -- runs ---------------------------------------------------------------------------------------------------

    async def run(self, run_id: int) -> Run:
        """Raises RunNotFound."""
        row = await self._one(f"SELECT {RUN_COLUMNS} FROM runs WHERE id = ?", (run_id,))
        if row is None:
            raise RunNotFound(f"There is no run #{run_id}.")
        return to_run(row)

    async def latest_run(self, job: str | None = None) -> Run:
        """The newest run, of this job (`nightly` or `flights/nightly`) where one is named.

        One that was skipped, or whose time is to come, has nothing to tell: it counts only where there is no other.
        Raises RunNotFound.
        """
        wanted = runs_of_job(job)
        found = await self.runs(replace(wanted, statuses=BEGINNING), limit=1)
        found = found or await self.runs(wanted, limit=1)
        if not found:
            raise RunNotFound(f"No run of job {job} yet." if job else "Nothing ran here yet.")
        return found[0]

    async def runs(self, wanted: RunFilter, limit: int, after: int | None = None) -> list[Run]:
        """At most `limit` runs in the filter's order, beginning behind the run numbered `after`."""
        return await self._runs_numbered(await run_list.ids_after(self._connection, wanted, limit, after))

    async def runs_at(self, wanted: RunFilter, first: int, size: int) -> list[Run]:
        """At most `size` runs in the filter's order, from the position `first` (from 0) on."""
        return await self._runs_numbered(await run_list.ids_at(self._connection, wanted, first, size))

    async def _runs_numbered(self, ids: Sequence[int]) -> list[Run]:
        sql = f"SELECT {RUN_COLUMNS} FROM runs WHERE id IN (SELECT value FROM json_each(?))"
        found = {run.id: run for run in await self._all(to_run, sql, (json.dumps(ids),))}
        return [found[run_id] for run_id in ids if run_id in found]

    async def position_of(self, wanted: RunFilter, run_id: int) -> int | None:
        """The position (from 0) of a run in the filtered list, None when it is not in it."""
        return await run_list.position(self._connection, wanted, run_id)

    async def count_runs(self, wanted: RunFilter) -> int:
        """How many runs the filter lets through."""
        return await run_list.count(self._connection, wanted)

    async def active_runs(self) -> list[Run]:
        """The runs that may still change by themselves, oldest first."""
        return await self._all(to_run, f"SELECT {RUN_COLUMNS} FROM runs WHERE status IN ({_ACTIVE}) ORDER BY id")

    async def neighbours(self, run: Run) -> tuple[int | None, int | None]:
        """The numbers of the previous and the next run of the same job, or of the same ad-hoc environment."""
        same = "project = ? AND environment = ? AND job IS ?"
        values = (run.project, run.environment, run.job, run.id)
        before = await self._one(f"SELECT max(id) FROM runs WHERE {same} AND id < ?", values)
        after = await self._one(f"SELECT min(id) FROM runs WHERE {same} AND id > ?", values)
        return (before[0] if before else None, after[0] if after else None)

    async def comparable_run(self, run: Run) -> int | None:
        """The run before of the same job that came so far as to read its project: one that was skipped did not."""
        row = await self._one(COMPARABLE_RUN, (run.project, run.environment, run.job, run.id))
        return row[0] if row else None

    # -- one run ------------------------------------------------------------------------------------------------

    async def steps(self, run_id: int) -> list[Step]:
        """In their order."""
        return await self._all(
            to_step, f"SELECT {STEP_COLUMNS} FROM steps WHERE run_id = ? ORDER BY position", (run_id,)
        )

    async def models(self, run_id: int, since: int = 0) -> list[ModelExecution]:
        """The executions that changed after `since`, in the order in which they were started, then by name."""
        sql = f"""SELECT {MODEL_COLUMNS} FROM model_executions WHERE run_id = ? AND change > ?
                  ORDER BY started_at IS NULL, started_at, name"""
        return await self._all(to_model, sql, (run_id, since))

    async def model(self, run_id: int, model: str) -> ModelExecution | None:
        """One execution; None when the run does not mean to execute this model."""
        row = await self._one(
            f"SELECT {MODEL_COLUMNS} FROM model_executions WHERE run_id = ? AND model = ?", (run_id, model)
        )
        return to_model(row) if row else None

    async def models_named(self, project: str, environment: str, part: str, limit: int) -> list[NamedModel]:
        """Models of an environment with `part` in their name, upper and lower case alike, by name."""
        return await self._all(NamedModel.of, MODELS_NAMED, (project, environment, part, limit))

    async def batches(self, run_id: int, model: str | None = None) -> Mapping[str, tuple[Batch, ...]]:
        """The batches of the models of a run, or of one model of it, by unique name."""
        return await batches_of(self._connection, run_id, model)

    async def audits(self, run_id: int, since: int = 0) -> list[Audit]:
        """The audits that changed after `since`, in the order in which they ended."""
        sql = f"SELECT {AUDIT_COLUMNS} FROM audits WHERE run_id = ? AND change > ? ORDER BY finished_at, name"
        return await self._all(to_audit, sql, (run_id, since))

    async def audit_samples(self, run_id: int) -> dict[str, AuditSample]:
        """Failing rows, by the audit's unique name, where the tool told some."""
        return await audit_samples(self._connection, run_id)

    async def audit_sample(self, run_id: int, audit: str) -> AuditSample | None:
        """Failing rows of one audit; None where the tool told none."""
        return await audit_sample(self._connection, run_id, audit)

    async def artifacts(self, run_id: int) -> list[Artifact]:
        """By path."""
        return await self._all(
            lambda row: Artifact(path=row[0], kind=row[1], size=row[2]),
            "SELECT path, kind, size FROM artifacts WHERE run_id = ? ORDER BY path",
            (run_id,),
        )

    async def notices(self, run_id: int) -> list[NoticeRecord]:
        """In the journal's order."""
        sql = "SELECT at, level, text FROM notices WHERE run_id = ? ORDER BY journal_end"
        return await self._all(to_notice, sql, (run_id,))

    async def changes(self, run_id: int) -> list[ModelChange]:
        """How the models differ from the previous version, by model."""
        return await self._all(
            lambda row: ModelChange(model=row[0], change=row[1], diff=row[2]),
            "SELECT model, change_kind, diff FROM model_changes WHERE run_id = ? ORDER BY model",
            (run_id,),
        )

    async def change_details(self, run_id: int) -> ChangeDetails:
        """What differs from the runs before, beyond the models; empty where nothing was recorded."""
        row = await self._one("SELECT body FROM run_changes WHERE run_id = ?", (run_id,))
        return ChangeDetails.model_validate_json(row[0]) if row else ChangeDetails()

    async def failures(self, run_id: int) -> list[Failure]:
        """What failed in a run, each with its cause."""
        return await failures_of(self._connection, run_id)

    async def causes(self, run_id: int) -> list[Cause]:
        """The causes of a run's failures, the commonest first."""
        return await causes_of(self._connection, run_id)

    async def causes_among(
        self, wanted: RunFilter, last: int | None = None, since: datetime | None = None
    ) -> list[Cause]:
        """The causes among the `last` runs that a filter lets through, or those asked for `since` then."""
        return await causes_among(self._connection, wanted, last, since)

    async def earlier_run(self, run_id: int, good: bool = False) -> EarlierRun | None:
        """The run before of the same job and environment with a version; with `good`, the last that went well."""
        return await earlier_run(self._connection, run_id, good)

    async def graph(self, run_id: int) -> RunGraph:
        """The project's graph as the run saw it; empty when the run did not come so far."""
        row = await self._one("SELECT body FROM graphs WHERE id = (SELECT graph_id FROM runs WHERE id = ?)", (run_id,))
        return to_graph(row[0]) if row else RunGraph()

    async def usual_durations(self, run: Run) -> UsualDurations:
        """How long the models and the job of this run took when they went well before it."""
        return await usual_durations(self._connection, run)

    async def past_executions(self, run: Run, model: str, limit: int = 5) -> list[PastExecution]:
        """How a model fared in the environment up to this run, newest first."""
        return await past_executions(self._connection, run, model, limit)

    async def failing_since(self, run: Run, models: Sequence[str], audits: Sequence[str]) -> dict[str, FailingSince]:
        """Since which run each of these failed nodes of `run` fails in its environment."""
        return await failing_since(self._connection, run, models, audits)

    async def job_outcomes(self, jobs: Iterable[JobPlace], limit: int = 8) -> dict[JobPlace, tuple[RunStatus, ...]]:
        """How the last ended runs of each job went, at most `limit` of each, the newest last."""
        return await job_outcomes(self._connection, jobs, limit)

    async def model_builds(self, place: JobPlace) -> list[ModelBuild]:
        """The models that a job builds, by name, and when each was last built well in its environment."""
        return await model_builds(self._connection, place)

    async def phases(self, run_id: int) -> list[Phase]:
        """The stages of a plan, in the order in which they began; empty for tools without such stages."""
        return await self._all(
            to_phase,
            """SELECT phase, state, done, total, started_at, finished_at FROM phases
               WHERE run_id = ? ORDER BY position""",
            (run_id,),
        )

    async def interrupted_intervals(self, run_id: int) -> list[InterruptedInterval]:
        """What the run left half-written, by model and time; of a run that goes on, what it is rewriting."""
        sql = """SELECT model, start_at, end_at, repaired_by FROM interrupted_intervals WHERE run_id = ?
                 ORDER BY model, start_at"""
        return await self._all(to_interrupted_interval, sql, (run_id,))

    async def details(self, run_id: int) -> dict[str, Any]:
        """What a plan would do or did, as its tool reported it; empty for a run."""
        row = await self._one("SELECT json(details) FROM runs WHERE id = ? AND details IS NOT NULL", (run_id,))
        return _object(row[0]) if row else {}

    # -- the workspace ------------------------------------------------------------------------------------------

    async def workspace_name(self) -> str | None:
        """None before the engine first started here."""
        row = await self._one("SELECT name FROM workspace")
        return str(row[0]) if row else None

    async def projects(self) -> list[Project]:
        """In the configuration's order, as is all of the workspace."""
        return await self._all(
            lambda row: Project.model_validate_json(row[0]), "SELECT body FROM projects ORDER BY position"
        )

    async def environments(self) -> list[Environment]:
        """The environments of all projects."""
        return await self._all(
            lambda row: Environment.model_validate_json(row[0]), "SELECT body FROM environments ORDER BY position"
        )

    async def jobs(self) -> list[Job]:
        """The jobs of all projects."""
        return await self._all(lambda row: Job.model_validate_json(row[0]), "SELECT body FROM jobs ORDER BY position")

    async def paused_jobs(self) -> Mapping[JobKey, JobPause]:
        """The jobs that are paused now."""
        return await job_state.paused_jobs(self._connection)

    async def kept_schedules(self) -> Mapping[JobKey, KeptSchedule]:
        """Up to when the fires of each schedule are answered."""
        return await job_state.kept_schedules(self._connection)

    async def answered_fires(self, key: JobKey, since: datetime) -> frozenset[datetime]:
        """The fires of a job later than `since` that a run answers already."""
        return await job_state.answered_fires(self._connection, key, since)

    async def ended_unfollowed(self) -> list[int]:
        """The runs that are over, and of which it is not decided yet what follows."""
        return await job_state.ended_unfollowed(self._connection)

    async def followers(self, run_id: int) -> frozenset[JobKey]:
        """The jobs that were started because this run ended."""
        return await job_state.followers(self._connection, run_id)

    async def has_attempt(self, run_id: int, attempt: int) -> bool:
        """Whether this try of a run that failed is recorded."""
        return await job_state.has_attempt(self._connection, run_id, attempt)

    async def environment_states(self, project: str) -> dict[str, EnvironmentState]:
        """What the project's tool said of its environments when it was last asked, by their names."""
        sql = "SELECT body FROM environment_states WHERE project = ? ORDER BY environment"
        states = await self._all(lambda row: EnvironmentState.model_validate_json(row[0]), sql, (project,))
        return {state.environment: state for state in states}

    async def health(self) -> list[EnvironmentHealth]:
        """Every environment with what its runs say: the configured ones, then those that only a tool knows."""
        places: list[tuple[Environment, Tool]] = []
        environments = await self.environments()
        for project in await self.projects():
            states = await self.environment_states(project.name)
            configured = [environment for environment in environments if environment.project == project.name]
            known = {environment.target or environment.name for environment in configured}
            others = [Environment(project=project.name, name=name, target=name) for name in states if name not in known]
            places += [(environment, project.tool) for environment in (*configured, *others)]
        return await self.health_of(places)

    async def health_of(self, places: Iterable[tuple[Environment, Tool]]) -> list[EnvironmentHealth]:
        """These environments, each of a project with this tool, with what their runs say."""
        active = Counter((run.project, run.environment) for run in await self.active_runs())
        failing, torn = await failing_now(self._connection), await torn_now(self._connection)
        found: list[EnvironmentHealth] = []
        for environment, tool in places:
            states = await self.environment_states(environment.project)
            place = (environment.project, environment.name)
            found.append(
                EnvironmentHealth(
                    environment=environment,
                    tool=tool,
                    last_run=await self._last_run(*place),
                    last_plan=await self.last_applied_plan(*place),
                    active=active[place],
                    failing=failing.get(place, ()),
                    torn=torn.get(place, ()),
                    state=states.get(environment.target or environment.name),
                )
            )
        return found

    async def _last_run(self, project: str, environment: str) -> Run | None:
        wanted = RunFilter(project=project, environment=environment, kinds=frozenset({"run"}))
        return next(iter(await self.runs(wanted, limit=1)), None)

    async def last_applied_plan(self, project: str, environment: str, ended: bool = False) -> Run | None:
        """The last plan of an environment that was applied, or, unless it has to be `ended`, is being applied."""
        over = f"AND status NOT IN ({_ACTIVE})" if ended else ""
        sql = f"""SELECT {RUN_COLUMNS} FROM runs INDEXED BY runs_applied_plans
                  WHERE project = ? AND environment = ? AND kind = 'plan' AND preview = 0 {over}
                  ORDER BY id DESC LIMIT 1"""
        row = await self._one(sql, (project, environment))
        return to_run(row) if row else None


def _first(row: Row) -> int:
    return int(row[0])


def _object(text: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(text)
    return value
