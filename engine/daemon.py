"""`python -I -m engine.daemon --workspace DIR`: the engine of one workspace, until it is asked to stop or has idled."""

import argparse
import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

from aiohttp import web

from engine.configuration.workspace import Workspace, workspace_or_problem
from engine.enduring import beside
from engine.errors import RunroomError
from engine.fingerprinting import catch_up_with_failures
from engine.hub import Hub
from engine.last_good import with_last_good
from engine.lock import LockTaken, hold_lock
from engine.parts import make_parts
from engine.protocol import Rebuilt
from engine.rebuild import is_lost, rebuild, set_aside
from engine.server import Server
from engine.socket_path import listening_address
from store.clock import system_clock
from store.errors import StoreError
from store.paths import WorkspacePaths
from store.reads import StoreReader
from store.writes import StoreWriter

_logger = logging.getLogger("runroom.engine")
_IDLE_LOOK_S = 1.0
DEFAULT_IDLE_S = 300.0


def main(arguments: list[str]) -> int:
    """Returns 0, also when another engine serves the workspace already; 2 for wrong use, 3 when it cannot start."""
    parser = argparse.ArgumentParser(prog="engine.daemon")
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--rebuild", action="store_true", help="set the store aside and make it again")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    logging.getLogger("watchfiles").setLevel(logging.WARNING)
    try:
        return _serve_alone(options.workspace.absolute(), options.rebuild)
    except (RunroomError, StoreError) as error:
        _logger.critical("%s", error)
        return getattr(error, "exit_code", 3)


def _serve_alone(folder: Path, again: bool) -> int:
    workspace = workspace_or_problem(folder)
    paths = workspace.paths
    prepare_record(paths)
    try:
        with hold_lock(paths.engine_lock):
            if again:
                set_aside(paths.database)
            asyncio.run(_serve(workspace, again))
    except LockTaken:
        _logger.info("another engine serves %s", folder)
    return 0


def prepare_record(paths: WorkspacePaths) -> None:
    """Makes the folder of all that Runroom writes; it keeps itself out of git."""
    paths.runs.mkdir(parents=True, exist_ok=True)
    paths.record.chmod(0o700)
    (paths.record / ".gitignore").write_text("*\n", encoding="utf-8")


async def _serve(workspace: Workspace, again: bool) -> None:
    paths = workspace.paths
    async with AsyncExitStack() as stack:
        lost = again or is_lost(paths)
        rebuilt: Rebuilt | None = await rebuild(paths, system_clock) if lost else None
        writer = await stack.enter_async_context(StoreWriter.open(paths.database))
        reader = await stack.enter_async_context(StoreReader.open(paths.database))
        parts = make_parts(await with_last_good(workspace, reader), writer, reader, system_clock, rebuilt)
        await parts.triage.purge()
        stack.push_async_callback(parts.triage.purge)
        stack.push_async_callback(parts.supervisor.close)
        await parts.supervisor.start()
        for what, work in parts.work().items():
            await stack.enter_async_context(beside(what, work))
        catching_up = asyncio.create_task(catch_up_with_failures(writer, parts.hub))
        stack.callback(catching_up.cancel)
        await _listen(stack, parts.server, paths)
        parts.server.departure.forget_former()
        _stop_on_signals(parts.server)
        _logger.info("engine %s serves %s", os.getpid(), paths.folder)
        await _until_stopped_or_idle(parts.server, parts.is_needed, parts.hub)
        _logger.info("engine %s stops", os.getpid())


async def _listen(stack: AsyncExitStack, server: Server, paths: WorkspacePaths) -> None:
    address = stack.enter_context(listening_address(paths.socket))
    runner = web.AppRunner(server.application(), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    # The mask holds from the first moment on: nobody else can connect, not even for an instant.
    before = os.umask(0o177)
    try:
        await web.UnixSite(runner, str(address)).start()
    finally:
        os.umask(before)


def _stop_on_signals(server: Server) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.departure.ask)
    loop.add_signal_handler(signal.SIGHUP, lambda: None)


async def _until_stopped_or_idle(server: Server, busy: Callable[[], bool], hub: Hub) -> None:
    """Idle: nothing runs, nothing is scheduled, nobody listens and nobody asked for a while."""
    limit = float(os.environ.get("RUNROOM_IDLE_S", DEFAULT_IDLE_S))
    loop = asyncio.get_running_loop()
    seen, since = server.requests, loop.time()
    while not server.departure.asked.is_set():
        if busy() or hub.listeners or server.requests != seen:
            seen, since = server.requests, loop.time()
        if loop.time() - since >= limit:
            return
        try:
            await asyncio.wait_for(server.departure.asked.wait(), min(_IDLE_LOOK_S, limit / 4))
        except TimeoutError:
            continue


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
