"""The tree of commands; without one, the app opens."""

import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from engine.errors import UsageError
from tui.command_line.artifacts_command import artifacts
from tui.command_line.causes_command import causes
from tui.command_line.change_commands import cancel, delete, rename
from tui.command_line.changes_command import changes
from tui.command_line.compare_command import compare
from tui.command_line.demo_command import demo
from tui.command_line.doctor_command import doctor
from tui.command_line.engine_commands import engine
from tui.command_line.environments_command import environments
from tui.command_line.failures_command import failures
from tui.command_line.files_command import files
from tui.command_line.keys_command import keys
from tui.command_line.lineage_command import lineage
from tui.command_line.logs_command import logs
from tui.command_line.model_command import model
from tui.command_line.output import say
from tui.command_line.plan_command import plan
from tui.command_line.read_commands import runs, show
from tui.command_line.rerun_command import rerun
from tui.command_line.run_commands import repair, run
from tui.command_line.search_command import search_logs
from tui.command_line.shared import Command, invocation, workspace_paths
from tui.command_line.version_commands import job_from, restore
from tui.command_line.watch_command import watch
from tui.command_line.workspace_commands import init, jobs

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


for _function in (
    demo,
    init,
    run,
    plan,
    runs,
    show,
    logs,
    failures,
    artifacts,
    lineage,
    model,
    causes,
    compare,
    cancel,
    rerun,
    repair,
    changes,
    files,
    restore,
    rename,
    delete,
    watch,
    jobs,
    environments,
    doctor,
    keys,
):
    application.command(_function.__name__, cls=Command)(_function)
application.command("search", cls=Command)(search_logs)
application.command("job-from", cls=Command)(job_from)
application.add_typer(engine, name="engine")
