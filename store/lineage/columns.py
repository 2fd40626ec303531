"""The columns of the models of a run, and which columns they are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from store.events import Column, GraphNode
from store.lineage.definition import Definition, read_compiled
from store.lineage.graph import EXPOSURE, EXTERNAL, Lineage
from store.lineage.reading import Reading
from store.lineage.sql_columns import KnownTable, QueryColumns
from store.lineage.sql_requests import ColumnsRequest, SqlProblem
from store.models import Run

_WITHOUT_QUERY = frozenset({"source", "seed", EXTERNAL, EXPOSURE})
"""Kinds of nodes, and of SQLMesh's models, that are not made by a query."""
_INLINED = frozenset({"ephemeral", "embedded"})
"""Models that live only inside the SQL of others: what they read is what those others read."""


def has_query(node: GraphNode) -> bool:
    """Whether a query makes this node, so that its columns come from somewhere."""
    return _WITHOUT_QUERY.isdisjoint({node.kind, (node.materialized or "").lower()})


@dataclass(frozen=True, slots=True)
class ModelColumns:
    """What is known of a model's columns: `told` by the tool or in its files, `query` as its SQL gives them.

    `problem` says, as a sentence, why the SQL gives none. `told_by_tool`: the tool itself lists all, with types;
    otherwise `told` are those that somebody documented.
    """

    told: tuple[Column, ...] = ()
    query: QueryColumns | None = None
    problem: str = ""
    told_by_tool: bool = False

    @property
    def are_whole(self) -> bool:
        """Whether all columns are known: documentation alone may name some and leave out others."""
        return self.told_by_tool or (self.query is not None and self.query.complete)

    def types(self) -> Mapping[str, str | None]:
        """The columns with their types where they are known, by the names in the order of the query."""
        inferred = {column.name: column.type for column in self.query.columns} if self.query else {}
        declared = {column.name: column.type for column in self.told}
        spelled = {name.casefold(): name for name in inferred}
        types: dict[str, str | None] = dict(inferred)
        for name, kind in declared.items():
            own = spelled.get(name.casefold(), name)
            types[own] = kind or types.get(own)
        return types


@dataclass(slots=True)
class RunColumns:
    """The columns of the models of one run, each worked out once.

    `with_types`: with the types that follow from what a model reads, for which all that it rests on is taken apart;
    otherwise only as much of that as is needed to know the columns themselves.
    """

    reading: Reading
    run: Run
    lineage: Lineage
    with_types: bool = False
    _known: dict[str, ModelColumns] = field(default_factory=dict)

    async def of(self, node: str) -> ModelColumns:
        """The columns of the node, as of this run or of the latest before that compiled it. Raises StoreError."""
        if node not in self._known:
            self._known[node] = await self._work_out(node)
        return self._known[node]

    async def _work_out(self, node: str) -> ModelColumns:
        known = self.lineage.nodes.get(node)
        definition = await read_compiled(self.reading, self.run, node)
        told = _described(definition.columns, known.columns if known else ())
        # SQLMesh's graph has all columns of a model, dbt's those that somebody documented.
        by_tool = bool(told) and (bool(definition.columns) or self.run.tool == "sqlmesh")
        if definition.compiled is None:
            return ModelColumns(told, None, definition.note or "Its query is not known.", by_tool)
        try:
            query = await self._ask(definition, node, parents_too=False)
            if self.with_types or not query.complete or not query.used_complete:
                whole = await self._ask(definition, node, parents_too=True)
                query = query if whole.problem else whole
        except SqlProblem as problem:
            return ModelColumns(told, None, str(problem), by_tool)
        return ModelColumns(told, None if query.problem else _without(node, query), query.problem or "", by_tool)

    async def _ask(self, definition: Definition, node: str, parents_too: bool) -> QueryColumns:
        """`parents_too`: with the columns of what the query reads, which takes their queries apart first."""
        # An incremental model may read itself, too.
        own = self.lineage.nodes[node].relation
        tables = {node: KnownTable(relation=own)} if own else {}
        for parent in self._read_by(node):
            relation = self.lineage.nodes[parent].relation or parent
            # Of a table with some columns known and others not, sqlglot would deny the others.
            known = await self.of(parent) if parents_too else ModelColumns()
            tables[parent] = KnownTable(relation=relation, columns=dict(known.types()) if known.are_whole else {})
        assert definition.compiled is not None
        request = ColumnsRequest(sql=definition.compiled, dialect=definition.dialect, tables=tables)
        return await self.reading.sql.columns(request)

    def _read_by(self, node: str) -> list[str]:
        """The tables that a model's SQL can name: its parents, and the parents of those that it has inlined."""
        found: dict[str, None] = {}
        waiting = list(self.lineage.parents.get(node, ()))
        while waiting:
            parent = waiting.pop()
            if parent not in found:
                found[parent] = None
                if (self.lineage.nodes[parent].materialized or "").lower() in _INLINED:
                    waiting += self.lineage.parents.get(parent, ())
        return sorted(found)

    def readers(self, node: str) -> list[str]:
        """The models whose SQL can name this one: its children, and the children of those that inline it."""
        found: dict[str, None] = {}
        waiting = list(self.lineage.children.get(node, ()))
        while waiting:
            child = waiting.pop()
            if child not in found:
                found[child] = None
                if (self.lineage.nodes[child].materialized or "").lower() in _INLINED:
                    waiting += self.lineage.children.get(child, ())
        return sorted(found)


def _described(told: tuple[Column, ...], documented: tuple[Column, ...]) -> tuple[Column, ...]:
    """What the tool told of the columns, with the descriptions of those that are documented; else just these."""
    said = {column.name.casefold(): column.description for column in documented}
    return (
        tuple(
            column.model_copy(update={"description": column.description or said.get(column.name.casefold())})
            for column in told
        )
        or documented
    )


def _without(node: str, query: QueryColumns) -> QueryColumns:
    """The columns without what the model takes from itself: that says nothing of where they come from."""
    columns = tuple(
        column.model_copy(update={"sources": tuple(each for each in column.sources if each.node != node)})
        for column in query.columns
    )
    return query.model_copy(update={"columns": columns})
