"""The dbt adapter: the steps of a dbt run."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from engine.adapters.base import StepContext, StepOutcome, StepPlan
from engine.adapters.dbt.arguments import PLANNABLE, BadStep, command_of, option_value, split_step, with_options
from engine.adapters.dbt.artifacts import list_artifacts
from engine.adapters.dbt.command import working_folder
from engine.adapters.dbt.isolation import isolation_step, tear_down_step
from engine.adapters.dbt.packages import are_installed, names_packages, note_installed
from engine.adapters.dbt.profile import Profile, ProfileProblem, ProfileQuestion, profile_folders, read_profile
from engine.adapters.dbt.session import DbtSession
from engine.isolation import isolated_name
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
        """profile, then deps where packages are named, then the request's own steps.

        A step that is no command of dbt makes the run fail before anything is executed.
        """
        try:
            own = [split_step(step) for step in request.steps]
        except BadStep as problem:
            return [_refusal(str(problem))]
        session = DbtSession(self._environment)
        plans = [self._profile_step(session, own)]
        if all(command_of(words) != "deps" for words in own) and _may_name_packages(project_folder):
            plans.append(_deps_step(session, request))
        schema = isolated_name(request)
        if schema is not None:
            plans.append(isolation_step(session, schema, request.target))
        limits = [request.step_timeouts_s.get(step) for step in request.steps]
        plans += [
            replace(_step(session, request, words), timeout_s=limit)
            for words, limit in zip(own, limits, strict=True)
            if _belongs(request, words)
        ]
        return plans if schema is None else [*plans, tear_down_step(session, schema, request.target)]

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


def _may_name_packages(project_folder: Path) -> bool:
    # A checkout that is yet to be made may turn out to name some.
    return not project_folder.exists() or names_packages(project_folder)


def _belongs(request: RunRequest, words: Sequence[str]) -> bool:
    # A plan executes nothing but what it needs to read the project.
    return request.kind != "plan" or command_of(words) in PLANNABLE | {"deps"}


def _deps_step(session: DbtSession, request: RunRequest) -> StepPlan:
    step = _step(session, request, ["deps"])

    async def run(context: StepContext) -> StepOutcome:
        folder = context.project_folder
        if not names_packages(folder):
            context.log("This project names no packages.")
        elif are_installed(folder):
            context.log("The packages are installed, and what is asked for has not changed since.")
        else:
            outcome = await step.run(context)
            if outcome.status is StepStatus.SUCCEEDED:
                note_installed(folder)
            return outcome
        return StepOutcome(StepStatus.SUCCEEDED)

    return replace(step, run=run)


def _refusal(problem: str) -> StepPlan:
    async def run(context: StepContext) -> StepOutcome:
        context.log(problem, "ERROR")
        return StepOutcome(StepStatus.FAILED, 2, problem)

    return StepPlan("steps", (), run)


def _step(session: DbtSession, request: RunRequest, words: Sequence[str]) -> StepPlan:
    command = command_of(words) or words[0]
    arguments = with_options(words, request.options, request.target)
    planning = request.kind == "plan" and command in PLANNABLE

    async def run(context: StepContext) -> StepOutcome:
        if planning:
            return await session.plan(context, arguments)
        return await session.execute(context, arguments)

    return StepPlan(f"plan-{command}" if planning else command, ("dbt", *arguments), run)
