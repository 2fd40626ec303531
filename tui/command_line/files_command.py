"""`runroom files`: the project's files as a run saw them, listed, or one of them printed."""

import asyncio
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from engine.errors import UsageError
from store.models import Run
from store.paths import WorkspacePaths
from store.wording import byte_size
from tui.command_line.output import complain, say, say_json, say_table
from tui.command_line.record import open_record
from tui.command_line.run_reference import find_run
from tui.command_line.shared import JsonOption, RunArgument, workspace_paths

if TYPE_CHECKING:
    from engine.client.versions import VersionFile


def files(
    context: typer.Context,
    run: RunArgument,
    path: Annotated[str | None, typer.Argument(metavar="PATH", help="Print this file; its name may be enough.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List the project's files as a run saw them, or print one of them."""
    if path is not None and as_json:
        raise UsageError("--json lists the files; a file is printed as it is.")
    paths = workspace_paths(context)
    run_found, found = asyncio.run(_files(paths, run))
    if path is not None:
        _print_file(paths, choose(found, path))
    elif as_json:
        from engine.client.versions import file_json

        say_json([file_json(file) for file in found])
    elif found:
        say_table(("path", "size"), [(file.path, byte_size(file.size)) for file in found], frozenset({1}))
    else:
        complain(f"The project was empty when #{run_found.id} ran.")


async def _files(paths: WorkspacePaths, reference: str) -> "tuple[Run, list[VersionFile]]":
    from engine.client.versions import version_files

    async with open_record(paths) as reader:
        run = await find_run(reader, reference)
    return run, await version_files(paths, run)


def choose(files: "list[VersionFile]", wanted: str) -> "VersionFile":
    """The file that is meant: by its path or by the end of it. Raises UsageError for none, or several."""
    found = [file for file in files if file.path == wanted] or [
        file for file in files if file.path.endswith(f"/{wanted}")
    ]
    if not found:
        raise UsageError(f'There was no "{wanted}"; "runroom files RUN" lists what there was.')
    if len(found) > 1:
        raise UsageError(f'"{wanted}" may mean {", ".join(file.path for file in found[:5])}.')
    return found[0]


def _print_file(paths: WorkspacePaths, file: "VersionFile") -> None:
    from engine.client.versions import read_version_file

    content = asyncio.run(read_version_file(paths, file))
    if not sys.stdout.isatty():
        # A program that reads gets the very bytes.
        sys.stdout.buffer.write(content)
        return
    if b"\0" in content:
        raise UsageError(f"{file.path} is no text; send it into a file with >.")
    say(content.decode("utf-8", "replace").removesuffix("\n"))
