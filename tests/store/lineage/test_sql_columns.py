"""The columns of queries: names, types, and what they are made of."""

from store.lineage.sql_columns import KnownTable, QueryColumns, query_columns, relation_parts

FLIGHTS = KnownTable(relation='"lake"."core"."flights"')
PLANES = KnownTable(relation='"lake"."core"."planes"')
TABLES = {"model.flights": FLIGHTS, "model.planes": PLANES}


def columns(sql: str, **known: dict[str, str | None]) -> QueryColumns:
    tables = {
        node: table.model_copy(update={"columns": known.get(node.removeprefix("model."), {})})
        for node, table in TABLES.items()
    }
    return query_columns(sql, "duckdb", tables)


def sources(found: QueryColumns) -> dict[str, list[str]]:
    return {
        column.name: [f"{source.node.removeprefix('model.')}.{source.column}" for source in column.sources]
        for column in found.columns
    }


def test_names_types_and_sources() -> None:
    found = columns("""
        with late as (select carrier, delay::int as minutes from lake.core.flights where cancelled = 0)
        select carrier, sum(minutes) / count(*) as average, 1 as one, upper(carrier) as label from late group by 1
    """)
    assert sources(found) == {
        "carrier": ["flights.carrier"], "average": ["flights.delay"], "one": [], "label": ["flights.carrier"],
    }  # fmt: skip
    assert {column.name: column.type for column in found.columns} == {
        "carrier": None, "average": "DOUBLE", "one": "INT", "label": "TEXT",
    }  # fmt: skip
    assert found.complete


def test_a_join_without_prefixes_needs_the_columns_of_both() -> None:
    sql = "select tail, seats from lake.core.flights join lake.core.planes using (tail)"
    assert not columns(sql).complete
    known = columns(sql, flights={"tail": "TEXT"}, planes={"tail": "TEXT", "seats": "INT"})
    assert known.complete
    assert sources(known)["seats"] == ["planes.seats"]
    assert {column.name: column.type for column in known.columns}["seats"] == "INT"


def test_a_star_needs_the_columns_of_what_it_stands_for() -> None:
    assert not columns("select * from lake.core.flights").complete
    known = columns("select * from lake.core.flights", flights={"carrier": "TEXT", "delay": "INT"})
    assert (known.complete, sources(known)) == (True, {"carrier": ["flights.carrier"], "delay": ["flights.delay"]})


def test_both_halves_of_a_union_are_sources() -> None:
    found = columns("select carrier as name from lake.core.flights union all select model from lake.core.planes")
    assert sources(found) == {"name": ["flights.carrier", "planes.model"]}


def test_a_star_over_two_tables_needs_the_columns_of_both() -> None:
    sql = """with all_of_them as (select * from lake.core.flights union all select * from lake.core.planes)
             select tail, upper(tail) as name from all_of_them"""
    assert not columns(sql).complete
    known = columns(sql, flights={"tail": "TEXT"}, planes={"tail": "TEXT"})
    assert (known.complete, sources(known)["name"]) == (True, ["flights.tail", "planes.tail"])


def test_what_does_not_parse_needs_nothing_else() -> None:
    assert columns("select from where").complete
    assert columns("select from where").problem is not None


def test_a_table_that_is_no_node_is_named_as_it_is() -> None:
    found = columns("select n from elsewhere.t")
    assert [source.node for source in found.columns[0].sources] == ["elsewhere.t"]


def test_what_is_no_query_says_so() -> None:
    assert columns("create table t (a int)").problem == "It is no query."
    assert columns("{{ nothing }} that is SQL").columns == ()


def test_a_type_that_sqlglot_does_not_know_is_no_obstacle() -> None:
    found = columns("select carrier from lake.core.flights", flights={"carrier": "no such type(("})
    assert sources(found) == {"carrier": ["flights.carrier"]}


def test_relations_are_read_in_every_quoting() -> None:
    assert relation_parts('"Lake"."core"."t"', "duckdb") == ("lake", "core", "t")
    assert relation_parts("`p`.`d`.`t`", "bigquery") == ("p", "d", "t")
    assert relation_parts("t", None) == ("t",)
    assert relation_parts("", None) == ()
