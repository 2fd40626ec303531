"""Textual's driver, made safe against terminals that stall, close or send rubbish."""

import os
import select
import sys
from codecs import getincrementaldecoder
from collections.abc import Callable
from typing import Any

from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from tui.terminal.writer import TerminalWriter

HANGUP_CODE = 129
"""128 + SIGHUP: what the program returns when its terminal is gone."""

_CLOSE_PATIENCE = 0.3
"""Seconds that a reading terminal gets to take the last bytes; a stalled one does not get more."""

_INPUT_POLL_SECONDS = 0.1
_INPUT_CHUNK_BYTES = 4096


class TerminalDriver(LinuxDriver):
    """A driver that never makes the event loop wait for the terminal.

    Textual's own driver hands text to a queue of 30 writes and blocks when that is full, so that a stalled SSH
    link stops the program, SIGTERM included. This one refuses frames while the terminal is behind, and paints
    the whole screen again when it has caught up. A terminal that is gone ends the app with `HANGUP_CODE`.
    """

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._writer: TerminalWriter | None = None
        self._suspended = False

    def write(self, data: str) -> None:
        """Send `data`, or drop it when the terminal is stalled: a full repaint follows when it reads again."""
        if self._writer is not None:
            self._writer.write(data)

    def start_application_mode(self) -> None:
        """Take over the terminal; after a suspension, paint everything again."""
        self._writer = TerminalWriter(
            _output_descriptor(), on_drained=self._request_repaint, on_lost=self._end_after_hangup
        )
        self._writer.start()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self._suspended:
            self._suspended = False
            self._request_repaint()

    def stop_application_mode(self) -> None:
        """Give the terminal back; frames that still wait are worthless now, the restoring codes are not."""
        if self._writer is not None:
            self._writer.discard()
        super().stop_application_mode()

    def suspend_application_mode(self) -> None:
        """Give the terminal back for a while."""
        self._suspended = True
        super().suspend_application_mode()

    def close(self) -> None:
        """End the writing threads without ever waiting long for the terminal."""
        if self._writer is not None:
            self._writer.close(_CLOSE_PATIENCE)
            self._writer = None
        super().close()

    def run_input_thread(self) -> None:
        """Turn the terminal's bytes into events until input is disabled or the terminal is gone."""
        parser = XTermParser(self._debug)
        decoder = getincrementaldecoder("utf-8")(errors="replace")
        while not self.exit_event.is_set():
            ready, _, _ = select.select([self.fileno], [], [], _INPUT_POLL_SECONDS)
            if ready:
                data = self._read_input()
                if not data:
                    self._end_after_hangup()
                    return
                for message in parser.feed(decoder.decode(data)):
                    self.process_message(message)
            for message in parser.tick():
                self.process_message(message)

    def _read_input(self) -> bytes:
        """The bytes that wait; nothing when the terminal is gone (a hung-up pty gives either answer)."""
        try:
            return os.read(self.fileno, _INPUT_CHUNK_BYTES)
        except OSError:
            return b""

    def _request_repaint(self) -> None:
        # Only a layout marks every region as dirty, those of screens in the background included.
        self._call_in_loop(lambda: self._app.refresh(layout=True))

    def _end_after_hangup(self) -> None:
        self._call_in_loop(lambda: self._app.exit(return_code=HANGUP_CODE))

    def _call_in_loop(self, callback: Callable[[], object]) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(callback)


def _output_descriptor() -> int:
    """The descriptor to draw on: standard error, or standard output where errors are sent to a file."""
    for stream in (sys.__stderr__, sys.__stdout__):
        if stream is not None and stream.isatty():
            return stream.fileno()
    assert sys.__stderr__ is not None
    return sys.__stderr__.fileno()
