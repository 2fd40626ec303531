"""`runroom engine …`: the engine of the workspace, for whoever wants to see to it."""

import asyncio
from typing import TYPE_CHECKING, Any

import typer

from store.clock import to_iso
from tui.command_line.output import say, say_json
from tui.command_line.service_commands import install, logs
from tui.command_line.shared import Command, JsonOption, workspace_paths

if TYPE_CHECKING:
    from engine.protocol import Hello
    from store.paths import WorkspacePaths

engine = typer.Typer(
    help="See to the engine of the workspace.", rich_markup_mode=None, no_args_is_help=True, add_completion=False
)


engine.command("install", cls=Command)(install)
engine.command("logs", cls=Command)(logs)


@engine.command("start", cls=Command)
def start(context: typer.Context, as_json: JsonOption = False) -> None:
    """Start the engine, where none runs."""
    _print_state(asyncio.run(_start(workspace_paths(context))), as_json)


async def _start(paths: "WorkspacePaths") -> "Hello":
    from engine.client.launch import ensure_engine

    async with await ensure_engine(paths.folder) as client:
        return await client.hello()


@engine.command("stop", cls=Command)
def stop(context: typer.Context, as_json: JsonOption = False) -> None:
    """Stop the engine; runs go on without it, and the next one records what they did."""
    stopped = asyncio.run(_stop(workspace_paths(context)))
    if as_json:
        say_json({"running": False, "stopped": stopped})
    else:
        say("The engine has stopped." if stopped else "The engine was not running.")


async def _stop(paths: "WorkspacePaths") -> bool:
    from engine.client.api import EngineNotRunning
    from engine.client.launch import stop_engine

    try:
        await stop_engine(paths)
    except EngineNotRunning:
        return False
    return True


@engine.command("status", cls=Command)
def status(context: typer.Context, as_json: JsonOption = False) -> None:
    """Say whether the engine runs, and what it does."""
    _print_state(asyncio.run(_status(workspace_paths(context))), as_json)


async def _status(paths: "WorkspacePaths") -> "Hello | None":
    """None where no engine runs."""
    from engine.client.api import EngineNotRunning
    from engine.client.launch import connect

    try:
        client, hello = await connect(paths)
    except EngineNotRunning:
        return None
    await client.close()
    return hello


@engine.command("rebuild", cls=Command)
def rebuild(context: typer.Context, as_json: JsonOption = False) -> None:
    """Make the record again from the journals of all runs."""
    from engine.client.launch import rebuild_store

    rebuilt = asyncio.run(rebuild_store(workspace_paths(context).folder))
    if as_json:
        say_json(rebuilt.model_dump())
        return
    say(f"The record is made again: {rebuilt.runs:,} runs from {rebuilt.events:,} events.")
    for notice in rebuilt.notices:
        say(f"· {notice}")


def _print_state(hello: "Hello | None", as_json: bool) -> None:
    if as_json:
        say_json(_state_json(hello))
    elif hello is None:
        say("The engine is not running; it starts with the next run.")
    else:
        say(f"The engine of {hello.workspace} runs as process {hello.pid}, version {hello.version}.")
        say(f"Active runs: {hello.active_runs}.")
        if hello.listens_on:
            say(f"The API listens on {hello.listens_on}.")
        if hello.listening_problem:
            say(hello.listening_problem)
        if hello.configuration_problem:
            say(hello.configuration_problem)


def _state_json(hello: "Hello | None") -> dict[str, Any]:
    if hello is None:
        return {"running": False}
    return {
        "running": True,
        "pid": hello.pid,
        "version": hello.version,
        "api": hello.api,
        "workspace": hello.workspace,
        "started_at": to_iso(hello.started_at),
        "active_runs": hello.active_runs,
        "configuration_problem": hello.configuration_problem,
        "listens_on": hello.listens_on,
        "listening_problem": hello.listening_problem,
    }
