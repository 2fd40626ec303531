"""Windows on the list of the runs that a filter lets through, as fast for very many runs as for few.

No list is gone through: how many runs of each facet every stretch of numbers has is counted as runs change (migration
`run_facets`), so that a count adds these up, and a position is looked up in the one stretch that it falls into.
"""

from collections.abc import AsyncIterator

import aiosqlite

from store.filters import Condition, RunFilter

_STRETCH = 4_096
"""Run numbers in one stretch, as in the migration."""

_LAST = 2**63 - 1


async def count(connection: aiosqlite.Connection, wanted: RunFilter) -> int:
    """How many runs the filter lets through."""
    counted = _counted(wanted)
    return await _number(connection, f"SELECT coalesce(sum(runs), 0) FROM ({counted.sql})", counted.values)


async def ids_after(connection: aiosqlite.Connection, wanted: RunFilter, limit: int, after: int | None) -> list[int]:
    """At most `limit` run numbers in the filter's order, beginning behind `after`."""
    newest = wanted.order == "newest"
    begin = after if after is not None else (_LAST if newest else 0)
    found, last = 0, None
    async for stretch, runs in _stretches(connection, wanted, begin // _STRETCH):
        last = stretch
        # In the stretch where one begins, all of them may come before.
        found += 0 if stretch == begin // _STRETCH else runs
        if found >= limit:
            break
    if last is None:
        return []
    lowest, highest = (_lowest(last), begin - 1) if newest else (begin + 1, _highest(last))
    return await _ids(connection, wanted, lowest, highest, limit)


async def ids_at(connection: aiosqlite.Connection, wanted: RunFilter, first: int, size: int) -> list[int]:
    """The run numbers at the positions from `first` (from 0) in the filter's order, at most `size`."""
    before, passed = 0, 0
    met: list[int] = []
    async for stretch, runs in _stretches(connection, wanted):
        passed += runs
        if passed > first:
            met.append(stretch)
        else:
            before = passed
        if passed >= first + size:
            break
    if not met:
        return []
    return await _ids(connection, wanted, _lowest(min(met)), _highest(max(met)), size, skipped=first - before)


async def position(connection: aiosqlite.Connection, wanted: RunFilter, run_id: int) -> int | None:
    """The position (from 0) of a run in the filter's order; None when the filter does not let it through."""
    listed, counted = _listed(wanted), _counted(wanted)
    there = f"SELECT count(*) FROM ({listed.sql}) WHERE id = ?"
    if not await _number(connection, there, [*listed.values, run_id]):
        return None
    stretch = run_id // _STRETCH
    if wanted.order == "newest":
        sign, between = ">", (run_id + 1, _highest(stretch))
    else:
        sign, between = "<", (_lowest(stretch), run_id - 1)
    sql = f"""SELECT (SELECT coalesce(sum(runs), 0) FROM ({counted.sql}) WHERE stretch {sign} ?)
                   + (SELECT count(*) FROM ({listed.sql}) WHERE id BETWEEN ? AND ?)"""
    return await _number(connection, sql, [*counted.values, stretch, *listed.values, *between])


async def _stretches(
    connection: aiosqlite.Connection, wanted: RunFilter, begin: int | None = None
) -> AsyncIterator[tuple[int, int]]:
    """The stretches with listed runs, in the filter's order from the stretch `begin` on, and how many each has."""
    sign, direction = ("<=", "DESC") if wanted.order == "newest" else (">=", "ASC")
    counted = _counted(wanted)
    side = "" if begin is None else f"WHERE stretch {sign} ?"
    sql = f"SELECT stretch, sum(runs) FROM ({counted.sql}) {side} GROUP BY stretch ORDER BY stretch {direction}"
    values = [*counted.values, *(() if begin is None else (begin,))]
    async with connection.execute(sql, values) as cursor:
        async for row in cursor:
            yield int(row[0]), int(row[1])


async def _ids(
    connection: aiosqlite.Connection, wanted: RunFilter, lowest: int, highest: int, limit: int, skipped: int = 0
) -> list[int]:
    listed = _listed(wanted)
    direction = "DESC" if wanted.order == "newest" else "ASC"
    sql = f"SELECT id FROM ({listed.sql}) WHERE id BETWEEN ? AND ? ORDER BY id {direction} LIMIT ? OFFSET ?"
    async with connection.execute(sql, [*listed.values, lowest, highest, limit, skipped]) as cursor:
        return [int(row[0]) for row in await cursor.fetchall()]


async def _number(connection: aiosqlite.Connection, sql: str, values: list[object]) -> int:
    async with connection.execute(sql, values) as cursor:
        row = await cursor.fetchone()
    assert row is not None, "an aggregate always has a row"
    return int(row[0])


def _counted(wanted: RunFilter) -> Condition:
    """The query for stretches with numbers of listed runs; a stretch may come several times."""
    facets, one_by_one = wanted.facets(), wanted.one_by_one()
    by_facet = f"SELECT stretch, runs FROM run_counts WHERE facet IN ({facets.sql})"
    return _together(
        wanted, Condition(by_facet, facets.values), one_by_one, f"SELECT id / {_STRETCH} AS stretch, 1 AS runs"
    )


def _listed(wanted: RunFilter) -> Condition:
    """The query for the numbers of the listed runs, in no order."""
    facets, one_by_one = wanted.facets(), wanted.one_by_one()
    by_facet = f"SELECT id FROM runs INDEXED BY runs_by_facet WHERE facet IN ({facets.sql})"
    return _together(wanted, Condition(by_facet, facets.values), one_by_one, "SELECT id")


def _together(wanted: RunFilter, by_facet: Condition, one_by_one: Condition | None, select: str) -> Condition:
    if one_by_one is None:
        return by_facet
    alone = Condition(f"{select} FROM runs WHERE {one_by_one.sql}", one_by_one.values)
    if wanted.cause is not None:
        return alone
    return Condition(f"{by_facet.sql} UNION ALL {alone.sql}", [*by_facet.values, *alone.values])


def _lowest(stretch: int) -> int:
    return stretch * _STRETCH


def _highest(stretch: int) -> int:
    return stretch * _STRETCH + _STRETCH - 1
