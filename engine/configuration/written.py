"""Makes projects, environments and jobs of the tables in which somebody wrote them down."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.configuration.detect import own_interpreter, tool_of
from engine.configuration.durations import parse_duration
from engine.configuration.implied import environment_type
from engine.configuration.names import suggestion
from engine.configuration.remotes import folder_inside, remote_of
from engine.configuration.tables import EnvironmentTable, JobTable, ProjectTable
from engine.errors import ConfigurationError
from store.models import After, Environment, Job, Project, RunKind
from store.paths import WorkspacePaths


@dataclass(frozen=True, slots=True)
class Place:
    """A table in a file, for sentences about it: `…/runroom.toml: jobs.nightly`."""

    file: Path
    kind: str
    key: str

    def error(self, text: str, key: str | None = None) -> ConfigurationError:
        """The error that something is wrong with this table, or with a key of it."""
        name = f'"{self.key}"' if "/" in self.key or "." in self.key else self.key
        return ConfigurationError(f"{self.file}: {self.kind}.{name}{f'.{key}' if key else ''}: {text}")


def written_project(file: Path, name: str, table: ProjectTable) -> Project:
    """Raises ConfigurationError where there is no such folder, or a project that SQLMesh cannot be asked to run."""
    place = Place(file, "projects", name)
    workspace = file.parent
    if table.git is not None:
        return _git_project(place, name, table, table.git)
    if table.path is None:
        raise place.error("it needs the key path, or git for a project that comes from a remote.")
    folder = workspace / Path(table.path).expanduser()
    if not folder.is_dir():
        raise place.error(f"there is no folder {table.path}.", "path")
    # The other way round is fine: a dbt project that SQLMesh could run too may be run by dbt, if somebody says so.
    if table.tool == "sqlmesh" and tool_of(folder) == "dbt":
        raise place.error(f"{table.path} is a dbt project, which Runroom runs with dbt, not with SQLMesh.", "tool")
    found = own_interpreter(workspace, folder, table.tool) if folder.is_relative_to(workspace) else None
    poll_s = _seconds(table.poll)
    return Project(
        name=name, tool=table.tool, path=table.path, python=table.python or found, poll_s=poll_s, forks=table.forks
    )


def _git_project(place: Place, name: str, table: ProjectTable, written: str) -> Project:
    """The engine clones it; until then there is no such folder."""
    workspace = place.file.parent
    try:
        git = remote_of(written, workspace)
    except ValueError as error:
        raise place.error(str(error), "git") from error
    try:
        inside = folder_inside(table.path)
    except ValueError as error:
        raise place.error(str(error), "path") from error
    folder = WorkspacePaths(workspace).default_checkout(name).relative_to(workspace) / inside
    poll_s = _seconds(table.poll)
    return Project(
        name=name,
        tool=table.tool,
        path=folder.as_posix(),
        python=table.python,
        git=git,
        poll_s=poll_s,
        forks=table.forks,
    )


def written_environments(
    file: Path, tables: Mapping[str, EnvironmentTable], projects: Sequence[Project]
) -> list[Environment]:
    """Raises ConfigurationError for an unknown or missing project and for an environment that is written twice."""
    environments: list[Environment] = []
    for key, table in tables.items():
        place = Place(file, "environments", key)
        project, name = _owner(place, table.project, projects)
        if project is None:
            raise place.error(f"it needs the key project: one of {', '.join(item.name for item in projects)}.")
        _refuse_twice(place, project, name, environments)
        target = table.target or name
        environments.append(
            Environment(
                project=project,
                name=name,
                target=target,
                type=table.type or environment_type(target),
                branch=table.branch,
                gateway=table.gateway,
                variables=table.variables,
                max_concurrent_runs=table.max_concurrent_runs,
            )
        )
    return environments


def written_jobs(
    file: Path, tables: Mapping[str, JobTable], projects: Sequence[Project], environments: Sequence[Environment]
) -> list[Job]:
    """Raises ConfigurationError for an unknown or ambiguous reference and for a job that is written twice."""
    tools = {project.name: project.tool for project in projects}
    jobs: list[Job] = []
    for key, table in tables.items():
        place = Place(file, "jobs", key)
        owner, name = _owner(place, table.project, projects)
        environment = _environment_of(place, owner, table.environment, environments)
        _refuse_twice(place, environment.project, name, jobs)
        _refuse_two_schedules(place, table)
        steps = [step.run for step in table.steps]
        jobs.append(
            Job(
                project=environment.project,
                name=name,
                environment=environment.name,
                kind=table.kind or kind_of(tools[environment.project], steps),
                type=table.type,
                steps=tuple(steps),
                schedule=table.schedule,
                timezone=table.timezone,
                every_s=_seconds(table.every),
                missed=table.missed,
                after=tuple(After(job=after.job, on=after.on) for after in table.after),
                timeout_s=_seconds(table.timeout),
                step_timeouts_s={step.run: parse_duration(step.timeout) for step in table.steps if step.timeout},
                retries=table.retries,
                retry=table.retry,
                retry_delay_s=parse_duration(table.retry_delay),
                retry_backoff=table.retry_backoff,
                priority=table.priority,
                version=table.version,
            )
        )
    return jobs


def _seconds(written: str | None) -> float | None:
    return parse_duration(written) if written else None


def _refuse_two_schedules(place: Place, table: JobTable) -> None:
    if table.schedule and table.every:
        raise place.error("schedule and every are two schedules; keep one of them.")
    if table.timezone and not table.schedule:
        raise place.error("it is for schedule, which this job has not.", "timezone")


def kind_of(tool: str, steps: Iterable[str]) -> RunKind:
    """What steps make a run: one that begins with SQLMesh's `plan` makes it a plan."""
    return "plan" if tool == "sqlmesh" and any(step.split()[0] == "plan" for step in steps) else "run"


def _owner(place: Place, project: str | None, projects: Sequence[Project]) -> tuple[str | None, str]:
    """The project that a table is for, where it says so or there is only one, and the table's own name."""
    prefix, _, name = place.key.rpartition("/")
    if prefix and project and prefix != project:
        raise place.error(f'its name says project "{prefix}", but its key project says "{project}".')
    known = [item.name for item in projects]
    owner = prefix or project or (known[0] if len(known) == 1 else None)
    if owner is not None and owner not in known:
        raise place.error(f'there is no project "{owner}"; {suggestion(owner, known)}')
    return owner, name


def _environment_of(
    place: Place, owner: str | None, reference: str, environments: Sequence[Environment]
) -> Environment:
    prefix, _, name = reference.rpartition("/")
    wanted = prefix or owner
    found = [item for item in environments if item.name == name and wanted in (None, item.project)]
    if owner and prefix and owner != prefix:
        raise place.error(f'the job is of project "{owner}", the environment of "{prefix}".', "environment")
    if len(found) > 1:
        names = " or ".join(f'"{item.project}/{item.name}"' for item in found)
        raise place.error(f'"{reference}" may mean {names}; write one of these.', "environment")
    if not found:
        known = [item.name for item in environments if wanted in (None, item.project)]
        raise place.error(f'there is no environment "{reference}"; {suggestion(name, known)}', "environment")
    return found[0]


def _refuse_twice(place: Place, project: str, name: str, items: Iterable[Environment | Job]) -> None:
    if any(item.project == project and item.name == name for item in items):
        raise place.error(f"{project}/{name} is written twice.")
