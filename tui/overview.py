"""How the workspace stands: what the environments page shows beside the list of runs, read in one go."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from store.events import EnvironmentState
from store.filters import RunFilter
from store.fires import load_zones, next_fire
from store.job_state import JobKey
from store.models import Environment, EnvironmentHealth, FailingNode, Job, Run, Tool, TornRun
from store.reads import StoreReader
from store.status import EXECUTING, TERMINAL, RunStatus

_ENDED = TERMINAL - {RunStatus.SKIPPED}


@dataclass(frozen=True, slots=True)
class Place:
    """What the page is about: the whole workspace, one project, or one environment."""

    project: str | None = None
    environment: str | None = None

    def narrowed(self, wanted: RunFilter) -> RunFilter:
        """The filter, of this place only."""
        return replace(wanted, project=self.project, environment=self.environment)

    def holds(self, project: str, environment: str) -> bool:
        """Whether something of this project and environment is in this place."""
        return self.project in (None, project) and self.environment in (None, environment)


EVERYWHERE = Place()


@dataclass(frozen=True, slots=True)
class ModelFreshness:
    """How fresh a model is, when its last successful build began and when the next is due, where it has a schedule."""

    name: str
    word: Literal["complete", "pending", "behind"] | None
    built_at: datetime | None
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class EnvironmentGlance:
    """An environment with its last ended run, its last plan and how many runs are active in it.

    `state` is what the project's tool knows of it, where the tool keeps such a state and was asked; `models` what the
    record says of its models' freshness, for a tool that keeps none.
    """

    environment: Environment
    tool: Tool
    last_run: Run | None
    last_plan: Run | None
    active: int
    running: int
    state: EnvironmentState | None = None
    models: tuple[ModelFreshness, ...] = ()
    unhandled: int = 0
    """Failed runs that nobody has acknowledged, and that no later success has made good."""
    failing: tuple[FailingNode, ...] = ()
    """Models and blocking audits whose latest execution here failed, whichever run it was in."""
    ended_plan: Run | None = None
    """The last applied plan that is over."""
    torn: tuple[TornRun, ...] = ()
    """Stopped runs that left intervals half-written, which nobody has loaded again."""

    @property
    def last_ended(self) -> Run | None:
        """What says how it went last: a run that did its work or an applied plan, whichever was asked for last."""
        known = [run for run in (self.last_run, self.ended_plan) if run is not None and run.status in _ENDED]
        return latest([run for run in known if not run.missed_its_selection])

    @property
    def model_count(self) -> int | None:
        """How many models it has, by its tool or by its jobs; where neither says it, by its last run."""
        if self.state is not None:
            return self.state.models
        if self.models:
            return len(self.models)
        return self.last_run.counts.models_total if self.last_run is not None else None

    @property
    def place(self) -> Place:
        """Where it is."""
        return Place(self.environment.project, self.environment.name)


@dataclass(frozen=True, slots=True)
class Overview:
    """The workspace at one moment. `environments` and `jobs` are in the configuration's order.

    `last_id` is the number of the newest run, 0 when nothing ran.
    """

    name: str
    environments: tuple[EnvironmentGlance, ...]
    jobs: tuple[Job, ...]
    active: tuple[Run, ...]
    last_id: int = 0
    paused: frozenset[JobKey] = frozenset()

    @property
    def projects(self) -> Mapping[str, tuple[EnvironmentGlance, ...]]:
        """The environments by project."""
        grouped: dict[str, list[EnvironmentGlance]] = {}
        for state in self.environments:
            grouped.setdefault(state.environment.project, []).append(state)
        return {project: tuple(states) for project, states in grouped.items()}

    @property
    def running(self) -> int:
        """How many runs execute right now."""
        return sum(run.status in EXECUTING for run in self.active)

    def within(self, place: Place) -> tuple[EnvironmentGlance, ...]:
        """The environments of a place."""
        return tuple(
            state for state in self.environments if place.holds(state.environment.project, state.environment.name)
        )

    def jobs_within(self, place: Place) -> tuple[Job, ...]:
        """The jobs of a place."""
        return tuple(job for job in self.jobs if place.holds(job.project, job.environment))

    def starting_within(self, place: Place) -> tuple[Job, ...]:
        """The jobs of a place that may start by themselves: none that is paused."""
        return tuple(job for job in self.jobs_within(place) if JobKey(job.project, job.name) not in self.paused)


async def read_overview(reader: StoreReader) -> Overview:
    """Raises StoreError."""
    active = await reader.active_runs()
    unhandled = await reader.triage.unhandled()
    states = [await _read_state(reader, known, active, unhandled) for known in await reader.health()]
    name = await reader.workspace_name() or ""
    newest = await reader.runs(RunFilter(), limit=1)
    last_id = newest[0].id if newest else 0
    jobs = await reader.jobs()
    await asyncio.to_thread(load_zones, jobs)
    return Overview(name, tuple(states), tuple(jobs), tuple(active), last_id, frozenset(await reader.paused_jobs()))


async def _read_state(
    reader: StoreReader, known: EnvironmentHealth, active: list[Run], unhandled: Mapping[tuple[str, str], int]
) -> EnvironmentGlance:
    place = Place(known.environment.project, known.environment.name)
    here = [run for run in active if place.holds(run.project, run.environment)]
    ended = place.narrowed(RunFilter(kinds=frozenset({"run"}), statuses=_ENDED))
    runs = await reader.runs(ended, limit=1)
    return EnvironmentGlance(
        environment=known.environment,
        tool=known.tool,
        last_run=runs[0] if runs else None,
        last_plan=known.last_plan,
        active=len(here),
        running=sum(run.status in EXECUTING for run in here),
        state=known.state,
        unhandled=unhandled.get((known.environment.project, known.environment.name), 0),
        ended_plan=await reader.last_applied_plan(place.project or "", place.environment or "", ended=True),
        failing=known.failing,
        torn=known.torn,
    )


def latest(runs: list[Run | None]) -> Run | None:
    """The run that was asked for last."""
    return max((run for run in runs if run is not None), key=lambda run: run.id, default=None)


def next_start(jobs: tuple[Job, ...], now: datetime) -> datetime | None:
    """When the first of these jobs is due by its schedule; None without any."""
    return min((due for job in jobs if (due := next_fire(job, now)) is not None), default=None)
