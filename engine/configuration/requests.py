"""Turns what somebody asks for into all that a worker needs to know."""

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from engine.configuration.plan_options import check_options
from engine.configuration.references import resolve_environment, resolve_job
from engine.configuration.workspace import Workspace
from engine.configuration.written import kind_of
from engine.errors import ConfigurationError, UsageError
from engine.protocol import StartRun
from store.models import Environment, Job, JobType, Mirror, Project, RunKind, RunRequest, Tool


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be run, where: a job's, or that of an ad-hoc request."""

    environment: Environment
    kind: RunKind
    name: str
    steps: tuple[str, ...]
    job: str | None = None
    job_type: JobType | None = None
    timeout_s: float | None = None
    step_timeouts_s: Mapping[str, float] = field(default_factory=dict)
    priority: int = 0
    version: str | None = None


def run_request(workspace: Workspace, start: StartRun, run_id: int, created_at: datetime) -> RunRequest:
    """The request of the run that `start` asks for, as this workspace understands it now.

    Raises UsageError for references that mean nothing or too much and for options that cannot be, ConfigurationError
    for an interpreter that is not there.
    """
    plan = _job_plan(workspace, start) if start.job else _ad_hoc_plan(workspace, start)
    project = workspace.project(plan.environment.project)
    check_options(start.options, project.tool, project.name)
    return RunRequest(
        id=run_id,
        kind=plan.kind,
        name=start.name or plan.name,
        project=project.name,
        environment=plan.environment.name,
        job=plan.job,
        job_type=plan.job_type,
        trigger=start.trigger,
        author=start.author,
        created_at=created_at,
        tool=project.tool,
        project_path=str(workspace.project_folder(project)),
        python=str(project_interpreter(workspace, project)),
        target=plan.environment.target,
        branch=plan.environment.branch,
        gateway=plan.environment.gateway,
        steps=plan.steps,
        options=start.options.model_copy(update={"variables": plan.environment.variables | start.options.variables}),
        timeout_s=plan.timeout_s,
        step_timeouts_s=dict(plan.step_timeouts_s),
        priority=plan.priority,
        grace_s=workspace.grace_s,
        version=start.version or plan.version,
        mirror=mirror_of(workspace, project),
    )


def mirror_of(workspace: Workspace, project: Project) -> Mirror | None:
    """Where the repository of a git project is kept; None for a project that is a folder of somebody's."""
    if project.git is None:
        return None
    paths = workspace.paths
    checkout = paths.default_checkout(project.name)
    return Mirror(url=project.git, folder=str(paths.mirror(project.name)), checkout=str(checkout))


def _job_plan(workspace: Workspace, start: StartRun) -> _Plan:
    assert start.job is not None, "only requests that name a job come here"
    job: Job = resolve_job(workspace, start.job, start.environment)
    return _Plan(
        environment=resolve_environment(workspace, f"{job.project}/{job.environment}"),
        kind=start.kind or job.kind,
        name=job.name,
        steps=start.steps or job.steps,
        job=job.name,
        job_type=job.type,
        timeout_s=job.timeout_s,
        step_timeouts_s=job.step_timeouts_s,
        priority=job.priority,
        version=job.version,
    )


_PLANNING: dict[Tool, tuple[str, ...]] = {"dbt": ("build",), "sqlmesh": ("plan",)}
"""What a plan without steps of its own is made for."""


def _ad_hoc_plan(workspace: Workspace, start: StartRun) -> _Plan:
    environment = resolve_environment(workspace, start.environment)
    tool = workspace.project(environment.project).tool
    steps = start.steps or (_PLANNING[tool] if start.kind == "plan" else ())
    if not steps:
        raise UsageError("Say what to run: a job, or the steps of a run of its own.")
    return _Plan(environment, start.kind or kind_of(tool, steps), ", ".join(steps), steps)


def project_interpreter(workspace: Workspace, project: Project) -> Path:
    """The Python that runs the project's tool, absolute; Runroom's own where the project names none.

    A name without a folder is looked for on the PATH. Links are kept: a virtual environment's interpreter is one.
    Raises ConfigurationError when it is not there.
    """
    if project.python is None:
        return Path(sys.executable)
    written = Path(project.python).expanduser()
    # Asked of the text: `./python` is a file, though its path has no folder either.
    if "/" not in project.python and (found := shutil.which(project.python)):
        return Path(found)
    interpreter = Path(os.path.normpath(workspace.paths.folder / written))
    if not os.access(interpreter, os.X_OK) or interpreter.is_dir():
        raise ConfigurationError(
            f"The interpreter of project {project.name} is not there: {interpreter} "
            f"(projects.{project.name}.python in {workspace.paths.configuration.name})."
        )
    return interpreter
