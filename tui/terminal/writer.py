"""Writing to a terminal that may stop reading at any moment."""

import os
import select
import threading
import time
from collections.abc import Callable
from queue import SimpleQueue

WAITING_LIMIT = 64 * 1024
"""Characters that may wait for the terminal: about two full frames of a large screen."""

_POLL_SECONDS = 0.05
_CHUNK_BYTES = 4096
"""A kernel takes about this much at once; larger writes to a blocking descriptor could get stuck."""


class TerminalWriter:
    """Sends text to a terminal from a thread of its own, so that the caller never waits.

    One thread calls `write`, `discard` and `close` (the event loop's). The counters have one writer each
    and the queue never blocks, so no lock is shared with the writing thread.

    `on_drained` is called in the writing thread when text had been refused and the terminal has read all the
    rest: the picture on the terminal is stale and must be sent again. `on_lost` is called there once, when the
    terminal is gone.
    """

    def __init__(self, terminal: int, *, on_drained: Callable[[], None], on_lost: Callable[[], None]) -> None:
        """Prepare to write to the file descriptor `terminal`, which stays the caller's; `start` begins."""
        self._terminal = _own_description(terminal)
        self._owned = self._terminal != terminal
        self._on_drained = on_drained
        self._on_lost = on_lost
        self._queue: SimpleQueue[tuple[int, str]] = SimpleQueue()
        self._accepted = 0
        self._finished = 0
        self._discarded = 0
        self._generation = 0
        self._refused = False
        self._closing = False
        self._lost = False
        self._thread = threading.Thread(target=self._run, name="terminal-writer", daemon=True)

    def start(self) -> None:
        """Start the writing thread."""
        self._thread.start()

    @property
    def waiting(self) -> int:
        """Characters accepted and not yet taken by the terminal."""
        return self._accepted - max(self._finished, self._discarded)

    def write(self, text: str) -> bool:
        """Accept `text` for writing, or refuse it (False) when the terminal has fallen too far behind."""
        if self._lost or self.waiting >= WAITING_LIMIT:
            if not self._refused:
                self._refused = True
                self._put("")  # so that the thread looks at the flag after the last accepted text
            return False
        self._put(text)
        return True

    def discard(self) -> None:
        """Forget what waits; only the text that is already half written is finished."""
        self._generation += 1
        self._discarded = self._accepted
        self._refused = False

    def close(self, patience: float) -> None:
        """Write what waits, for at most `patience` seconds, and stop the thread."""
        deadline = time.monotonic() + patience
        self._closing = True
        self._put("")
        if self._thread.is_alive():
            self._thread.join(max(0.0, deadline - time.monotonic()))
        self._lost = True  # a thread stuck in the kernel gives up as soon as it returns

    def _put(self, text: str) -> None:
        self._accepted += len(text)
        self._queue.put((self._generation, text))

    def _run(self) -> None:
        try:
            while not self._lost and not (self._closing and self._queue.empty()):
                self._write_next()
        except OSError:
            if not self._lost:
                self._lost = True
                self._on_lost()
        finally:
            if self._owned:
                os.close(self._terminal)

    def _write_next(self) -> None:
        generation, text = self._queue.get()
        if generation == self._generation:
            # A lone surrogate would end this thread; the terminal shows a question mark instead.
            self._send(text.encode("utf-8", errors="replace"))
        self._finished += len(text)
        if self._refused and self._queue.empty() and not self._closing:
            self._refused = False
            self._on_drained()

    def _send(self, data: bytes) -> None:
        poll = select.poll()
        poll.register(self._terminal, select.POLLOUT)
        view = memoryview(data)
        while view and not self._lost:
            if not poll.poll(_POLL_SECONDS * 1000):
                continue
            try:
                written = os.write(self._terminal, view[:_CHUNK_BYTES])
            except BlockingIOError:
                continue
            view = view[written:]


def _own_description(terminal: int) -> int:
    """A non-blocking descriptor of the same terminal, or `terminal` itself where that cannot be had.

    O_NONBLOCK belongs to the open file, which the shell shares: setting it there would outlive this program.
    Opening the device again gives an open file of our own. It is refused after `su` to another user.
    """
    try:
        return os.open(os.ttyname(terminal), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError:
        return terminal
