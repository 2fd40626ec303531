"""Events and log lines: everything that leaves the process."""

from __future__ import annotations  # the project's Python may be as old as 3.9

import json
import logging
import os
import threading
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from .batches import Batches
from .values import iso, utc_now


class Emitter:
    """Writes events to the protocol's descriptor, whole lines, from any thread."""

    def __init__(self, descriptor: int, clock: Callable[[], datetime] = utc_now) -> None:
        self._descriptor = descriptor
        self._clock = clock
        self._lock = threading.Lock()
        self._process = os.getpid()
        self.reader_gone = False

    def emit(self, event_type: str, **fields: Any) -> None:
        """Writes one event. Processes that the loader forks stay silent: their parent speaks for them."""
        if os.getpid() != self._process or self.reader_gone:
            return
        event = {"type": event_type, "ts": iso(self._clock()), **fields}
        line = json.dumps(event, default=str, separators=(",", ":")).encode() + b"\n"
        with self._lock:
            self._write(line)

    def notice(self, level: str, text: str, **fields: Any) -> None:
        self.emit("notice", level=level, text=text.strip(), **fields)

    def _write(self, line: bytes) -> None:
        rest = memoryview(line)
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except BrokenPipeError:
            self.reader_gone = True  # the control descriptor's end of file cancels what goes on


class LogFormatter(logging.Formatter):
    """Plain lines `2026-11-21T03:04:05.123Z LEVEL [model] message`; continued lines have the same head, and an indent.

    So a traceback is as much of an error as the line above it, whatever else is printed in between.
    """

    def __init__(self, batches: Batches) -> None:
        super().__init__("%(message)s")
        self._batches = batches

    def format(self, record: logging.LogRecord) -> str:
        moment = iso(datetime.fromtimestamp(record.created, timezone.utc))  # noqa: UP017
        batch = self._batches.current()
        node = f"[{batch.name}] " if batch else ""
        head = f"{moment} {record.levelname} {node}"
        return head + super().format(record).strip().replace("\n", f"\n{head}    ")
