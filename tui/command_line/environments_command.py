"""`runroom environments`: where the projects are built, how that fared last, and what the tools say of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.errors import UsageError
from store.clock import system_clock
from store.errors import StoreMissing
from store.events import EnvironmentState
from store.filters import RunFilter
from store.models import Environment, Run
from store.paths import WorkspacePaths
from store.reads import StoreReader
from store.wording import NOTHING, date_and_time
from store.workspace_json import environment_json
from tui.command_line.output import complain, say, say_json, say_table
from tui.command_line.record import open_record
from tui.command_line.run_text import last_run_text
from tui.command_line.shared import JsonOption, workspace_paths
from tui.freshness import applied_text, as_of_text, difference_text, freshness_text, interval_text

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


@dataclass(frozen=True, slots=True)
class _Entry:
    """An environment with all that is known of it."""

    environment: Environment
    tool: str
    run: Run | None = None
    plan: Run | None = None
    state: EnvironmentState | None = None

    @property
    def name(self) -> str:
        return f"{self.environment.project}/{self.environment.name}"


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


async def _refresh(paths: WorkspacePaths, quiet: bool) -> None:
    from engine.client.launch import ensure_engine

    async with await ensure_engine(paths.folder) as client:
        refreshed = await client.refresh_environments()
    for problem in refreshed.problems:
        complain(problem)
    if not refreshed.projects and not quiet:
        complain("No project here keeps a state of its environments; SQLMesh projects do.")


async def _entries(paths: WorkspacePaths, workspace: "Workspace") -> list[_Entry]:
    tools = {project.name: project.tool for project in workspace.projects}
    try:
        async with open_record(paths) as reader:
            return [await _entry(reader, place, tool) for place, tool in await _places(reader, workspace, tools)]
    except StoreMissing:
        return [_Entry(place, tools[place.project]) for place in workspace.environments]


async def _places(reader: StoreReader, workspace: "Workspace", tools: dict[str, Any]) -> list[tuple[Environment, str]]:
    """The configured environments, then those that only a tool knows."""
    known = {(place.project, place.target or place.name) for place in workspace.environments}
    reported = [
        Environment(project=project, name=name, target=name)
        for project in tools
        for name in await reader.environment_states(project)
        if (project, name) not in known
    ]
    return [(place, tools[place.project]) for place in (*workspace.environments, *reported)]


async def _entry(reader: StoreReader, place: Environment, tool: str) -> _Entry:
    async def last(kind: str) -> Run | None:
        wanted = RunFilter(project=place.project, environment=place.name).model_copy(update={"kinds": {kind}})
        return next(iter(await reader.runs(wanted, limit=1)), None)

    states = await reader.environment_states(place.project)
    return _Entry(place, tool, await last("run"), await last("plan"), states.get(place.target or place.name))


def _named(entries: Sequence[_Entry], reference: str) -> _Entry:
    found = [entry for entry in entries if reference in (entry.name, entry.environment.name)]
    names = ", ".join(entry.name for entry in found or entries)
    if not found:
        raise UsageError(f'There is no environment "{reference}"; there are {names}.')
    if len(found) > 1:
        raise UsageError(f'"{reference}" may mean more than one environment: {names}.')
    return found[0]


def _row(entry: _Entry, now: datetime) -> list[str]:
    place = entry.environment
    return [
        entry.name,
        entry.tool,
        place.type,
        place.target or NOTHING,
        place.branch or NOTHING,
        str(entry.state.models) if entry.state else NOTHING,
        freshness_text(entry.state),
        difference_text(entry.state),
        applied_text(entry.state, now),
        last_run_text(entry.run, now),
        last_run_text(entry.plan, now),
    ]


def _json(entry: _Entry, now: datetime) -> dict[str, Any]:
    return environment_json(entry.environment, entry.tool, entry.run, entry.plan, entry.state, now)


def _say_one(entry: _Entry, now: datetime, as_json: bool) -> None:
    if as_json:
        say_json(_json(entry, now))
        return
    state = entry.state
    if state is None:
        say(f"{entry.name}: nothing is known of its models; runroom environments --refresh asks SQLMesh.")
        return
    say(f"{entry.name}  {freshness_text(state)} fresh  {as_of_text(state, now)}")
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
