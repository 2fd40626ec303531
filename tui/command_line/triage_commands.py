"""`runroom acknowledge`, `archive`, `delete`, `undelete` and `actions`: looking after runs that are over."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from engine.errors import UsageError
from store.models import Run
from store.paths import WorkspacePaths
from store.reads import StoreReader
from store.triage import Action, action_json
from store.wording import NOTHING, date_and_time
from tui.command_line.output import say, say_json, say_table
from tui.command_line.progress import run_line
from tui.command_line.record import open_record
from tui.command_line.run_reference import find_run
from tui.command_line.shared import AuthorOption, JsonOption, workspace_paths

if TYPE_CHECKING:
    from engine.client.api import EngineClient
    from engine.protocol import DeedName

RunArguments = Annotated[list[str], typer.Argument(metavar="RUN…", help="123, #123, latest or latest:JOB; several.")]
UndoOption = Annotated[bool, typer.Option("--undo", help="Take it back.")]
_HEADS = ("when", "who", "did", "run", "detail")


def acknowledge(
    context: typer.Context,
    runs: RunArguments,
    note: Annotated[str | None, typer.Option("--note", "-m", help="What is known of it, in Markdown.")] = None,
    undo: UndoOption = False,
    author: AuthorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that somebody knows of a failed run and looks after it."""
    if undo and note:
        raise UsageError("A note is for an acknowledgement, not for taking one back.")
    _triage(context, runs, "unacknowledge" if undo else "acknowledge", author, note, as_json)


def archive(
    context: typer.Context,
    runs: RunArguments,
    undo: UndoOption = False,
    author: AuthorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take runs out of the lists; is:archived finds them, and nothing of them is lost."""
    _triage(context, runs, "unarchive" if undo else "archive", author, None, as_json)


def delete(
    context: typer.Context,
    runs: RunArguments,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    author: AuthorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Delete runs that are over: record, logs and artifacts. Until the engine stops, undelete brings them back."""
    by = _author(author)

    async def forget(client: "EngineClient", found: Sequence[Run]) -> Sequence[Run]:
        await asyncio.to_thread(_ask_first, found, yes)
        for run in found:
            await client.delete(run.id, by)
        return found

    deleted = asyncio.run(_changed(workspace_paths(context), runs, forget))
    if as_json:
        say_json([{"id": run.id, "deleted": True} for run in deleted])
    for run in () if as_json else deleted:
        say(f"#{run.id} {run.name} is deleted; runroom undelete {run.id} brings it back until the engine stops.")


def undelete(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="The number that the run had.")],
    author: AuthorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring back a run that was deleted since the engine started."""
    by = _author(author)

    async def bring_back(client: "EngineClient", _: Sequence[Run]) -> Sequence[Run]:
        return [await client.triage(number, "undelete", by)]

    _say_runs(asyncio.run(_changed(workspace_paths(context), [], bring_back)), as_json)


def actions(
    context: typer.Context,
    run: Annotated[str | None, typer.Argument(metavar="[RUN]", help="Only what was done to this run.")] = None,
    number: Annotated[int, typer.Option("-n", "--number", min=1, max=100_000, help="How many at most.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """List who did what and when, to one run or in the whole workspace; newest first."""
    found = asyncio.run(_actions(workspace_paths(context), run, number))
    if as_json:
        say_json([action_json(action) for action in found])
    elif found:
        say_table(_HEADS, [_action_row(action) for action in found])
    else:
        say("Nobody did anything yet.")


async def _actions(paths: WorkspacePaths, reference: str | None, number: int) -> list[Action]:
    async with open_record(paths) as reader:
        return await reader.triage.actions(number, await _number_of(reader, reference))


async def _number_of(reader: StoreReader, reference: str | None) -> int | None:
    """A number as it stands: what was done to a run that is deleted is still known."""
    if reference is None:
        return None
    bare = reference.removeprefix("#")
    return int(bare) if bare.isdecimal() and len(bare) < 19 else (await find_run(reader, reference)).id


def _action_row(action: Action) -> list[str]:
    run = f"#{action.run_id}" if action.run_id else NOTHING
    return [date_and_time(action.at), action.author or NOTHING, action.action, run, action.detail or ""]


def _triage(
    context: typer.Context, runs: list[str], deed: "DeedName", author: str | None, note: str | None, as_json: bool
) -> None:
    by = _author(author)

    async def act(client: "EngineClient", found: Sequence[Run]) -> Sequence[Run]:
        return [await client.triage(run.id, deed, by, note) for run in found]

    _say_runs(asyncio.run(_changed(workspace_paths(context), runs, act)), as_json)


def _say_runs(runs: Sequence[Run], as_json: bool) -> None:
    if as_json:
        say_json([{"id": run.id, "handling": run.handling, "archived": run.archived} for run in runs])
    for run in () if as_json else runs:
        state = ", ".join([*([run.handling] if run.handling else []), *(["archived"] if run.archived else [])])
        say(f"{run_line(run)}{f'  {state}' if state else ''}")


def _author(named: str | None) -> str | None:
    from engine.client.workspaces import author

    return author(named)


def _ask_first(runs: Sequence[Run], yes: bool) -> None:
    if yes:
        return
    named = ", ".join(f"#{run.id} {run.name}" for run in runs)
    if not sys.stdin.isatty():
        raise UsageError(f"Deleting {named} asks first; say --yes where nobody can be asked.")
    typer.confirm(f"Delete {named} with logs and artifacts?", abort=True)


async def _changed(
    paths: WorkspacePaths,
    references: Sequence[str],
    act: Callable[["EngineClient", Sequence[Run]], Awaitable[Sequence[Run]]],
) -> Sequence[Run]:
    from engine.client.launch import ensure_engine

    async with open_record(paths) as reader:
        found = [await find_run(reader, reference) for reference in references]
    async with await ensure_engine(paths.folder) as client:
        return await act(client, found)
