"""`runroom cancel` and `rename`: what changes a run that is there."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import typer

from engine.errors import UsageError
from store.models import Run
from store.paths import WorkspacePaths
from tui.command_line.output import say
from tui.command_line.production import YesOption, may_touch
from tui.command_line.progress import run_line
from tui.command_line.record import open_record
from tui.command_line.run_reference import find_run
from tui.command_line.shared import AuthorOption, JsonOption, RunArgument, workspace_paths

if TYPE_CHECKING:
    from engine.client.api import EngineClient


def cancel(
    context: typer.Context,
    run: RunArgument,
    yes: YesOption = False,
    author: AuthorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask a run to stop; it says "stopping" until it has. Asks first where it writes production."""
    from engine.client.workspaces import author as author_of

    by = author_of(author)
    if not yes and not asyncio.run(_may_stop(workspace_paths(context), run)):
        return
    _change(workspace_paths(context), run, lambda client, found: client.cancel(found.id, by), as_json)


def rename(
    context: typer.Context,
    run: RunArgument,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the run shall be called.")],
    author: AuthorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a run another name."""
    if not 0 < len(name.strip()) <= 200:
        raise UsageError("A name has between 1 and 200 characters.")
    from engine.client.workspaces import author as author_of

    by = author_of(author)
    _change(workspace_paths(context), run, lambda client, found: client.rename(found.id, name.strip(), by), as_json)


async def _may_stop(paths: WorkspacePaths, reference: str) -> bool:
    async with open_record(paths) as reader:
        found = await find_run(reader, reference)
        environments = await reader.environments()
    return not found.is_active or await may_touch(environments, found, f"Stop #{found.id} {found.name}?")


def _change(
    paths: WorkspacePaths, reference: str, act: Callable[["EngineClient", Run], Awaitable[Run]], as_json: bool
) -> None:
    from tui.command_line.waiting import print_run

    changed = asyncio.run(_changed(paths, reference, act))
    if as_json:
        asyncio.run(print_run(paths, changed.id))
    else:
        say(run_line(changed))


async def _changed(paths: WorkspacePaths, reference: str, act: Callable[["EngineClient", Run], Awaitable[Run]]) -> Run:
    from engine.client.launch import ensure_engine

    async with open_record(paths) as reader:
        found = await find_run(reader, reference)
    async with await ensure_engine(paths.folder) as client:
        return await act(client, found)
