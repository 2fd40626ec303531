"""The batches in flight, and the cancel that ends them."""

from __future__ import annotations  # the project's Python may be as old as 3.9

import contextlib
import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .values import Cancelled, Span, span_json

log = logging.getLogger("runroom.bridge")


@dataclass(eq=False)
class Batch:
    """One interval of one model that a thread evaluates.

    `reloads` is the part of its interval that the state already calls loaded: when the batch is interrupted between
    deleting and inserting, those rows are missing though the state says otherwise.
    """

    snapshot: Any
    started: float
    span: Span | None = None
    index: int = 0
    total: int = 1
    deployable: bool = True
    transactional: bool = False
    reloads: list[Span] = field(default_factory=list)
    rows: int | None = None
    passed: int = 0
    failed_audits: list[str] = field(default_factory=list)
    sql: str | None = None
    creating: bool = False
    exposed: int = 0
    cursor: Any = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def model(self) -> str:
        return str(self.snapshot.name)

    @property
    def name(self) -> str:
        return str(self.snapshot.node.name)

    def describe(self) -> dict[str, Any]:
        return {
            "model": self.model,
            "name": self.name,
            "batch": self.index + 1,
            "batches": self.total,
            "interval": span_json(self.span) if self.span else None,
        }

    def loaded(self) -> list[Span]:
        """What the snapshot, as it was last read, calls loaded in the table that this batch writes."""
        return list(self.snapshot.intervals if self.deployable else self.snapshot.dev_intervals)


class Cancellation:
    """Whether a cancel was asked for, by whom, and who may say how it ended."""

    def __init__(self) -> None:
        self.reason: str | None = None
        self.writing = False
        self.interrupted: list[Batch] = []
        self._requested = threading.Event()
        self._verdict = threading.Lock()

    @property
    def requested(self) -> bool:
        return self._requested.is_set()

    def request(self, reason: str) -> None:
        self.reason = self.reason or reason
        self._requested.set()

    def check(self) -> bool:
        """A circuit breaker for SQLMesh. Raises Cancelled when a cancel was asked for."""
        if self.requested:
            raise Cancelled(self.reason)
        return False

    def take_verdict(self) -> bool:
        """True for the first caller only, who then reports how the command ended."""
        return self._verdict.acquire(blocking=False)


class Batches:
    """The batches in flight, by thread."""

    def __init__(self, cancellation: Cancellation) -> None:
        self._cancellation = cancellation
        self._by_thread: dict[int, Batch] = {}

    def open(self, snapshot: Any) -> Batch:
        batch = Batch(snapshot, started=time.monotonic())
        self._by_thread[threading.get_ident()] = batch
        return batch

    def current(self) -> Batch | None:
        return self._by_thread.get(threading.get_ident())

    def close(self) -> Batch | None:
        return self._by_thread.pop(threading.get_ident(), None)

    def active(self) -> list[Batch]:
        return list(self._by_thread.values())

    def may_be_abandoned(self) -> bool:
        """Whether every thread at work only reads or writes the models' own tables, never SQLMesh's state."""
        active = self.active()
        return bool(active) and all(batch.exposed for batch in active)

    @contextlib.contextmanager
    def exposed(self) -> Iterator[None]:
        """A section of the current batch in which queries may be interrupted."""
        batch = self.current()
        if batch is None:
            yield
            return
        self._cancellation.check()
        batch.exposed += 1
        try:
            yield
        finally:
            batch.exposed -= 1

    @contextlib.contextmanager
    def executing(self, cursor: Any, sql: str) -> Iterator[Batch | None]:
        """Around one statement: lets a cancel find its cursor, and a failure its SQL."""
        batch = self.current()
        if batch is None or not batch.exposed:
            yield None
            return
        self._cancellation.check()
        with batch.lock:
            batch.cursor, batch.sql = cursor, sql
        try:
            yield batch
        finally:
            with batch.lock:
                batch.cursor = None

    def interrupt(self) -> None:
        """Asks the database to stop each running statement of a batch."""
        for batch in self.active():
            with batch.lock:  # the thread cannot pass on to a write of the state with this cursor meanwhile
                if batch.cursor is not None:
                    interrupt_cursor(batch.cursor)


def interrupt_cursor(cursor: Any) -> None:
    """DuckDB's cursors interrupt, some drivers cancel a cursor, psycopg2 cancels a connection."""
    connection = getattr(cursor, "connection", None)
    for owner, method in ((cursor, "interrupt"), (cursor, "cancel"), (connection, "cancel")):
        stop = getattr(owner, method, None)
        if callable(stop):
            try:
                stop()
            except Exception as error:  # noqa: BLE001 whatever a driver raises, the grace timer still ends the process
                log.warning("the driver refused to interrupt its query: %s", error)
            return
