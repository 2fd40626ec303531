"""Writes the first `runroom.toml` of a workspace: what was detected, with the words to change it."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.configuration.workspace import Workspace, load_workspace
from engine.errors import ConfigurationError, UsageError
from store.models import Environment, Project, Tool


def write_configuration(folder: Path) -> Path:
    """Writes a commented `runroom.toml` that says what holds in this folder without one; returns its path.

    Raises UsageError when there is one already, ConfigurationError when there is no project to describe.
    """
    workspace = load_workspace(folder)
    file = workspace.paths.configuration
    if not workspace.projects:
        raise ConfigurationError(workspace.problem or f"{folder} has no project.")
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(describe(workspace))
    except FileExistsError:
        raise UsageError(f"{file} is there already; it was not changed.") from None
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}.") from error
    return file


def describe(workspace: Workspace) -> str:
    """The text of a `runroom.toml` that configures this workspace as it is."""
    return "\n".join(
        [
            "# What Runroom runs here. Paths count from this file's folder; keys that it does not know are refused.",
            "",
            "[workspace]",
            f"name = {_quoted(workspace.name)}",
            f"# max_concurrent_runs = {workspace.max_concurrent_runs}",
            '# cancel_grace = "10s"         # how long a tool may take to stop before it is made to',
            *_projects(workspace.projects),
            *_environments(workspace),
            *_jobs(workspace),
            *_CHANNEL_KEYS,
            *_API_KEYS,
            "",
        ]
    )


def _projects(projects: Sequence[Project]) -> Iterator[str]:
    yield from ("", "# A project is one dbt or SQLMesh code base.")
    for project in projects:
        yield from ("", f"[projects.{_key(project.name)}]", f'tool = "{project.tool}"')
        yield f"path = {_quoted(project.path)}"
        if project.python:
            yield f"python = {_quoted(project.python)}"
        else:
            yield '# python = "./.venv/bin/python"  # the interpreter that has the tool; default: that of Runroom'
        yield '# poll = "1m"  # for a project in git: how often to look for pushes to its remote, for merge and ci jobs'


def _environments(workspace: Workspace) -> Iterator[str]:
    yield from ("", "# An environment is where a project's models are built: a dbt target, a SQLMesh environment.")
    for environment in workspace.environments:
        yield from ("", f"[environments.{_key(_shortest(environment, workspace))}]")
        yield f"project = {_quoted(environment.project)}"
        yield f"target = {_quoted(environment.target or environment.name)}"
        yield f'type = "{environment.type}"  # production, staging or development'
        yield '# branch = "main"  # for a project in git: run this branch, whatever is checked out'
        yield from _TOOL_KEYS[_tool(workspace, environment)]
        yield "# max_concurrent_runs = 1  # more only where jobs never write the same tables: no tool guards against it"


def _jobs(workspace: Workspace) -> Iterator[str]:
    implied = ", ".join(dict.fromkeys(job.name for job in workspace.jobs if job.implied))
    yield from ("", "# A job is a named way to run a project in an environment.")
    if implied:
        yield f"# These are there without being written, until a job of the same name is: {implied}."
    if workspace.environments:
        first = workspace.environments[0]
        step = "build" if _tool(workspace, first) == "dbt" else "run"
        yield from (
            "",
            "# [jobs.nightly]",
            f"# environment = {_quoted(_shortest(first, workspace))}",
            f"# steps = [{_quoted(step)}]"
            f'           # commands of the tool; one with a limit: {{ run = {_quoted(step)}, timeout = "1h" }}',
            *_JOB_KEYS,
        )


_VARIABLES = '# variables = { since = "2013-01-01" }  # for the tool, in each run here; what the run itself says wins'
_TOOL_KEYS: dict[Tool, tuple[str, ...]] = {
    "dbt": (_VARIABLES,),
    "sqlmesh": (
        '# gateway = "warehouse"  # of those in SQLMesh\'s own configuration',
        _VARIABLES,
    ),
}

_JOB_KEYS = (
    '# type = "deploy"             # merge: pushes to the environment\'s branch start it, ci: pull and merge requests',
    '# schedule = "0 3 * * *"      # cron, on the clock of the timezone; or, counted from midnight UTC:',
    '# # every = "15m"',
    '# timezone = "Europe/Berlin"  # default: UTC',
    '# missed = "skip"             # fires that no engine was there for: skip, once (one run for all of them) or all',
    "# # It also starts after other jobs: when these have succeeded, or ended otherwise (success, failure, any).",
    '# # after = ["ingest", { job = "load", on = "failure" }]',
    '# timeout = "2h"              # the whole run is stopped then, and failed',
    "# retries = 2                 # how often a failed run is tried again; a cancelled one never is",
    '# retry = "failed"            # failed: only what failed or was skipped; default: all',
    '# retry_delay = "1m"          # before the first retry',
    "# retry_backoff = 2           # so many times longer before each further one",
    "# priority = 10               # -100 to 100: of runs that wait, the one with more goes first; default: 0",
)


_CHANNEL_KEYS = (
    "",
    "# # A channel tells people of failed, recovered and long-running runs and of missed schedules.",
    "# [notifications.oncall]",
    '# url = "$ONCALL_URL"          # for Apprise, with its many services; or: webhook = "https://…" gets JSON; or',
    '# # command = ["./page.sh"]    # gets JSON on its standard input',
    '# on = ["failure", "recovery"] # also: long_running, missed; default: all',
    '# environments = ["prod"]      # jobs = ["nightly"]; default: all',
    '# quiet_hours = "22:00-07:00"  # messages wait until they end',
    '# timezone = "Europe/Berlin"   # of the quiet hours; default: UTC',
)


_API_KEYS = (
    "",
    "# # HTTP for other programs, which show a token of `runroom tokens create`; off without this.",
    "# [api]",
    '# listen = "127.0.0.1:8470"    # elsewhere only with certificate and key, or behind_proxy = true',
    "# rate_limit = 120             # requests a minute and token",
    "# max_body = 1_000_000         # bytes",
    "",
    "# # A forge that tells of pushes (for merge jobs) and of requests (for ci jobs).",
    "# [webhooks.github]",
    '# provider = "github"          # or gitlab',
    '# secret_env = "HOOK_SECRET"   # the variable of the engine that has the secret',
    "# forks = false                # requests from forks, too: whoever can open one then runs code here",
)


def _tool(workspace: Workspace, environment: Environment) -> Tool:
    return workspace.project(environment.project).tool


def _shortest(environment: Environment, workspace: Workspace) -> str:
    """The environment's name, with its project where another project has one of the same name."""
    alone = sum(other.name == environment.name for other in workspace.environments) == 1
    return environment.name if alone else f"{environment.project}/{environment.name}"


def _key(name: str) -> str:
    """A name as a key in TOML: bare where it may be."""
    return name if name.replace("_", "").replace("-", "").isalnum() and name.isascii() else _quoted(name)


def _quoted(text: str) -> str:
    # JSON's strings are TOML's basic strings but for one character that JSON leaves as it is.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
