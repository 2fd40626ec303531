"""`runroom artifacts`: the files that a run left, listed, or one of them printed."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from engine.errors import UsageError
from store.models import Artifact
from store.paths import WorkspacePaths
from store.run_file import RunFileError, run_file
from store.wording import byte_size
from tui.command_line.output import complain, say, say_json, say_table
from tui.command_line.record import open_record
from tui.command_line.run_reference import find_run
from tui.command_line.shared import JsonOption, RunArgument, workspace_paths

_PIECE = 1_000_000


def artifacts(
    context: typer.Context,
    run: RunArgument,
    path: Annotated[str | None, typer.Argument(metavar="PATH", help="Print this file; its name may be enough.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List the files that a run left, or print one of them."""
    if path is not None and as_json:
        raise UsageError("--json lists the artifacts; a file is printed as it is.")
    paths = workspace_paths(context)
    run_id, found = asyncio.run(_artifacts(paths, run))
    if path is not None:
        _print_file(choose(paths.run(run_id).folder, found, path))
    elif as_json:
        say_json([artifact.model_dump() for artifact in found])
    elif found:
        rows = [(artifact.path, artifact.kind, byte_size(artifact.size)) for artifact in found]
        say_table(("path", "kind", "size"), rows, frozenset({2}))
    else:
        complain(f"Run #{run_id} left no artifacts.")


async def _artifacts(paths: WorkspacePaths, reference: str) -> tuple[int, list[Artifact]]:
    async with open_record(paths) as reader:
        run = await find_run(reader, reference)
        return run.id, await reader.artifacts(run.id)


def choose(folder: Path, artifacts: list[Artifact], wanted: str) -> Path:
    """The file that is meant: one of the artifacts, named by its path or by the end of it.

    Raises UsageError for what is none of them, means several, or leads out of the run's folder.
    """
    whole = [artifact.path for artifact in artifacts if artifact.path == wanted]
    ends = whole or [artifact.path for artifact in artifacts if artifact.path.endswith(f"/{wanted}")]
    if not ends:
        raise UsageError(f'The run left no "{wanted}"; "runroom artifacts RUN" lists what it left.')
    if len(ends) > 1:
        raise UsageError(f'"{wanted}" may mean {", ".join(ends[:5])}{" and more" if len(ends) > 5 else ""}.')
    try:
        # The paths come from the tool: one of them may still lead anywhere.
        return run_file(folder, ends[0])
    except RunFileError as error:
        raise UsageError(str(error)) from error


def _print_file(path: Path) -> None:
    try:
        with path.open("rb") as stream:
            if not sys.stdout.isatty():
                # A program that reads gets the very bytes.
                while piece := stream.read(_PIECE):
                    sys.stdout.buffer.write(piece)
                return
            content = stream.read()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    if b"\0" in content[:_PIECE]:
        raise UsageError(f"{path.name} is no text; send it into a file with >.")
    say(content.decode("utf-8", "replace").removesuffix("\n"))
