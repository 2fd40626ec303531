"""Who did what and when, as a list of any length that is read by key: of the workspace, or of one run."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import aiosqlite

from store.clock import from_microseconds
from store.triage import Action

_LONGEST_NUMBER = 18
"""Digits of a run's number at most: more do not fit into the store."""


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """Which actions: on one run, and with every one of these words in author, action, run name or detail."""

    run_id: int | None = None
    words: tuple[str, ...] = ()

    def where(self) -> tuple[str, list[object]]:
        """The condition and its values. `a` is the action, `r` its run."""
        parts, values = ["1"], list[object]()
        if self.run_id is not None:
            parts.append("a.run_id = ?")
            values.append(self.run_id)
        for word in self.words:
            parts.append(f"({' OR '.join(f'instr(lower({text}), ?)' for text in _TEXTS)})")
            values += [word.lower()] * len(_TEXTS)
        return " AND ".join(parts), values


_TEXTS = ("a.author", "replace(a.action, '_', ' ')", "r.name", "a.detail")


def trail_filter(text: str) -> TrailFilter:
    """What somebody typed: `#12` is a run, everything else a word."""
    run_id, words = None, list[str]()
    for word in text.split():
        number = word.removeprefix("#")
        if word != number and number.isdecimal() and len(number) <= _LONGEST_NUMBER:
            run_id = int(number)
        else:
            words.append(word)
    return TrailFilter(run_id, tuple(words))


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """An action with its number, and the name of its run; None where that is deleted, or there never was one."""

    id: int
    action: Action
    run_name: str | None = None


class TrailReads:
    """What the record says. Entries are in the order of their time, the oldest first."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def count(self, wanted: TrailFilter) -> int:
        """How many there are."""
        where, values = wanted.where()
        (count,) = await self._one(f"SELECT count(*) FROM {_JOINED} WHERE {where}", values) or (0,)
        return int(count)

    async def page(self, wanted: TrailFilter, limit: int, after: TrailEntry | None = None) -> list[TrailEntry]:
        """At most `limit` of them, from the first on or from that behind `after`."""
        where, values = wanted.where()
        if after is not None:
            where += " AND (a.at, a.id) > (SELECT at, id FROM actions WHERE id = ?)"
            values.append(after.id)
        return await self._entries(f"WHERE {where} ORDER BY a.at, a.id LIMIT ?", [*values, limit])

    async def at(self, wanted: TrailFilter, position: int) -> TrailEntry | None:
        """The one at a position from 0, or from -1 counted from the newest; it walks the index from that end."""
        where, values = wanted.where()
        order = "a.at, a.id" if position >= 0 else "a.at DESC, a.id DESC"
        skipped = position if position >= 0 else -position - 1
        found = await self._entries(f"WHERE {where} ORDER BY {order} LIMIT 1 OFFSET ?", [*values, skipped])
        return found[0] if found else None

    async def entry(self, entry_id: int) -> TrailEntry | None:
        """The one with this number."""
        found = await self._entries("WHERE a.id = ?", [entry_id])
        return found[0] if found else None

    async def position(self, wanted: TrailFilter, entry_id: int) -> int | None:
        """Where one is, from 0; None where it is not in the list."""
        where, values = wanted.where()
        if await self._one(f"SELECT 1 FROM {_JOINED} WHERE {where} AND a.id = ?", [*values, entry_id]) is None:
            return None
        before = f"{where} AND (a.at, a.id) < (SELECT at, id FROM actions WHERE id = ?)"
        (count,) = await self._one(f"SELECT count(*) FROM {_JOINED} WHERE {before}", [*values, entry_id]) or (0,)
        return int(count)

    async def _entries(self, clause: str, values: Sequence[object]) -> list[TrailEntry]:
        sql = f"SELECT a.id, a.at, a.author, a.action, a.run_id, a.detail, r.name FROM {_JOINED} {clause}"
        async with self._connection.execute(sql, values) as cursor:
            return [_entry(row) async for row in cursor]

    async def _one(self, sql: str, values: Sequence[object]) -> tuple[Any, ...] | None:
        async with self._connection.execute(sql, values) as cursor:
            row = await cursor.fetchone()
        return tuple(row) if row is not None else None


_JOINED = "actions a LEFT JOIN runs r ON r.id = a.run_id"


def _entry(row: aiosqlite.Row) -> TrailEntry:
    number, at, author, action, run_id, detail, name = tuple(row)
    done = Action(at=from_microseconds(at), author=author, action=action, run_id=run_id, detail=detail)
    return TrailEntry(number, done, name)
