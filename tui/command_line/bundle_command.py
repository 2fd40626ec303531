"""`runroom bundle`: what there is to know of a run, packed for somebody else."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from engine.errors import UsageError
from store.bundle.making import Bundle, make_bundle
from store.clock import system_clock
from store.paths import WorkspacePaths
from store.readers import reads_of
from store.whole_file import FileNotWritten
from store.wording import byte_size
from tui.command_line.output import say, say_json
from tui.command_line.record import open_record
from tui.command_line.run_reference import find_run
from tui.command_line.shared import JsonOption, RunArgument, workspace_paths


def bundle(
    context: typer.Context,
    run: RunArgument,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to; default: a file in this folder.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is there.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Pack errors, failing SQL, log excerpts, lineage and versions of a run into one file, without secrets."""
    made = asyncio.run(_bundle(workspace_paths(context), run, output or Path.cwd(), force))
    if as_json:
        say_json({"file": str(made.path), "size": made.size, "files": list(made.files), "short": made.short})
        return
    say(made.short)
    say(f"\n{made.path} ({byte_size(made.size)}, {len(made.files)} files)")


async def _bundle(paths: WorkspacePaths, reference: str, target: Path, force: bool) -> Bundle:
    async with open_record(paths) as reader:
        run = await find_run(reader, reference)
    # Loading what knows the tools' files takes a moment that only a bundle needs.
    from engine.client.secrets import mask_of_now

    try:
        return await make_bundle(reads_of(paths), paths, run.id, mask_of_now, target, system_clock(), force)
    except FileNotWritten as error:
        raise UsageError(str(error)) from error
