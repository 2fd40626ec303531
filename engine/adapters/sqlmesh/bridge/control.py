"""The thread that hears a cancel and sees to it that the process ends."""

from __future__ import annotations  # the project's Python may be as old as 3.9

import os
import selectors
import signal
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .session import Session


INTERRUPT_PERIOD_S = 0.02
"""Pause between two attempts to interrupt the running queries while a cancel winds down."""

PROTECTED_LIMIT_S = 10.0
"""How much longer than the grace a cancel waits for writes to SQLMesh's state and for the switch of views."""


class Controller(threading.Thread):
    """Waits for a cancel, from the control descriptor or a signal, and winds the process down.

    Signals arrive through a wake-up descriptor: the interpreter writes it at once, while a Python handler would
    wait for a query inside a driver to return.
    """

    def __init__(self, session: Session, control: int | None, grace_s: float) -> None:
        super().__init__(name="control", daemon=True)
        self._session = session
        self._control = control
        self._grace_s = grace_s
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_write, False)

    def listen(self) -> None:
        """Takes over the signals and starts to wait. To be called from the main thread."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: None)
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        os.register_at_fork(after_in_child=self._release_signals)
        self.start()

    @staticmethod
    def _release_signals() -> None:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)

    def run(self) -> None:
        cancellation, batches = self._session.cancellation, self._session.batches
        cancellation.request(self._wait())
        in_flight = [batch.describe() for batch in batches.active() if not batch.creating]
        self._session.emitter.emit("cancelling", reason=cancellation.reason, in_flight=in_flight)
        self._wind_down(time.monotonic())

    def _wait(self) -> str:
        """Blocks until a cancel; returns its reason."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._wake_read, selectors.EVENT_READ)
            if self._control is not None:
                selector.register(self._control, selectors.EVENT_READ)
            received = b""
            while True:
                for key, _ in selector.select():
                    data = os.read(key.fd, 4096)
                    if key.fd == self._wake_read:
                        return f"signal {signal.Signals(data[0]).name}"
                    if not data:
                        return "the process that started this run is gone"
                    received += data
                    if b"cancel\n" in received:
                        return "asked for"

    def _wind_down(self, since: float) -> None:
        """Interrupts queries until the main thread has left; ends the process itself when that takes too long."""
        while True:
            waited = time.monotonic() - since
            overdue = waited > self._grace_s and self._session.batches.may_be_abandoned()
            if not self._session.cancellation.writing or overdue or waited > self._grace_s + PROTECTED_LIMIT_S:
                self._session.abandon()
            self._session.batches.interrupt()
            time.sleep(INTERRUPT_PERIOD_S)
