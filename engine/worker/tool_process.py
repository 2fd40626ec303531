"""Runs one process of a tool: its descriptors, its output as lines, the ladder that stops it (DESIGN §4)."""

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, STDOUT, Process
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
    """What connects the child with the worker: it writes output and events, and reads control.

    Plain pipes, also for the output: asyncio's own would keep the end of the process secret for as long as a grandchild
    holds them open.
    """

    def __init__(self) -> None:
        self.output, self.child_output = os.pipe()
        self.events, self.child_events = os.pipe()
        self.child_control, self.control = os.pipe()

    def close_child_ends(self) -> None:
        for descriptor in (self.child_output, self.child_events, self.child_control):
            os.close(descriptor)

    def close(self) -> None:
        for descriptor in (self.output, self.events, self.control):
            os.close(descriptor)


async def run_process(command: ToolCommand, stop: StopSignal, grace_s: float, listeners: Listeners) -> int:
    """Runs the command to its end and returns its exit code, negative for a signal.

    Whatever of its process group is left then is killed. Raises ToolNotStarted, and what a listener raised.
    """
    pipes = _Pipes()
    try:
        try:
            process = await _start(command, pipes)
        except (OSError, ValueError) as error:
            raise ToolNotStarted(f"{command.arguments[0]} could not be started: {error}.") from error
        finally:
            pipes.close_child_ends()
        return await _attend(process, command, pipes, stop, grace_s, listeners)
    finally:
        pipes.close()


async def _start(command: ToolCommand, pipes: _Pipes) -> Process:
    numbers = {"{events}": str(pipes.child_events), "{control}": str(pipes.child_control)}
    arguments = [numbers.get(argument, argument) for argument in command.arguments]
    return await asyncio.create_subprocess_exec(
        *arguments,
        cwd=command.folder,
        env=dict(command.environment),
        stdin=DEVNULL,
        stdout=pipes.child_output,
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
    problems: list[Exception] = []
    readers = [
        asyncio.create_task(_deliver(pipes.output, listeners.output, problems)),
        asyncio.create_task(_deliver(pipes.events, listeners.event, problems)),
    ]
    ladder = asyncio.create_task(_ladder(process, command, pipes, stop, grace_s))
    try:
        listeners.started(process.pid)
        code = await process.wait()
    finally:
        ladder.cancel()
        # A grandchild may hold the pipes open; nothing of the group is wanted any more.
        _kill_group(process.pid, signal.SIGKILL)
        await process.wait()
        await asyncio.wait(readers, timeout=_DRAIN_S)
        for task in readers:
            task.cancel()
        await asyncio.gather(ladder, *readers, return_exceptions=True)
    if problems:
        raise problems[0]
    return code


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


async def _deliver(descriptor: int, listener: Callable[[bytes], None], problems: list[Exception]) -> None:
    """Reads to the end, whatever the listener does: a pipe that is left unread makes the tool wait for ever."""
    reader = asyncio.StreamReader(limit=_CHUNK)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(descriptor, "rb", buffering=0, closefd=False)
    )
    failed = False
    try:
        async for line in lines(reader):
            if failed:
                continue
            try:
                listener(line)
            except Exception as error:  # noqa: BLE001 - raised once the process has ended
                problems.append(error)
                failed = True
    finally:
        transport.close()


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
