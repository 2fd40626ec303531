"""The dbt adapter: the steps of a dbt run."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.adapters.base import StepContext, StepOutcome, StepPlan
from engine.adapters.dbt.arguments import PLANNABLE, BadStep, command_of, option_value, split_step, with_options
from engine.adapters.dbt.artifacts import list_artifacts
from engine.adapters.dbt.command import working_folder
from engine.adapters.dbt.packages import names_packages
from engine.adapters.dbt.profile import Profile, ProfileProblem, ProfileQuestion, profile_folders, read_profile
from engine.adapters.dbt.session import DbtSession
from store.models import RunRequest
from store.paths import RunPaths
from store.status import StepStatus


class DbtAdapter:
    """Runs projects of dbt 1.8 to 1.11 through dbt's Python interface, and any other dbt as a command.

    `environment` are the variables that profiles refer to: the worker's own.
    """

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = os.environ if environment is None else environment

    def steps(self, request: RunRequest, project_folder: Path) -> Sequence[StepPlan]:
        """profile, then deps where packages are named, then the request's own steps. Raises BadStep."""
        session = DbtSession(self._environment)
        own = [split_step(step) for step in request.steps]
        plans = [self._profile_step(session, own)]
        if names_packages(project_folder) and all(command_of(words) != "deps" for words in own):
            plans.append(_step(session, request, ["deps"]))
        plans += [_step(session, request, words) for words in own]
        return plans

    def artifacts(self, paths: RunPaths) -> Sequence[tuple[Path, str]]:
        """What dbt left in the run's target folder."""
        return list_artifacts(paths)

    def _profile_step(self, session: DbtSession, steps: Sequence[Sequence[str]]) -> StepPlan:
        words = [word for step in steps for word in step]

        async def run(context: StepContext) -> StepOutcome:
            try:
                profile = read_profile(self._question(context, words))
            except ProfileProblem as problem:
                context.log(str(problem), "ERROR")
                return StepOutcome(StepStatus.FAILED, 2, str(problem))
            session.profile = profile
            _tell(profile, context)
            return StepOutcome(StepStatus.SUCCEEDED)

        return StepPlan("profile", (), run)

    def _question(self, context: StepContext, words: Sequence[str]) -> ProfileQuestion:
        given = option_value(words, ("--profiles-dir",)) or self._environment.get("DBT_PROFILES_DIR")
        folders = profile_folders(given, working_folder(context), context.project_folder, Path.home())
        return ProfileQuestion(
            project_folder=context.project_folder,
            folders=folders,
            environment=self._environment,
            named=option_value(words, ("--profile",)) or self._environment.get("DBT_PROFILE"),
            target=option_value(words, ("--target", "-t")) or context.request.target,
        )


def _tell(profile: Profile, context: StepContext) -> None:
    for secret in profile.secrets:
        context.hide(secret)
    kind = f" ({profile.adapter})" if profile.adapter else ""
    target = profile.target or "decided by dbt"
    context.log(f"Profile {profile.name or 'decided by dbt'}, target {target}{kind}, from {profile.file}")


def _step(session: DbtSession, request: RunRequest, words: Sequence[str]) -> StepPlan:
    command = command_of(words) or words[0]
    arguments = with_options(words, request.options, request.target)
    planning = request.kind == "plan" and command in PLANNABLE

    async def run(context: StepContext) -> StepOutcome:
        if planning:
            return await session.plan(context, arguments)
        return await session.execute(context, arguments)

    return StepPlan(f"plan-{command}" if planning else command, ("dbt", *arguments), run)


__all__ = ["BadStep", "DbtAdapter"]
