"""How fresh the models of a dbt environment are, by the schedules of the jobs that build them.

dbt keeps no such state itself. A model is due whenever a scheduled job that builds it is: `complete` when it was built
well since, `pending` when only the latest fire is unanswered, `behind` when more are. Models that no scheduled job
builds are never due: nothing is said of their freshness.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from store.builds import ModelBuild
from store.fires import fires_between, is_scheduled, next_fire
from store.history import JobPlace
from store.models import Job
from store.reads import StoreReader
from tui.overview import EnvironmentGlance, ModelFreshness, Overview

Word = Literal["complete", "pending", "behind"]

_WORDS: tuple[Word, ...] = ("complete", "pending", "behind")
_LOOKED_BACK = tuple(timedelta(days=days) for days in (1 / 24, 1, 8, 63, 366))
"""Most schedules fire twice within the first of these; the rarer ones are asked about the longer ones."""


class BuildFreshness:
    """Reads what the jobs of dbt environments built, again only when a run in the environment has come or gone."""

    def __init__(self) -> None:
        self._known: dict[JobPlace, tuple[object, list[ModelBuild]]] = {}

    async def added(self, reader: StoreReader, overview: Overview, now: datetime) -> Overview:
        """The overview, in which dbt's environments know their models. Raises StoreError."""
        glances = [
            replace(glance, models=await self._models(reader, glance, overview, now))
            if glance.tool == "dbt"
            else glance
            for glance in overview.environments
        ]
        return replace(overview, environments=tuple(glances))

    async def _models(
        self, reader: StoreReader, glance: EnvironmentGlance, overview: Overview, now: datetime
    ) -> tuple[ModelFreshness, ...]:
        jobs = overview.jobs_within(glance.place)
        last = glance.last_run
        seen = (last and (last.id, last.status), glance.active, glance.running)
        built = {}
        for job in jobs:
            place = JobPlace(job.project, job.environment, job.name)
            if place not in self._known or self._known[place][0] != seen:
                self._known[place] = (seen, await reader.model_builds(place))
            built[job.name] = self._known[place][1]
        return model_freshness(jobs, built, now)


def model_freshness(
    jobs: Sequence[Job], built: Mapping[str, Sequence[ModelBuild]], now: datetime
) -> tuple[ModelFreshness, ...]:
    """How fresh each model is that these jobs of one environment build, by name; `built` is by the name of a job."""
    found: dict[str, ModelFreshness] = {}
    for job in jobs:
        fires = last_fires(job, now)
        due = next_fire(job, now)
        for build in built.get(job.name, ()):
            fresh = ModelFreshness(build.name, _word(build, fires) if is_scheduled(job) else None, build.built_at, due)
            found[build.model] = _together(found.get(build.model), fresh)
    return tuple(sorted(found.values(), key=lambda fresh: fresh.name))


def last_fires(job: Job, now: datetime) -> list[datetime]:
    """The last two fires of a job up to now; fewer where there were not as many within a year."""
    found: list[datetime] = []
    for span in _LOOKED_BACK:
        found = fires_between(job, now - span, now)[-2:]
        if len(found) == 2:
            break
    return found


def _word(build: ModelBuild, fires: Sequence[datetime]) -> Word:
    missed = sum(build.built_at is None or build.built_at < fire for fire in fires)
    return _WORDS[missed]


def _together(one: ModelFreshness | None, other: ModelFreshness) -> ModelFreshness:
    """What two jobs that build the same model say of it: the worse, and when it is due first."""
    if one is None:
        return other
    words = [word for word in (one.word, other.word) if word is not None]
    dues = [due for due in (one.next_at, other.next_at) if due is not None]
    return replace(one, word=max(words, key=_WORDS.index, default=None), next_at=min(dues, default=None))
