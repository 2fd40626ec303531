"""What all commands share: the options --workspace and --debug, and what they were told by them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from engine.client.locating import find_workspace
from store.paths import WorkspacePaths


@dataclass
class Invocation:
    """What was said once for the whole command line; made before it is parsed, filled while it is."""

    workspace: Path | None = None
    debug: bool = False

    def paths(self) -> WorkspacePaths:
        """The workspace that was named, or the one that this folder belongs to. Raises NoWorkspace."""
        return find_workspace(self.workspace or Path.cwd())


def invocation(context: typer.Context) -> Invocation:
    """What this command line was told."""
    told = context.find_object(Invocation)
    assert told is not None, "main() hands one to the parser"
    return told


def workspace_paths(context: typer.Context) -> WorkspacePaths:
    """The files of the workspace that the command is about. Raises NoWorkspace."""
    return invocation(context).paths()


def _workspace_named(context: typer.Context, value: Path | None) -> None:
    # Also called, with None, where the option is not there: one given before the command stays in force.
    if value is not None:
        invocation(context).workspace = value


def _debug_wanted(context: typer.Context, value: bool) -> None:
    if value:
        invocation(context).debug = True


JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
DetachOption = Annotated[bool, typer.Option("--detach", "-d", help="Do not wait for the run to end.")]
AuthorOption = Annotated[
    str | None, typer.Option("--author", help="Who asks; default: RUNROOM_AUTHOR or the system's user.")
]
RunArgument = Annotated[str, typer.Argument(metavar="RUN", help="123, #123, latest or latest:JOB.")]


def _shared_options(
    workspace: Annotated[
        Path | None,
        typer.Option(
            "--workspace",
            "-w",
            metavar="DIR",
            help="The workspace, or a folder in it; default: RUNROOM_WORKSPACE or this folder.",
            callback=_workspace_named,
            expose_value=False,
        ),
    ] = None,
    debug: Annotated[
        bool,
        typer.Option(
            "--debug", help="Show a traceback when Runroom breaks.", callback=_debug_wanted, expose_value=False
        ),
    ] = False,
) -> None:
    """Declares the options that every command has; it is never called."""


_declaration = typer.Typer(add_completion=False, rich_markup_mode=None)
_declaration.command()(_shared_options)
_SHARED = typer.main.get_command(_declaration).params


class Group(TyperGroup):
    """A group of commands that does something by itself, with the shared options beside its own."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        settings["params"] = [*(settings.get("params") or []), *_SHARED]
        super().__init__(*arguments, **settings)


class Command(TyperCommand):
    """A command that has the shared options beside its own; its function need not name them."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        settings["params"] = [*(settings.get("params") or []), *_SHARED]
        super().__init__(*arguments, **settings)
