"""A program in a real pseudo-terminal whose screen can be read, stalled and closed."""

import contextlib
import fcntl
import os
import select
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

PATIENCE = 15.0
"""Seconds after which a condition that did not come true fails the test."""

_LAUNCHER = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"


def wait_until(condition: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Wait until `condition` holds, or fail naming `what` was waited for."""
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, f"waited {patience} s for {what}"
        time.sleep(0.01)


class PseudoTerminal:
    """Runs a command as the leader of a session whose terminal is read by a thread into a screen."""

    def __init__(self, command: Sequence[str], *, env: Mapping[str, str] | None = None, shown: bool = True) -> None:
        """Without `shown`, what comes is only `received`: drawing the screen takes time that a measurement may not."""
        self.screen = pyte.Screen(80, 24)
        self.received = b""
        self._stream = pyte.ByteStream(self.screen)
        self._master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.attributes = termios.tcgetattr(slave)
        self.device = os.ttyname(slave)
        # pyte knows neither the kitty keyboard protocol nor `CSI > … u`.
        environment = {**os.environ, "TERM": "xterm-256color", "TEXTUAL_DISABLE_KITTY_KEY": "1", **(env or {})}
        self.process = subprocess.Popen(
            [sys.executable, "-c", _LAUNCHER, *command],
            stdin=slave, stdout=slave, stderr=slave, start_new_session=True, env=environment,
        )  # fmt: skip
        self._slave = slave  # keeps the terminal's last output and settings readable after the program's end
        self._reading = threading.Event()
        self._reading.set()
        self._closed = False
        self._shown = shown
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.hang_up()

    def _read(self) -> None:
        while not self._closed:
            self._reading.wait()
            ready, _, _ = select.select([self._master], [], [], 0.02)
            if ready and self._reading.is_set():
                try:
                    data = os.read(self._master, 65536)
                except OSError:
                    return
                self.received += data
                if self._shown:
                    self._stream.feed(data)

    def text(self) -> str:
        """What the screen shows."""
        return "\n".join(self.screen.display)

    def wait_for(self, text: str) -> None:
        """Wait until the screen shows `text`."""
        try:
            wait_until(lambda: text in self.text(), repr(text))
        except AssertionError as error:
            raise AssertionError(f"{error}; the screen shows:\n{self.text()}") from None

    def press(self, keys: bytes) -> None:
        """Send keys as the terminal would."""
        os.write(self._master, keys)

    def stall(self) -> None:
        """Stop reading, like the link of a hanging SSH session."""
        self._reading.clear()

    def resume(self) -> None:
        """Read again."""
        self._reading.set()

    def hang_up(self) -> None:
        """Close the terminal, like a window that is closed."""
        if self._closed:
            return
        self._closed = True
        self._reading.set()
        self._reader.join()
        os.close(self._slave)
        os.close(self._master)

    def settings(self) -> list[object]:
        """The terminal's present attributes, as termios gives them."""
        return list(termios.tcgetattr(self._slave))

    def wait_for_end(self, patience: float = PATIENCE) -> int:
        """Wait for the program's end; its return code (negative: the signal that killed it)."""
        return self.process.wait(patience)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        self.process.send_signal(number)


@contextlib.contextmanager
def program(script: Path, *arguments: str) -> Iterator[PseudoTerminal]:
    """Run a Python script of the tests in a terminal."""
    with PseudoTerminal([sys.executable, str(script), *arguments]) as terminal:
        yield terminal
