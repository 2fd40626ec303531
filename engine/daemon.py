"""`python -I -m engine.daemon --workspace DIR`: the engine of one workspace, until it is asked to stop or has idled."""

import argparse
import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from aiohttp import web

from engine.aftermath import Aftermath
from engine.api.desks import Desks
from engine.api.site import ApiSite
from engine.api.tokens import TokenDesk
from engine.api.webhooks.news_desk import ForgeNews
from engine.configuration.workspace import Workspace, workspace_or_problem
from engine.configuration_watch import watch_configuration
from engine.enduring import beside
from engine.errors import RunroomError
from engine.fingerprinting import catch_up_with_failures
from engine.git_triggers.desk import GitDesk
from engine.git_triggers.watch import RemoteWatch
from engine.hub import Hub
from engine.job_desk import JobDesk
from engine.last_good import with_last_good
from engine.lock import LockTaken, hold_lock
from engine.notifications.notifier import Notifier
from engine.protocol import Rebuilt
from engine.rebuild import is_lost, rebuild, set_aside
from engine.refresh import Refresher
from engine.schedule import ScheduleKeeper
from engine.server import Server
from engine.socket_path import listening_address
from engine.supervisor import Supervisor
from engine.triage.desk import TriageDesk
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
        hub = Hub()
        in_force = await with_last_good(workspace, reader)
        supervisor = Supervisor(in_force, writer, reader, hub, system_clock)
        keeper = ScheduleKeeper(supervisor, writer, reader, system_clock)
        aftermath = Aftermath(supervisor, writer, reader, system_clock, keeper.wake)
        job_desk = JobDesk(lambda: supervisor.workspace, writer, reader, hub, system_clock, keeper.wake)
        refresher = Refresher(lambda: supervisor.workspace, supervisor.reserve, writer, hub, system_clock)
        notifier = Notifier(lambda: supervisor.workspace.channels, paths, writer, reader, system_clock)
        git_desk = GitDesk(supervisor, writer, reader)
        remotes = RemoteWatch(supervisor, git_desk, writer, reader, system_clock)
        triage = TriageDesk(paths, writer, reader, hub, system_clock)
        await triage.purge()
        stack.push_async_callback(triage.purge)
        tokens = TokenDesk(
            paths.tokens, writer, reader, system_clock, lambda change: hub.publish(change, workspace=True)
        )
        server = Server(
            supervisor,
            refresher,
            job_desk,
            notifier,
            triage,
            tokens,
            reader,
            hub,
            str(paths.folder),
            system_clock(),
            rebuilt,
            lambda: site.state,
        )
        desks = Desks(
            paths,
            supervisor,
            triage,
            job_desk,
            refresher,
            tokens,
            ForgeNews(git_desk),
            server.versions,
            server.changes,
            reader,
            writer,
            system_clock,
        )
        site = ApiSite(desks, lambda: supervisor.workspace.api)
        stack.push_async_callback(supervisor.close)
        await supervisor.start()
        edits = partial(watch_configuration, paths.configuration, supervisor.reload, keeper.wake)
        await stack.enter_async_context(beside("watching the configuration", edits))
        await stack.enter_async_context(beside("keeping the schedules", keeper.run))
        await stack.enter_async_context(beside("looking at the remotes", lambda: remotes.run(hub)))
        await stack.enter_async_context(beside("looking after ended runs", lambda: aftermath.run(hub)))
        await stack.enter_async_context(beside("telling people", lambda: notifier.run(hub)))
        await stack.enter_async_context(beside("keeping the API open", lambda: site.run(hub)))
        catching_up = asyncio.create_task(catch_up_with_failures(writer, hub))
        stack.callback(catching_up.cancel)
        await _listen(stack, server, paths)
        _stop_on_signals(server)
        _logger.info("engine %s serves %s", os.getpid(), paths.folder)
        await _until_stopped_or_idle(
            server,
            lambda: supervisor.busy or keeper.waits_for_retries or notifier.waits or site.wanted or remotes.wanted,
            hub,
        )
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
        loop.add_signal_handler(number, server.stop.set)
    loop.add_signal_handler(signal.SIGHUP, lambda: None)


async def _until_stopped_or_idle(server: Server, busy: Callable[[], bool], hub: Hub) -> None:
    """Idle: nothing runs, nothing is scheduled, nobody listens and nobody asked for a while."""
    limit = float(os.environ.get("RUNROOM_IDLE_S", DEFAULT_IDLE_S))
    loop = asyncio.get_running_loop()
    seen, since = server.requests, loop.time()
    while not server.stop.is_set():
        if busy() or hub.listeners or server.requests != seen:
            seen, since = server.requests, loop.time()
        if loop.time() - since >= limit:
            return
        try:
            await asyncio.wait_for(server.stop.wait(), min(_IDLE_LOOK_S, limit / 4))
        except TimeoutError:
            continue


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
