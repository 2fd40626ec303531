"""`runroom changes`: what differs from an earlier run to this one."""

import asyncio
from collections.abc import Mapping
from typing import Annotated

import typer

from store.changes import VersionChanges
from store.changes_json import changes_json
from store.models import Run
from store.paths import WorkspacePaths
from tui.command_line.output import complain, say, say_json
from tui.command_line.record import open_record
from tui.command_line.run_reference import find_run
from tui.command_line.shared import JsonOption, RunArgument, workspace_paths

_LAST_GOOD = "last-good"


def changes(
    context: typer.Context,
    run: RunArgument,
    since: Annotated[
        str | None, typer.Option("--since", metavar="RUN", help="An earlier run, or last-good; default: the previous.")
    ] = None,
    diff: Annotated[bool, typer.Option("--diff", help="Show also how the definitions differ.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show what changed since an earlier run of the same job: models, commits, configuration, packages."""
    paths = workspace_paths(context)
    found, names, changed = asyncio.run(_changes(paths, run, since))
    if as_json:
        say_json(changes_json(found, changed, names))
    elif changed is None:
        complain(f"There is no earlier run of the same job whose files were recorded, to compare #{found.id} with.")
    else:
        _print(found, changed, names, diff)


async def _changes(
    paths: WorkspacePaths, reference: str, since: str | None
) -> tuple[Run, Mapping[str, str], VersionChanges | None]:
    from engine.client.versions import earlier_run, read_changes

    async with open_record(paths) as reader:
        run = await find_run(reader, reference)
        named = None if since is None or since == _LAST_GOOD else await find_run(reader, since)
        earlier = await earlier_run(reader, run, named, good=since == _LAST_GOOD)
        return run, *await read_changes(reader, paths, earlier, run)


def _print(run: Run, changed: VersionChanges, names: Mapping[str, str], diff: bool) -> None:
    from tui.version_text import change_lines, in_order

    say(f"#{run.id} {run.name} · {run.project}/{run.environment}, since #{changed.run}")
    for line in change_lines(changed, names):
        say(line.plain)
    if changed.is_empty:
        say("Nothing changed.")
    diffs = [*(each.diff for each in in_order(changed.models)), *(each.diff for each in changed.configuration)]
    for text in filter(None, diffs if diff else ()):
        say(f"\n{text}")
