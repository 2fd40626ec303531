"""Runs one process of a tool: its descriptors, its output as lines, the ladder that stops it (DESIGN §4)."""

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from engine.adapters.base import ToolCommand
from engine.worker.stop import StopSignal

_CHUNK = 256 * 1024
_LONGEST_LINE = 64 * 1024 * 1024
_TERM_GRACE_S = 5.0
_DRAIN_S = 2.0
_PR_SET_PDEATHSIG = 1


class ToolNotStarted(Exception):
    """The command could not be executed; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who hears what the process does. Lines come without their ends."""

    started: Callable[[int], None]
    output: Callable[[bytes], None]
    event: Callable[[bytes], None]


class _Pipes:
    """The two extra descriptors: the child writes events and reads control."""

    def __init__(self) -> None:
        self.events, self.child_events = os.pipe()
        self.child_control, self.control = os.pipe()

    def close_child_ends(self) -> None:
        os.close(self.child_events)
        os.close(self.child_control)

    def close(self) -> None:
        os.close(self.control)


async def run_process(command: ToolCommand, stop: StopSignal, grace_s: float, listeners: Listeners) -> int:
    """Runs the command to its end and returns its exit code, negative for a signal.

    Whatever of its process group is left then is killed. Raises ToolNotStarted.
    """
    pipes = _Pipes()
    try:
        process = await _start(command, pipes)
    except (OSError, ValueError) as error:
        os.close(pipes.events)
        raise ToolNotStarted(f"{command.arguments[0]} could not be started: {error}.") from error
    finally:
        pipes.close_child_ends()
    try:
        listeners.started(process.pid)
        return await _attend(process, command, pipes, stop, grace_s, listeners)
    finally:
        _kill_group(process.pid, signal.SIGKILL)
        pipes.close()


async def _start(command: ToolCommand, pipes: _Pipes) -> Process:
    numbers = {"{events}": str(pipes.child_events), "{control}": str(pipes.child_control)}
    arguments = [numbers.get(argument, argument) for argument in command.arguments]
    return await asyncio.create_subprocess_exec(
        *arguments,
        cwd=command.folder,
        env=dict(command.environment),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=STDOUT,
        pass_fds=(pipes.child_events, pipes.child_control),
        process_group=0,
        preexec_fn=_prepare_child,
    )


_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def _prepare_child() -> None:
    """In the child, before the tool: it must hear SIGINT, and on Linux not outlive the worker."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


async def _attend(
    process: Process, command: ToolCommand, pipes: _Pipes, stop: StopSignal, grace_s: float, listeners: Listeners
) -> int:
    assert process.stdout is not None
    readers = [
        asyncio.create_task(_deliver(process.stdout, listeners.output)),
        asyncio.create_task(_deliver_from(pipes.events, listeners.event)),
    ]
    ladder = asyncio.create_task(_ladder(process, command, pipes, stop, grace_s))
    try:
        code = await process.wait()
        # A grandchild may hold the pipes open; nothing of the group is wanted any more.
        _kill_group(process.pid, signal.SIGKILL)
        await asyncio.wait(readers, timeout=_DRAIN_S)
        return code
    finally:
        for task in (ladder, *readers):
            task.cancel()
        results = await asyncio.gather(ladder, *readers, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception):
                raise result


async def _ladder(process: Process, command: ToolCommand, pipes: _Pipes, stop: StopSignal, grace_s: float) -> None:
    await stop.wait()
    if command.cancel_by_control:
        with contextlib.suppress(BrokenPipeError):
            os.write(pipes.control, b"cancel\n")
    else:
        _kill_group(process.pid, signal.SIGINT)
    await asyncio.sleep(grace_s)
    _kill_group(process.pid, signal.SIGTERM)
    await asyncio.sleep(_TERM_GRACE_S)
    _kill_group(process.pid, signal.SIGKILL)


def _kill_group(group: int, number: signal.Signals) -> None:
    # The group is gone, or (macOS) only its zombies are left.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


async def _deliver_from(descriptor: int, listener: Callable[[bytes], None]) -> None:
    reader = asyncio.StreamReader(limit=_CHUNK)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(descriptor, "rb", buffering=0)
    )
    try:
        await _deliver(reader, listener)
    finally:
        transport.close()


async def _deliver(reader: asyncio.StreamReader, listener: Callable[[bytes], None]) -> None:
    failure: Exception | None = None
    async for line in lines(reader):
        # A listener that fails must not leave the pipe unread: the tool would wait for ever.
        if failure is None:
            try:
                listener(line)
            except Exception as error:  # noqa: BLE001 - raised below, once the pipe is empty
                failure = error
    if failure is not None:
        raise failure


async def lines(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """Lines without their ends, however long (beyond 64 MB they are broken); a last one without an end counts too."""
    rest = bytearray()
    while chunk := await reader.read(_CHUNK):
        rest += chunk
        if b"\n" in chunk:
            *whole, tail = rest.split(b"\n")
            for line in whole:
                yield bytes(line)
            rest = tail
        if len(rest) > _LONGEST_LINE:
            yield bytes(rest)
            rest.clear()
    if rest:
        yield bytes(rest)
