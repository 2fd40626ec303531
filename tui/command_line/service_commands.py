"""`runroom engine install` and `runroom engine logs`: the engine as a service, and what it says of itself."""

import asyncio
import getpass
from typing import Annotated

import typer

from engine.errors import UsageError
from store.logs.step_logs import LogTail
from store.paths import WorkspacePaths
from tui.command_line.output import say
from tui.command_line.shared import workspace_paths

_LOOK_MS = 300


def install(
    context: typer.Context,
    print_only: Annotated[bool, typer.Option("--print", help="Only print the unit; write nothing.")] = False,
) -> None:
    """Write a systemd user unit that keeps the engine of the workspace running."""
    from engine.client import service

    unit = service.unit_of(workspace_paths(context))
    if print_only:
        say(unit.text.rstrip("\n"))
        return
    service.install(unit)
    say(f"{unit.file} is written. It takes effect with:")
    say("  systemctl --user daemon-reload")
    say("  runroom engine stop        # one that runs by itself gives way; its runs go on")
    say(f"  systemctl --user enable --now {unit.name}")
    say(f"See to it with systemctl --user status {unit.name}, and runroom engine logs.")
    user = getpass.getuser()
    if service.lingers(user):
        say(f"Lingering is on for {user}: engine and runs go on when you log out.")
    else:
        say("When you log out for good, systemd ends your services and their runs, unless lingering is on:")
        say(f"  loginctl enable-linger {user}")


def logs(
    context: typer.Context,
    number: Annotated[int, typer.Option("-n", "--number", min=1, max=1_000_000, help="How many lines at most.")] = 50,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what is added.")] = False,
) -> None:
    """Print what the engine says of itself."""
    paths = workspace_paths(context)
    if not paths.engine_log.exists():
        raise UsageError("No engine ran here yet, so it has no log.")
    tail = LogTail(paths.engine_log)
    for line in tail.new_lines(complete=not follow)[-number:]:
        say(line)
    if follow:
        asyncio.run(_follow(paths, tail))


async def _follow(paths: WorkspacePaths, tail: LogTail) -> None:
    from watchfiles import awatch

    folder = awatch(paths.record, recursive=False, rust_timeout=_LOOK_MS, yield_on_timeout=True, step=50)
    async for _ in folder:
        for line in await asyncio.to_thread(tail.new_lines):
            say(line)
