"""Makes sure that a workspace has an engine, and that it is one that this Runroom can talk to."""

import asyncio
import contextlib
import re
import subprocess
import sys
import threading
from importlib.metadata import version
from pathlib import Path

from engine.client.api import EngineClient, EngineNotRunning
from engine.client.service_control import engine_variables, restart_service, start_service
from engine.errors import EngineStopped, EngineTooNew, EngineUnavailable
from engine.lock import is_locked
from engine.protocol import API_VERSION, Hello, Rebuilt
from store.migrate import LATEST
from store.paths import WorkspacePaths

_START_LIMIT_S = 60.0
_STOP_LIMIT_S = 15.0
_LOOK_S = 0.03
_LOG_HEAD = re.compile(r"^[\d-]+ [\d:,.]+ [A-Z]+ ")


async def ensure_engine(folder: Path) -> EngineClient:
    """A connection to the workspace's engine, which is started where none runs; the caller closes it.

    An older engine is replaced, by systemd where it is its service; its runs go on meanwhile. Raises EngineTooNew for
    an engine of a newer Runroom, EngineUnavailable when it does not start.
    """
    paths = WorkspacePaths(folder.absolute())
    try:
        client, hello = await connect(paths)
    except EngineNotRunning:
        return await start_engine(paths)
    if not is_older(hello):
        return client
    if await asyncio.to_thread(restart_service, paths):
        await client.close()
        return await _answering(paths, None, 0, _START_LIMIT_S)
    async with client:
        # Somebody else may replace it at the same moment.
        with contextlib.suppress(EngineNotRunning):
            await client.stop()
    await _until_gone(paths)
    return await start_engine(paths)


async def find_engine(folder: Path) -> EngineClient:
    """As `ensure_engine`, for whoever only listens: an engine that somebody stopped stays so, one that died does not.

    Raises EngineStopped, and as `ensure_engine`.
    """
    paths = WorkspacePaths(folder.absolute())
    if not await asyncio.to_thread(paths.engine_stopped.exists):
        return await ensure_engine(folder)
    try:
        client, _ = await connect(paths)
    except EngineNotRunning:
        raise EngineStopped("The engine was stopped; the next action starts it again.") from None
    return client


async def connect(paths: WorkspacePaths) -> tuple[EngineClient, Hello]:
    """A connection to an engine that runs, and its greeting; the caller closes it.

    Raises EngineNotRunning, EngineTooNew, EngineUnavailable.
    """
    client = EngineClient(paths)
    try:
        hello = await client.hello()
        if hello.api > API_VERSION or hello.store_schema > LATEST:
            raise EngineTooNew(
                f"The engine of {paths.folder} is of Runroom {hello.version}, newer than this one "
                f"({version('runroom')}, schema {LATEST}); use that Runroom, or end the engine with its "
                '"runroom engine stop".'
            )
    except BaseException:
        await client.close()
        raise
    return client, hello


def is_older(hello: Hello) -> bool:
    """Whether the engine that answered is of an earlier Runroom than this process.

    Code changes more often than its version: a store of an earlier schema tells as well.
    """
    if hello.api < API_VERSION or hello.store_schema < LATEST:
        return True
    return release(hello.version) < release(version("runroom"))


def release(text: str) -> tuple[int, ...]:
    """The numbers of a version, for comparison: `1.10.2` is `(1, 10, 2)`; empty for what is no version."""
    match = re.match(r"\d+(?:\.\d+)*", text)
    return tuple(int(part) for part in match[0].split(".")) if match else ()


async def start_engine(paths: WorkspacePaths, rebuild: bool = False) -> EngineClient:
    """Starts an engine and waits until it, or one that somebody else started at the same time, answers.

    Raises EngineUnavailable with the engine's last words when it dies.
    """
    if not rebuild and await asyncio.to_thread(start_service, paths):
        return await _answering(paths, None, 0, _START_LIMIT_S)
    await asyncio.to_thread(paths.record.mkdir, parents=True, exist_ok=True)
    before = paths.engine_log.stat().st_size if paths.engine_log.exists() else 0
    process = await asyncio.to_thread(_spawn, paths, rebuild)
    # Reading all journals again takes as long as it takes.
    return await _answering(paths, process, before, None if rebuild else _START_LIMIT_S)


async def _answering(
    paths: WorkspacePaths, process: subprocess.Popen[bytes] | None, before: int, limit_s: float | None
) -> EngineClient:
    """Waits for the engine of this process, or of the service where it is none of ours, to answer."""
    try:
        async with asyncio.timeout(limit_s):
            while True:
                try:
                    client, _ = await connect(paths)
                except EngineNotRunning:
                    process = await _alive(process, paths, before) if process is not None else None
                else:
                    return client
                await asyncio.sleep(_LOOK_S)
    except TimeoutError:
        raise EngineUnavailable(
            f"The engine did not answer within {_START_LIMIT_S:.0f} seconds; its log is {paths.engine_log}."
        ) from None


async def _alive(process: subprocess.Popen[bytes], paths: WorkspacePaths, before: int) -> subprocess.Popen[bytes]:
    """The process, or another one where this one gave way to an engine that has gone meanwhile."""
    code = process.poll()
    if code is None:
        return process
    if code == 0:
        return await asyncio.to_thread(_spawn, paths, False)
    reason = _last_words(paths.engine_log, before)
    raise EngineUnavailable(f"The engine did not start: {reason} Its log is {paths.engine_log}.")


def _spawn(paths: WorkspacePaths, rebuild: bool) -> subprocess.Popen[bytes]:
    # -I: neither the folder nor PYTHONPATH may put a user's modules in the place of ours.
    command = [sys.executable, "-I", "-m", "engine.daemon", "--workspace", str(paths.folder)]
    with paths.engine_log.open("ab") as log:
        process = subprocess.Popen(
            [*command, *(["--rebuild"] if rebuild else [])],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=paths.folder,
            env=engine_variables(paths),
            start_new_session=True,
        )
    # Whoever lives longer than the engine must take its exit code, or it stays in the process table.
    threading.Thread(target=process.wait, name="engine's exit", daemon=True).start()
    return process


def _last_words(log: Path, before: int) -> str:
    with log.open("rb") as stream:
        stream.seek(before)
        lines = [line for line in stream.read().decode("utf-8", "replace").splitlines() if line.strip()]
    words = _LOG_HEAD.sub("", lines[-1]).strip() if lines else "it said nothing"
    return words if words.endswith(".") else f"{words}."


async def stop_engine(paths: WorkspacePaths) -> None:
    """Asks the engine to go and waits until it has. Raises EngineNotRunning, EngineUnavailable."""
    client, _ = await connect(paths)
    async with client:
        await client.stop()
    await _until_gone(paths)


async def rebuild_store(folder: Path) -> Rebuilt:
    """Makes the store again from the journals, by an engine that starts with that. Raises as `ensure_engine` does."""
    paths = WorkspacePaths(folder.absolute())
    with contextlib.suppress(EngineNotRunning):
        await stop_engine(paths)
    async with await start_engine(paths, rebuild=True) as client:
        rebuilt = (await client.hello()).rebuilt
    if rebuilt is None:
        raise EngineUnavailable("Another engine started at the same moment, so nothing was rebuilt; try again.")
    return rebuilt


async def _until_gone(paths: WorkspacePaths) -> None:
    loop = asyncio.get_running_loop()
    limit = loop.time() + _STOP_LIMIT_S
    # The lock is the kernel's word that the process is gone; nobody is told, so it must be asked.
    while loop.time() < limit:
        if not await asyncio.to_thread(is_locked, paths.engine_lock):
            return
        await asyncio.sleep(_LOOK_S)
    raise EngineUnavailable(
        f"The engine was asked to stop and has not within {_STOP_LIMIT_S:.0f} seconds; its log is {paths.engine_log}."
    )
