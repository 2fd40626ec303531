"""The content of a store, for comparing two of them."""

import sqlite3
from contextlib import closing
from pathlib import Path

_OF_THE_WAY = frozenset({"change", "journal_offset", "followed", "told"})
"""What depends on how the events came, not on what they say."""

_BOOKKEEPING = frozenset({"change_counter", "sqlite_sequence"})

Dump = dict[str, list[dict[str, object]]]


def dump(database: Path, leave_out: frozenset[str] = _OF_THE_WAY) -> Dump:
    """The rows of every table, without the columns that are left out."""
    with closing(sqlite3.connect(database)) as connection:
        connection.row_factory = sqlite3.Row
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: _rows(connection, name, leave_out) for name in sorted(set(names) - _BOOKKEEPING)}


def _rows(connection: sqlite3.Connection, table: str, leave_out: frozenset[str]) -> list[dict[str, object]]:
    rows = [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]
    return sorted(({key: row[key] for key in row if key not in leave_out} for row in rows), key=repr)
