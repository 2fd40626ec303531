"""`runroom hosts`: where runs ran."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from engine.errors import UsageError
from store.hosts import hosts_json, hosts_of, hosts_text
from store.models import Run
from store.paths import WorkspacePaths
from store.whole_file import FileNotWritten, write_whole
from store.wording import counted
from tui.command_line.output import say, say_json
from tui.command_line.record import open_record
from tui.command_line.run_reference import find_run
from tui.command_line.shared import JsonOption, workspace_paths
from tui.command_line.triage_commands import RunArguments


def hosts(
    context: typer.Context,
    runs: RunArguments,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write them into a file, as JSON with --json.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is there.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Print the hosts that runs used, with their IP addresses, or write them into a file."""
    if force and output is None:
        raise UsageError("--force overwrites the file of --output: name one.")
    read = asyncio.run(_runs(workspace_paths(context), runs))
    found = hosts_of(read)
    if output is not None:
        if not found:
            raise UsageError(f"{_none(read)} Nothing was written.")
        content = json.dumps(hosts_json(found), indent=2) if as_json else hosts_text(found)
        _write(output, content + "\n", force)
        say(f"{counted(len(found), 'host')} in {output.absolute()}")
    elif as_json:
        say_json(hosts_json(found))
    else:
        say(hosts_text(found) if found else _none(read))


async def _runs(paths: WorkspacePaths, references: Sequence[str]) -> list[Run]:
    async with open_record(paths) as reader:
        return [await find_run(reader, reference) for reference in references]


def _none(runs: Sequence[Run]) -> str:
    if len(runs) == 1:
        return f"#{runs[0].id} has not begun on any host."
    return "None of these runs has begun on any host."


def _write(target: Path, text: str, force: bool) -> None:
    try:
        write_whole(target, text.encode(), force)
    except FileNotWritten as error:
        raise UsageError(str(error)) from error
