"""Questions about SQL, answered by a process of its own."""

import asyncio
from collections.abc import Iterator

import psutil
import pytest

from store.lineage.sql_columns import KnownTable
from store.lineage.sql_process import SqlHere, SqlProcess
from store.lineage.sql_requests import ColumnsRequest, SqlProblem
from tests.support.waiting import until

REQUEST = ColumnsRequest(sql="select a + b as c from t", dialect="duckdb", tables={"n": KnownTable(relation="t")})


@pytest.fixture
def process() -> Iterator[SqlProcess]:
    made = SqlProcess()
    yield made
    made.close()


def workers() -> list[psutil.Process]:
    found = psutil.Process().children()
    return [child for child in found if child.is_running() and "store.lineage.sql_worker" in child.cmdline()]


async def test_it_answers_as_this_process_would(process: SqlProcess) -> None:
    assert await process.columns(REQUEST) == await SqlHere().columns(REQUEST)
    assert await process.difference("select 1", "SELECT 1 -- one", "duckdb") == "formatting"
    assert await SqlHere().difference("select 1", "SELECT 1 -- one", "duckdb") == "formatting"
    assert await process.difference("select 1", "select 2", None) == "changed"


async def test_it_starts_when_it_is_asked_and_ends_with_its_owner(process: SqlProcess) -> None:
    assert await process.difference("a", "a", None) == "same"
    assert workers() == [], "two equal texts are no question"
    await process.columns(REQUEST)
    assert len(workers()) == 1
    process.close()
    await until(lambda: not workers(), "the process is gone")


async def test_what_was_answered_is_not_worked_on_again(process: SqlProcess) -> None:
    first = await process.columns(REQUEST)
    process.close()
    assert await process.columns(REQUEST) == first
    assert workers() == []


async def test_a_process_that_died_is_started_again(process: SqlProcess) -> None:
    await process.columns(REQUEST)
    (worker,) = workers()
    worker.kill()
    await until(lambda: not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE, "the process is dead")
    assert await process.difference("select 1", "select  1", None) == "formatting"


async def test_a_question_that_takes_too_long_is_given_up() -> None:
    impatient = SqlProcess(limit_s=0.2)
    long = (
        "select " + "+".join(f"(case when a > {number} then {number} end)" for number in range(20_000)) + " as n from t"
    )
    try:
        with pytest.raises(SqlProblem, match="could not be taken apart"):
            await impatient.columns(ColumnsRequest(sql=long))
    finally:
        impatient.close()


async def test_many_at_once_get_their_own_answers(process: SqlProcess) -> None:
    requests = [ColumnsRequest(sql=f"select 1 as c{number}") for number in range(8)]
    told = await asyncio.gather(*map(process.columns, requests))
    assert [each.columns[0].name for each in told] == [f"c{number}" for number in range(8)]
