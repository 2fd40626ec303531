"""`runroom environments`: where the projects are built, how that fared last, and what the tools say of it."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.errors import UsageError
from store.clock import system_clock
from store.errors import StoreMissing
from store.models import Environment, EnvironmentHealth, Tool
from store.paths import WorkspacePaths
from store.reads import StoreReader
from store.wording import NOTHING, date_and_time
from store.workspace_json import environment_json
from tui.command_line.output import complain, say, say_json, say_table
from tui.command_line.record import open_record
from tui.command_line.run_text import last_run_text
from tui.command_line.shared import JsonOption, workspace_paths
from tui.freshness import applied_text, as_of_text, difference_text, freshness_text, interval_text
from tui.not_well import TORN, failing_text, torn_text

if TYPE_CHECKING:
    from engine.client.workspaces import Workspace

_HEADS = (
    "environment",
    "tool",
    "type",
    "target",
    "branch",
    "models",
    "fresh",
    "to prod",
    "applied",
    "last run",
    "last plan",
)
_MODEL_HEADS = ("model", "freshness", "loaded", "missing", "cron", "next")


def environments(
    context: typer.Context,
    environment: Annotated[
        str | None, typer.Argument(metavar="ENVIRONMENT", help="One environment, with each of its models.")
    ] = None,
    refresh: Annotated[bool, typer.Option("--refresh", help="Ask SQLMesh again what it knows of them.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the environments of the workspace, or the models of one with what is loaded and missing."""
    from engine.client.workspaces import load_workspace

    paths = workspace_paths(context)
    workspace = load_workspace(paths.folder)
    if refresh:
        asyncio.run(_refresh(paths, as_json))
    entries = asyncio.run(_entries(paths, workspace))
    now = system_clock()
    if environment is not None:
        _say_one(_named(entries, environment), now, as_json)
    elif as_json:
        say_json([_json(entry, now) for entry in entries])
    else:
        if workspace.problem:
            complain(workspace.problem)
        say_table(_HEADS, [_row(entry, now) for entry in entries])
        for entry in entries:
            _say_what_is_not_well(entry)


async def _refresh(paths: WorkspacePaths, quiet: bool) -> None:
    from engine.client.launch import ensure_engine

    async with await ensure_engine(paths.folder) as client:
        refreshed = await client.refresh_environments()
    for problem in refreshed.problems:
        complain(problem)
    if not refreshed.projects and not quiet:
        complain("No project here keeps a state of its environments; SQLMesh projects do.")


async def _entries(paths: WorkspacePaths, workspace: "Workspace") -> list[EnvironmentHealth]:
    tools = {project.name: project.tool for project in workspace.projects}
    try:
        async with open_record(paths) as reader:
            return await reader.health_of(await _places(reader, workspace, tools))
    except StoreMissing:
        return [
            EnvironmentHealth(environment=each, tool=tools[each.project], last_run=None, last_plan=None, active=0)
            for each in workspace.environments
        ]


async def _places(
    reader: StoreReader, workspace: "Workspace", tools: Mapping[str, Tool]
) -> list[tuple[Environment, Tool]]:
    """The configured environments, then those that only a tool knows."""
    known = {(place.project, place.target or place.name) for place in workspace.environments}
    reported = [
        Environment(project=project, name=name, target=name)
        for project in tools
        for name in await reader.environment_states(project)
        if (project, name) not in known
    ]
    return [(place, tools[place.project]) for place in (*workspace.environments, *reported)]


def _name(entry: EnvironmentHealth) -> str:
    return f"{entry.environment.project}/{entry.environment.name}"


def _named(entries: Sequence[EnvironmentHealth], reference: str) -> EnvironmentHealth:
    found = [entry for entry in entries if reference in (_name(entry), entry.environment.name)]
    names = ", ".join(_name(entry) for entry in found or entries)
    if not found:
        raise UsageError(f'There is no environment "{reference}"; there are {names}.')
    if len(found) > 1:
        raise UsageError(f'"{reference}" may mean more than one environment: {names}.')
    return found[0]


def _row(entry: EnvironmentHealth, now: datetime) -> list[str]:
    place = entry.environment
    return [
        _name(entry),
        entry.tool,
        place.type,
        place.target or NOTHING,
        place.branch or NOTHING,
        str(entry.state.models) if entry.state else NOTHING,
        freshness_text(entry.state),
        difference_text(entry.state),
        applied_text(entry.state, now),
        last_run_text(entry.last_run, now),
        last_run_text(entry.last_plan, now),
    ]


def _say_what_is_not_well(entry: EnvironmentHealth) -> None:
    if entry.failing:
        say(f"✗ {_name(entry)}: {failing_text(entry.failing)}")
    if entry.torn:
        repairs = ", ".join(f"runroom repair {run.run_id}" for run in entry.torn)
        say(f"{TORN} {_name(entry)}: {torn_text(entry.torn)} ({repairs})")


def _json(entry: EnvironmentHealth, now: datetime) -> dict[str, Any]:
    return environment_json(entry, now)


def _say_one(entry: EnvironmentHealth, now: datetime, as_json: bool) -> None:
    if as_json:
        say_json(_json(entry, now))
        return
    _say_what_is_not_well(entry)
    state = entry.state
    if state is None:
        say(f"{_name(entry)}: nothing is known of its models; runroom environments --refresh asks SQLMesh.")
        return
    say(f"{_name(entry)}  {freshness_text(state)} fresh  {as_of_text(state, now)}")
    say(f"plan {state.plan_id or NOTHING}, applied {applied_text(state, now)}, to production {difference_text(state)}")
    rows = [
        [
            model.name,
            model.freshness or NOTHING,
            interval_text(model),
            str(model.missing_count),
            model.cron or NOTHING,
            date_and_time(model.next_at),
        ]
        for model in sorted(state.intervals, key=lambda model: model.name)
    ]
    say_table(_MODEL_HEADS, rows, right=frozenset({3}))
