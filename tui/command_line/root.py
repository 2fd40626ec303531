"""`runroom` without a command, which opens the app: all that is loaded before its first picture."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from engine.errors import UsageError
from tui.command_line.output import say
from tui.command_line.shared import invocation, workspace_paths

_WITH_VALUE = ("-w", "--workspace")
_FOR_ALL_COMMANDS = ("-h", "--help", "--install-completion", "--show-completion")

application = typer.Typer(
    rich_markup_mode=None, pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]}
)


@application.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    workspace: Annotated[
        Path | None, typer.Option("--workspace", "-w", metavar="DIR", help="The workspace, or a folder in it.")
    ] = None,
    readonly: Annotated[bool, typer.Option("--readonly", help="Open the app so that it changes nothing.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show a traceback when Runroom breaks.")] = False,
    show_version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> int:
    """The control room for dbt and SQLMesh runs: what ran, what is running, what broke."""
    told = invocation(context)
    told.workspace = workspace or told.workspace
    told.debug = debug or told.debug
    if show_version:
        from importlib.metadata import version  # The app does not wait for it.

        say(f"runroom {version('runroom')}")
        raise typer.Exit
    if context.invoked_subcommand is not None:
        return 0
    return _open(context, readonly)


def _open(context: typer.Context, readonly: bool) -> int:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError('The app needs a terminal; "runroom --help" lists the commands that do not.')
    paths = workspace_paths(context)
    from tui.app import open_app

    return open_app(paths.folder, readonly=readonly)


def names_no_command(arguments: Sequence[str]) -> bool:
    """Whether these arguments of the command line are options of `runroom` itself alone, so that no command is needed.

    In doubt it says no: the whole tree of commands understands everything.
    """
    words = iter(arguments)
    for word in words:
        if word in _WITH_VALUE:
            next(words, None)
        elif not word.startswith("-") or word in _FOR_ALL_COMMANDS:
            return False
    return True
