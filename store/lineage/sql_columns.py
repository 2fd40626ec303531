"""The columns of a query: their types as far as they follow from it, and the columns that each is made of.

Pure, but slow for a screen, like `store.sql_difference`: it loads and runs sqlglot.
"""

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from store.lineage.sql_uses import Way, used_columns
from store.sql_difference import sqlglot_dialect


class Value(BaseModel):
    """Base of what travels to the SQL process and back."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class KnownTable(Value):
    """A table that a query may read: how it is written, and its columns with their types, where they are known."""

    relation: str
    columns: dict[str, str | None] = Field(default_factory=dict)


class ColumnSource(Value):
    """A column of another node; `node` is the text of the table where it is no node that was named."""

    node: str
    column: str


class QueryColumn(Value):
    """A column that a query gives; `type` where it follows from the query."""

    name: str
    type: str | None = None
    sources: tuple[ColumnSource, ...] = ()


class UsedColumn(Value):
    """A column of another node by which a query joins, filters, groups or orders."""

    source: ColumnSource
    way: Way


class QueryColumns(Value):
    """What a query gives, and what it uses besides. The two `complete` are False where not all could be said.

    For that the columns of what it reads must be known. `problem` says why nothing is known, as a sentence.
    """

    columns: tuple[QueryColumn, ...] = ()
    complete: bool = True
    used: tuple[UsedColumn, ...] = ()
    used_complete: bool = True
    problem: str | None = None


def query_columns(sql: str, dialect: str | None, tables: Mapping[str, KnownTable]) -> QueryColumns:
    """The columns of the query `sql`; `tables` are the nodes that it may read, by their unique names."""
    from sqlglot.errors import ParseError, SqlglotError, TokenError

    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    known = sqlglot_dialect(dialect)
    try:
        return _read(sql, known, tables)
    except (SqlglotError, RecursionError) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        # What does not even parse does not become clearer by knowing the tables that it reads.
        complete = isinstance(error, ParseError | TokenError | RecursionError)
        return QueryColumns(problem=f"Its SQL cannot be taken apart: {first}", complete=complete)


def _read(sql: str, dialect: str | None, tables: Mapping[str, KnownTable]) -> QueryColumns:
    import sqlglot
    from sqlglot import exp
    from sqlglot.optimizer import build_scope, qualify
    from sqlglot.optimizer.annotate_types import annotate_types

    parsed = sqlglot.parse_one(sql, read=dialect)
    if not isinstance(parsed, exp.Query):
        return QueryColumns(problem="It is no query.")
    schema = _schema(tables, dialect)
    # As SQLMesh does it for its own lineage.
    query: Any = qualify.qualify(
        parsed, dialect=dialect, schema=schema, validate_qualify_columns=False, infer_schema=True
    )
    query = annotate_types(query, schema=schema, dialect=dialect)
    scope = build_scope(query)
    if scope is None:
        return QueryColumns(problem="It is no query.")
    nodes = _Nodes(tables, dialect)
    columns, complete = [], not any(each.is_star for each in query.selects)
    for select in query.selects:
        if select.is_star:
            continue
        found = _sources(select.alias_or_name, query, scope, dialect, nodes)
        complete = complete and found is not None
        columns.append(QueryColumn(name=select.alias_or_name, type=_type(select, dialect), sources=tuple(found or ())))
    used, used_complete = _used(scope, dialect, nodes)
    return QueryColumns(columns=tuple(columns), complete=complete, used=used, used_complete=used_complete)


def _used(scope: Any, dialect: str | None, nodes: "_Nodes") -> tuple[tuple[UsedColumn, ...], bool]:
    found, complete = used_columns(
        scope,
        lambda table, column: ColumnSource(node=nodes.of(table), column=column),
        lambda column, inner: _sources(column, inner.expression, inner, dialect, nodes),
    )
    used = (UsedColumn(source=source, way=way) for source, way in found)
    return tuple(sorted(used, key=lambda each: (each.source.node, each.source.column, each.way))), complete


def _sources(column: str, query: Any, scope: Any, dialect: str | None, nodes: "_Nodes") -> list[ColumnSource] | None:
    """The columns of tables that a column is made of; None when one of them belongs to nobody knows which table."""
    from sqlglot import exp
    from sqlglot.lineage import lineage

    try:
        root = lineage(
            exp.column(column, quoted=True), sql=query, scope=scope, trim_selects=False, dialect=dialect, copy=False
        )
    except ValueError:
        # It belongs to a star over tables whose columns are not known.
        return None
    found: dict[ColumnSource, None] = {}
    for leaf in root.walk():
        if leaf.downstream:
            continue
        if isinstance(leaf.expression, exp.Placeholder):
            return None
        table = leaf.expression.find(exp.Table)
        if table is not None and leaf.name != "*":
            found[ColumnSource(node=nodes.of(table), column=exp.to_column(leaf.name).name)] = None
        elif table is not None:
            return None
    return sorted(found, key=lambda source: (source.node, source.column))


def _type(select: Any, dialect: str | None) -> str | None:
    from sqlglot import exp

    kind = select.type
    if kind is None or kind.is_type(exp.DataType.Type.UNKNOWN, exp.DataType.Type.NULL):
        return None
    return str(kind.sql(dialect=dialect))


class _Nodes:
    """Which node a table in the query is: by its whole name, else by as much of it as both have."""

    def __init__(self, tables: Mapping[str, KnownTable], dialect: str | None) -> None:
        self._dialect = dialect
        self._by_parts: dict[tuple[str, ...], str] = {}
        for node, table in tables.items():
            parts = relation_parts(table.relation, dialect)
            for begin in range(len(parts)):
                self._by_parts.setdefault(parts[begin:], node)

    def of(self, table: Any) -> str:
        parts = _parts(table)
        for begin in range(len(parts)):
            if (node := self._by_parts.get(parts[begin:])) is not None:
                return node
        return ".".join(filter(None, parts)) or str(table.this.sql(dialect=self._dialect, comments=False))


def relation_parts(relation: str, dialect: str | None) -> tuple[str, ...]:
    """Catalog, schema and name of a table as a tool writes it, as far as it names them, in lower case."""
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    try:
        return _parts(exp.to_table(relation, dialect=dialect))
    except SqlglotError:
        return ()


def _parts(table: Any) -> tuple[str, ...]:
    return tuple(part.name.lower() for part in table.parts)


def _schema(tables: Mapping[str, KnownTable], dialect: str | None) -> Any:
    from sqlglot import exp
    from sqlglot.schema import MappingSchema

    schema = MappingSchema(dialect=dialect)
    depth = max((len(relation_parts(each.relation, dialect)) for each in tables.values()), default=0)
    for table in tables.values():
        # All tables of such a schema are named alike; one named otherwise could only be found by luck.
        if table.columns and len(relation_parts(table.relation, dialect)) == depth:
            schema.add_table(
                exp.to_table(table.relation, dialect=dialect), dict(_types(table, dialect)), dialect=dialect
            )
    return schema


def _types(table: KnownTable, dialect: str | None) -> Iterator[tuple[str, Any]]:
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    for name, kind in table.columns.items():
        try:
            yield name, exp.DataType.build(kind or "unknown", dialect=dialect)
        except (SqlglotError, ValueError):
            yield name, exp.DataType.build("unknown")
