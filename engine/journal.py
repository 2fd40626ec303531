"""A run's journal: an append-only file of run-protocol events that survives the death of everyone involved.

It has one writer at a time: the worker while it lives, the engine for runs that have no worker (any more).
"""

import os
from pathlib import Path
from types import TracebackType

from engine.redaction import Redactor
from store.events import AnyEvent, to_line


class Journal:
    """Appends events, numbered from 1. One line is one write, so a reader never sees two halves mixed."""

    def __init__(self, path: Path, redactor: Redactor, last_seq: int = 0) -> None:
        self._redactor = redactor
        self._seq = last_seq
        self._descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._end_torn_line()

    def _end_torn_line(self) -> None:
        """A writer that was killed in the middle of a line must not spoil the next one."""
        size = os.fstat(self._descriptor).st_size
        if size > 0 and os.pread(self._descriptor, 1, size - 1) != b"\n":
            os.write(self._descriptor, b"\n")

    def append(self, event: AnyEvent) -> None:
        """Numbers the event, takes the secrets out of it and writes it."""
        self._seq += 1
        numbered = event.model_copy(update={"seq": self._seq})
        line = memoryview(to_line(self._redactor.event(numbered)))
        while line:
            line = line[os.write(self._descriptor, line) :]

    def close(self) -> None:
        """Nothing can be appended any more."""
        os.close(self._descriptor)

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
