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


def used(found: QueryColumns) -> list[str]:
    return [f"{each.source.node.removeprefix('model.')}.{each.source.column} {each.way}" for each in found.used]


def test_what_a_query_joins_filters_groups_and_orders_by() -> None:
    found = columns("""
        select f.carrier, count(*) filter (where f.late) as late,
               sum(f.seats) over (partition by f.gate order by f.hour) as seats
        from lake.core.flights as f join lake.core.planes as p on f.tail = p.tail
        where f.day > '2013-01-01' group by f.carrier, f.late, f.seats, f.gate, f.hour having max(p.weight) > 3
        order by f.distance
    """)
    assert used(found) == [
        "flights.carrier group", "flights.day filter", "flights.distance order", "flights.gate group",
        "flights.hour group", "flights.late group", "flights.seats group", "flights.tail join",
        "planes.tail join", "planes.weight filter",
    ]  # fmt: skip
    assert found.used_complete


def test_inner_queries_are_seen_through() -> None:
    found = columns("""
        with named as (select upper(tail) as name, seats from lake.core.planes where kind = 'jet')
        select f.delay from lake.core.flights as f left join named on f.tail = named.name
        where named.seats > 100 and f.carrier in (select p.owner from lake.core.planes as p where p.tail = f.tail)
    """)
    assert used(found) == [
        "flights.carrier filter", "flights.tail filter", "flights.tail join", "planes.kind filter",
        "planes.owner filter", "planes.seats filter", "planes.tail filter", "planes.tail join",
    ]  # fmt: skip


def test_a_filter_without_prefix_needs_the_columns_of_all_tables() -> None:
    sql = "select f.delay from lake.core.flights as f join lake.core.planes as p on f.tail = p.tail where seats > 3"
    unknown = columns(sql)
    assert (unknown.complete, unknown.used_complete) == (True, False)
    known = columns(sql, flights={"tail": None, "delay": None}, planes={"tail": None, "seats": None})
    assert (known.used_complete, used(known)) == (
        True,
        ["flights.tail join", "planes.seats filter", "planes.tail join"],
    )


def test_a_join_by_name_uses_both_columns() -> None:
    found = columns("select f.delay from lake.core.flights as f join lake.core.planes as p using (tail)")
    assert used(found) == ["flights.tail join", "planes.tail join"]


def test_to_group_by_all_is_to_group_by_what_is_no_aggregate() -> None:
    found = columns("select f.carrier, upper(f.tail) as tail, sum(f.delay) from lake.core.flights as f group by all")
    assert used(found) == ["flights.carrier group", "flights.tail group"]
