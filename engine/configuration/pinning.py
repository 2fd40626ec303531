"""Writes a job that always runs one recorded version into `runroom.toml`; comments and formatting stay."""

import os
import tomllib
from pathlib import Path

import tomlkit

from engine.configuration.file import read_configuration
from engine.configuration.names import check_name
from engine.configuration.workspace import Workspace
from engine.errors import ConfigurationError, UsageError
from store.models import RunRequest


def pin_job(workspace: Workspace, request: RunRequest, version: str, name: str) -> Path:
    """Adds the job `name` that does what `request` asked for, with these files. Returns the file that says so.

    Raises UsageError for a name that cannot be or is taken, ConfigurationError for a file that cannot be read.
    """
    check_new_job(workspace, request.project, name)
    file = workspace.paths.configuration
    before = _read(file)
    added = tomlkit.document()
    jobs = added.setdefault("jobs", tomlkit.table(is_super_table=True))
    jobs[_key(workspace, request.project, name)] = _table(request, version)
    # At the end: among the other jobs it would come between the next table and the comment above that.
    text = "\n\n".join(filter(None, (before.rstrip(), tomlkit.dumps(added))))
    _require_valid(file, text)
    _write(file, text)
    return file


def check_new_job(workspace: Workspace, project: str, name: str) -> None:
    """Raises UsageError for a name that cannot be or is taken."""
    try:
        check_name(name)
    except ValueError as error:
        raise UsageError(f"The job cannot be named so: {error}.") from error
    taken = [job.name for job in workspace.jobs if job.project == project]
    if name in taken:
        raise UsageError(f"{project} has a job {name} already; choose another name.")


def _read(file: Path) -> str:
    if not file.is_file():
        return "# What Runroom runs here, beside what is implied: `runroom init` says all of it."
    read_configuration(file)  # says in one sentence what is wrong with it
    try:
        return file.read_text("utf-8")
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read: {error}.") from error


def _require_valid(file: Path, text: str) -> None:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(
            f"{file}: jobs is one inline table, to which none can be added; write each job as [jobs.NAME]."
        ) from error


def _key(workspace: Workspace, project: str, name: str) -> str:
    """With its project, where another has a job of this name."""
    return f"{project}/{name}" if any(job.name == name for job in workspace.jobs) else name


def _table(request: RunRequest, version: str) -> tomlkit.items.Table:
    table = tomlkit.table()
    table.comment(f"as #{request.id} ran it")
    table["environment"] = f"{request.project}/{request.environment}"
    if request.kind != "run":
        table["kind"] = request.kind
    if request.job_type not in (None, "deploy"):
        table["type"] = request.job_type
    table["steps"] = list(request.steps)
    table["version"] = version
    table["version"].comment("the project's files as they were then")
    return table


def _write(file: Path, text: str) -> None:
    partial = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        partial.write_text(text, "utf-8")
        if file.exists():
            partial.chmod(file.stat().st_mode & 0o777)
        partial.replace(file)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise UsageError(f"{file} cannot be written: {error.strerror}.") from error
