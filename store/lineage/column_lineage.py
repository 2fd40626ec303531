"""Where a column comes from, and who uses it."""

from collections.abc import Iterable
from dataclasses import dataclass

from store.errors import NotInRecord
from store.lineage.columns import ModelColumns, RunColumns, has_query
from store.lineage.graph import lineage_of
from store.lineage.names import find_model
from store.lineage.reading import Reading
from store.lineage.sql_uses import WAYS, Way


class NoSuchColumn(NotInRecord):
    """The model has no column of this name, as far as is known; the text is one sentence that says so."""


@dataclass(frozen=True, slots=True)
class ColumnStep:
    """A column on the way, `distance` models away."""

    node: str
    name: str
    column: str
    distance: int


@dataclass(frozen=True, slots=True)
class UsedIn:
    """A model that joins, filters, groups or orders by a column, or by one made of it, `distance` models away."""

    node: str
    name: str
    ways: tuple[Way, ...]
    distance: int


@dataclass(frozen=True, slots=True)
class ColumnTrace:
    """A column with its sources and its users, the nearest first; users are the columns that are made of it.

    `used_in` are the models that need it for something else than a column: without it they break as well.
    `unread` are the names of models on the way whose SQL could not be read: what lies behind them is not known.
    """

    node: str
    column: str
    type: str | None = None
    sources: tuple[ColumnStep, ...] = ()
    users: tuple[ColumnStep, ...] = ()
    used_in: tuple[UsedIn, ...] = ()
    unread: tuple[str, ...] = ()


async def trace_column(columns: RunColumns, node: str, column: str) -> ColumnTrace:
    """The column's sources and users, through all models. Raises NoSuchColumn, StoreError."""
    own = await columns.of(node)
    spelled = {name.casefold(): name for name in own.types()}
    if column.casefold() not in spelled:
        raise NoSuchColumn(_unknown(columns.lineage.name_of(node), column, own))
    name = spelled[column.casefold()]
    walk = _Walk(columns)
    sources = await walk.sources(node, name)
    users = await walk.users(node, name)
    used_in = await walk.used_in(node, name, users)
    unread = tuple(sorted(map(columns.lineage.name_of, walk.unread)))
    return ColumnTrace(node, name, own.types()[name], sources, users, used_in, unread)


async def read_trace(reading: Reading, run_id: int, model: str, column: str) -> tuple[str, ColumnTrace]:
    """The model's name, and the trace of a column of it, both meant by any of their names.

    Raises NoSuchModel, NoSuchColumn, RunNotFound, StoreError.
    """
    run = await reading.reader.run(run_id)
    lineage = lineage_of(await reading.reader.graph(run.id), await reading.reader.models(run.id))
    node = find_model(lineage, model)
    return lineage.name_of(node), await trace_column(RunColumns(reading, run, lineage), node, column)


def direct_sources(own: ModelColumns, column: str) -> list[tuple[str, str]]:
    """The columns of other nodes that this one is made of, as its query says; empty where it says nothing."""
    wanted = column.casefold()
    listed = own.query.columns if own.query else ()
    return [(each.node, each.column) for found in listed if found.name.casefold() == wanted for each in found.sources]


class _Walk:
    """Follows a column from model to model, a ring further each time."""

    def __init__(self, columns: RunColumns) -> None:
        self._columns = columns
        self.unread: set[str] = set()

    async def sources(self, node: str, column: str) -> tuple[ColumnStep, ...]:
        found: dict[tuple[str, str], ColumnStep] = {}
        ring, distance = [(node, column)], 0
        while ring:
            distance += 1
            behind = [source for each in ring for source in await self._direct(*each)]
            ring = self._new(behind, found, distance)
        return tuple(found.values())

    async def users(self, node: str, column: str) -> tuple[ColumnStep, ...]:
        found: dict[tuple[str, str], ColumnStep] = {}
        ring, distance = [(node, column)], 0
        while ring:
            distance += 1
            ahead = [user for each in ring for user in await self._using(*each)]
            ring = self._new(ahead, found, distance)
        return tuple(found.values())

    async def used_in(self, node: str, column: str, users: Iterable[ColumnStep]) -> tuple[UsedIn, ...]:
        found: dict[str, UsedIn] = {}
        for step in (ColumnStep(node, "", column, 0), *users):
            for reader, ways in (await self._needing(step.node, step.column)).items():
                before = found.get(reader)
                known = {*ways, *(before.ways if before else ())}
                distance = before.distance if before else step.distance + 1
                name = self._columns.lineage.name_of(reader)
                found[reader] = UsedIn(reader, name, tuple(way for way in WAYS if way in known), distance)
        return tuple(sorted(found.values(), key=lambda each: (each.distance, each.name)))

    def _new(
        self, reached: list[tuple[str, str]], found: dict[tuple[str, str], ColumnStep], distance: int
    ) -> list[tuple[str, str]]:
        ring = [each for each in dict.fromkeys(reached) if _key(*each) not in found]
        for node, column in ring:
            known = self._columns.lineage.nodes.get(node)
            # What is no node is called as the query writes it.
            found[_key(node, column)] = ColumnStep(node, known.name if known else node, column, distance)
        return ring

    async def _direct(self, node: str, column: str) -> list[tuple[str, str]]:
        known = self._columns.lineage.nodes.get(node)
        if known is None or not has_query(known):
            return []
        return direct_sources(await self._read(node), column)

    def _readers(self, node: str) -> list[str]:
        return [each for each in self._columns.readers(node) if has_query(self._columns.lineage.nodes[each])]

    async def _needing(self, node: str, column: str) -> dict[str, set[Way]]:
        """The models that join, filter, group or order by the column itself."""
        found: dict[str, set[Way]] = {}
        for reader in self._readers(node):
            query = (await self._read(reader)).query
            if query is not None and not query.used_complete:
                self.unread.add(reader)
            for each in query.used if query else ():
                if _key(each.source.node, each.source.column) == _key(node, column):
                    found.setdefault(reader, set()).add(each.way)
        return found

    async def _using(self, node: str, column: str) -> list[tuple[str, str]]:
        users = []
        for reader in self._readers(node):
            own = await self._read(reader)
            for each in own.query.columns if own.query else ():
                if any(_key(source.node, source.column) == _key(node, column) for source in each.sources):
                    users.append((reader, each.name))
        return users

    async def _read(self, node: str) -> ModelColumns:
        own = await self._columns.of(node)
        if own.query is None or not own.query.complete:
            self.unread.add(node)
        return own


def _key(node: str, column: str) -> tuple[str, str]:
    return node, column.casefold()


def _unknown(name: str, column: str, own: ModelColumns) -> str:
    known = ", ".join(own.types())
    if known:
        return f'{name} has no column "{column}"; it has {known}.'
    return f"The columns of {name} are not known. {own.problem}".rstrip()
