"""Brings what a journal says into the store, each event exactly once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from store.clock import Clock
from store.errors import IllegalTransition
from store.events import AnyEvent, Notice, UnknownEvent, UnreadableEvent, parse_event
from store.writes import JournalEntry, StoreWriter

_BYTES_AT_ONCE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Ingested:
    """What one reading of the journal brought. `change` is None when there was nothing new."""

    change: int | None
    events: int


async def ingest(writer: StoreWriter, run_id: int, journal: Path, clock: Clock) -> Ingested:
    """Reads on from where the store stands, to the last whole line; a torn last line is waited for.

    A line that does not parse and a transition that is not legal become notices; neither stops what follows.
    """
    change: int | None = None
    count = 0
    position = await writer.journal_position(run_id)
    offset = position.offset
    while data := _whole_lines(journal, offset):
        entries = list(_entries(data, offset, clock))
        offset += len(data)
        change = await _apply(writer, run_id, entries, offset, clock)
        count += len(entries)
    return Ingested(change, count)


def _whole_lines(journal: Path, offset: int) -> bytes:
    """At most about a megabyte of whole lines, but never less than one if there is one."""
    try:
        with journal.open("rb") as file:
            file.seek(offset)
            data = file.read(_BYTES_AT_ONCE)
            while b"\n" not in data and (more := file.read(_BYTES_AT_ONCE)):
                data += more
    except FileNotFoundError:
        return b""
    return data[: data.rfind(b"\n") + 1]


def _entries(data: bytes, offset: int, clock: Clock) -> Iterator[JournalEntry]:
    for line in data.split(b"\n")[:-1]:
        begin, offset = offset, offset + len(line) + 1
        if not line.strip():
            continue
        try:
            event: AnyEvent = parse_event(line)
        except UnknownEvent:
            continue
        except UnreadableEvent as error:
            event = Notice(
                ts=clock(), level="warning", text=f"The journal's line at byte {begin} is unreadable: {error}"
            )
        yield JournalEntry(offset, event)


async def _apply(writer: StoreWriter, run_id: int, entries: Sequence[JournalEntry], offset: int, clock: Clock) -> int:
    try:
        return await writer.apply(run_id, entries, offset)
    except IllegalTransition:
        return await _apply_one_by_one(writer, run_id, entries, offset, clock)


async def _apply_one_by_one(
    writer: StoreWriter, run_id: int, entries: Sequence[JournalEntry], offset: int, clock: Clock
) -> int:
    for entry in entries:
        try:
            await writer.apply(run_id, [entry], entry.end)
        except IllegalTransition as error:
            notice = Notice(ts=clock(), level="warning", text=f"The journal claims what cannot be: {error}")
            await writer.apply(run_id, [JournalEntry(entry.end, notice)], entry.end)
    return await writer.apply(run_id, [], offset)
