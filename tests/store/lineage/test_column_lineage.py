"""Where a column comes from, and who uses it, through recorded definitions."""

import pytest

from store.lineage.column_lineage import ColumnStep, NoSuchColumn, UsedIn, trace_column
from store.lineage.columns import RunColumns
from store.lineage.graph import lineage_of
from store.lineage.reading import Reading
from store.paths import WorkspacePaths
from store.writes import StoreWriter
from tests.store.lineage.recorded_runs import QUERIES, execute, fqn


async def columns_of(reading: Reading, run_id: int) -> RunColumns:
    run = await reading.reader.run(run_id)
    return RunColumns(reading, run, lineage_of(await reading.reader.graph(run_id)))


async def test_sources_and_users_through_all_models(
    writer: StoreWriter, paths: WorkspacePaths, reading: Reading
) -> None:
    await execute(writer, paths, 1)
    trace = await trace_column(await columns_of(reading, 1), fqn("marts.late"), "LATE")
    assert (trace.column, trace.type, trace.unread) == ("late", "BIGINT", ())
    assert trace.sources == (
        ColumnStep(fqn("core.flights"), "core.flights", "minutes", 1),
        ColumnStep(fqn("raw.flights"), "raw.flights", "delay", 2),
    )
    assert trace.users == (ColumnStep(fqn("marts.board"), "marts.board", "worst", 1),)


async def test_a_filter_is_no_source(writer: StoreWriter, paths: WorkspacePaths, reading: Reading) -> None:
    await execute(writer, paths, 1)
    trace = await trace_column(await columns_of(reading, 1), fqn("marts.late"), "carrier")
    assert [(step.name, step.column) for step in trace.sources] == [
        ("core.flights", "carrier"),
        ("raw.flights", "carrier"),
    ]


async def test_a_filter_is_a_use_also_of_what_the_column_is_made_of(
    writer: StoreWriter, paths: WorkspacePaths, reading: Reading
) -> None:
    await execute(writer, paths, 1)
    columns = await columns_of(reading, 1)
    minutes = await trace_column(columns, fqn("core.flights"), "minutes")
    assert minutes.used_in == (UsedIn(fqn("marts.late"), "marts.late", ("filter",), 1),)
    carrier = await trace_column(columns, fqn("core.flights"), "carrier")
    assert carrier.used_in == (UsedIn(fqn("marts.late"), "marts.late", ("group",), 1),)
    assert (await trace_column(columns, fqn("marts.late"), "late")).used_in == ()


async def test_a_column_that_is_only_joined_on_is_used(
    writer: StoreWriter, paths: WorkspacePaths, reading: Reading
) -> None:
    board = '''SELECT "l"."late" AS "worst" FROM "w"."marts"."late" AS "l"
JOIN "w"."marts"."late" AS "other" ON "l"."carrier" = "other"."carrier" ORDER BY "other"."carrier"'''
    await execute(writer, paths, 1, QUERIES | {"marts.board": board})
    trace = await trace_column(await columns_of(reading, 1), fqn("marts.late"), "carrier")
    assert trace.users == ()
    assert trace.used_in == (UsedIn(fqn("marts.board"), "marts.board", ("join", "order"), 1),)
    whole = await trace_column(await columns_of(reading, 1), fqn("core.flights"), "carrier")
    assert [(each.name, each.ways, each.distance) for each in whole.used_in] == [
        ("marts.late", ("group",), 1),
        ("marts.board", ("join", "order"), 2),
    ]


async def test_what_this_run_did_not_execute_is_read_from_the_last_that_did(
    writer: StoreWriter, paths: WorkspacePaths, reading: Reading
) -> None:
    await execute(writer, paths, 1)
    await execute(writer, paths, 2, {"marts.late": QUERIES["marts.late"]})
    trace = await trace_column(await columns_of(reading, 2), fqn("marts.late"), "late")
    assert [step.name for step in (*trace.sources, *trace.users)] == ["core.flights", "raw.flights", "marts.board"]


async def test_a_model_whose_query_is_not_known_ends_the_way_and_is_named(
    writer: StoreWriter, paths: WorkspacePaths, reading: Reading
) -> None:
    await execute(writer, paths, 1, {"marts.late": QUERIES["marts.late"], "marts.board": "no query at all"})
    trace = await trace_column(await columns_of(reading, 1), fqn("marts.late"), "late")
    assert [step.name for step in trace.sources] == ["core.flights"]
    assert (trace.users, trace.unread) == ((), ("core.flights", "marts.board"))


async def test_a_model_does_not_come_from_itself(writer: StoreWriter, paths: WorkspacePaths, reading: Reading) -> None:
    own = 'SELECT "c"."minutes" + max("m"."late") AS "late" FROM "w"."core"."flights" AS "c", "w"."marts"."late" AS "m"'
    await execute(writer, paths, 1, QUERIES | {"marts.late": own})
    trace = await trace_column(await columns_of(reading, 1), fqn("marts.late"), "late")
    assert [step.name for step in trace.sources] == ["core.flights", "raw.flights"]
    assert [step.name for step in trace.users] == ["marts.board"]


async def test_a_star_is_followed_through_what_it_stands_for(
    writer: StoreWriter, paths: WorkspacePaths, reading: Reading
) -> None:
    star = 'SELECT * FROM "w"."marts"."late" AS "l"'
    await execute(writer, paths, 1, QUERIES | {"marts.board": star}, {})
    trace = await trace_column(await columns_of(reading, 1), fqn("marts.board"), "late")
    assert [(step.name, step.column) for step in trace.sources] == [
        ("marts.late", "late"), ("core.flights", "minutes"), ("raw.flights", "delay"),
    ]  # fmt: skip


async def test_an_unknown_column_is_answered_with_those_that_there_are(
    writer: StoreWriter, paths: WorkspacePaths, reading: Reading
) -> None:
    await execute(writer, paths, 1)
    columns = await columns_of(reading, 1)
    with pytest.raises(NoSuchColumn, match=r'marts\.late has no column "lat"; it has carrier, late\.'):
        await trace_column(columns, fqn("marts.late"), "lat")
    with pytest.raises(NoSuchColumn, match=r"The columns of raw\.flights are not known\."):
        await trace_column(columns, fqn("raw.flights"), "delay")
